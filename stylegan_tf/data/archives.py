"""Lists and opens the files in a zip or a tar archive."""

import contextlib
import posixpath
import stat
import tarfile
import threading
import zipfile

from stylegan_tf.data import decode, image_files, regular

_MOST_LINKS = 40  # from one link to the next, as in Linux
_CHUNK_BYTES = 1 << 20
_ENCRYPTED = 1  # a flag of a member of a zip
_TWICE = "its name is given again further on, and that one is read instead"


class Zip(image_files.Files):
    """Files in a zip, sorted by name; one handle behind a lock."""

    def __init__(self, path):
        self._lock = threading.Lock()
        try:
            self._zip = zipfile.ZipFile(regular.open_file(path))
        except OSError:
            raise
        except Exception as error:  # bad names, versions, extra fields, ...
            raise ValueError(
                f"{path} is not a zip, or is of an unknown kind, or was cut "
                f"short ({error}). Copy or download it again."
            ) from error
        self._members, unread = {}, []
        for member in self._zip.infolist():
            name = _clean(member.filename.replace("\\", "/"))
            if member.is_dir():
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                unread.append((name, "a link, which is not followed in zips"))
                continue
            if name in self._members:
                unread.append((name, _TWICE))
            self._members[name] = member
        super().__init__(path, sorted(self._members), unread)

    @contextlib.contextmanager
    def open(self, name):
        member = self._members[name]
        if member.flag_bits & _ENCRYPTED:
            raise decode.BadImage("encrypted in the zip: unpack it first")
        with self._lock, _damage("zip"), self._zip.open(member) as file:
            yield file, member.file_size


class Tar(image_files.Files):
    """Files in a tar archive, in its own order: to be read front to back."""

    random_access = False

    def __init__(self, path):
        self._lock = threading.Lock()
        self._last = None, b""  # where it was, and bytes of the last image
        members, trouble = self._list(path)
        if trouble and not members:
            raise ValueError(
                f"{path} is not a tar archive, or is damaged or cut short "
                f"{trouble}. Copy or download it again."
            )
        self._members, unread = _by_name(members)
        if trouble:
            found = f"damaged: {len(members)} members could be read, {trouble}"
            unread.append(("", f"{found}. Copy or download it again"))
        super().__init__(path, sorted(self._members, key=self._offset), unread)

    @contextlib.contextmanager
    def open(self, name):
        member = self._members[name]
        with self._lock, _damage("tar"):
            with self._tar.extractfile(member) as file:
                yield file, member.size

    def read(self, name, has_signature=False):
        offset, data = self._last
        if offset != self._offset(name):  # else a hard link
            offset, data = self._offset(name), super().read(name, has_signature)
            self._last = offset, data
        return data

    def _list(self, path):
        """Members, and what stopped it or None."""
        members, is_complete = [], False
        try:
            self._tar = tarfile.open(fileobj=regular.open_file(path))
            for member in self._tar:
                members.append(member)
            _check_end(self._tar)
            is_complete = True
            _check_checksum(self._tar)
            return members, None
        except Exception as error:  # whatever the decompressors raise
            if not members and isinstance(error, OSError) and error.filename:
                raise  # permissions
            rest = "the rest could not"
            if is_complete and not isinstance(error, tarfile.ReadError):
                rest = "but some may be wrong"  # so a checksum says
            rest = f"{rest} " if members else ""
            return members, f"{rest}({_first_line(error)})"

    def _offset(self, name):
        return self._members[name].offset_data


def _by_name(members):
    """`{name: TarInfo with its bytes}` and (name, reason) of what has none.

    As unpacking would have it: of one name the last is there in the end, and
    a hard link is another name of what came before it.
    """
    found, links, unread = {}, {}, []
    for member in members:
        name = _clean(member.name)
        if member.isdir():
            continue
        if found.pop(name, None) or links.pop(name, None):
            unread.append((name, _TWICE))
        if member.isreg():
            found[name] = member
        elif member.issym():
            folder = posixpath.dirname(name)
            target = posixpath.join(folder, member.linkname)
            links[name] = posixpath.normpath(target)
        elif not member.islnk():
            unread.append((name, "a device or pipe, not a regular file"))
        elif target := found.get(_clean(member.linkname)):
            found[name] = target
        else:
            unread.append((name, _lost_link(member.linkname)))
    for name in links:
        if target := found.get(_end_of(name, links)):
            found[name] = target
        else:
            unread.append((name, _lost_link(links[name])))
    return found, unread


def _end_of(name, links):
    for _ in range(_MOST_LINKS):
        if name not in links:
            return name
        name = links[name]
    return None


def _lost_link(target):
    return f"a link to {target}, which is no file of this archive"


def _check_end(tar):
    """Raises an error if the last member is not where the archive ends.

    `tarfile` takes a damaged member, or the cut end of a file, for that.
    """
    tar.fileobj.seek(tar.offset)
    mark = tar.fileobj.read(tarfile.BLOCKSIZE)
    if len(mark) < tarfile.BLOCKSIZE:
        raise tarfile.ReadError("the mark of its end is missing")
    if mark.strip(b"\0"):
        raise tarfile.ReadError("what follows is no member of it")


def _check_checksum(tar):
    """Reads to the end of the file, where a checksum of it may be."""
    while rest := tar.fileobj.read(_CHUNK_BYTES):
        if rest.strip(b"\0"):
            raise tarfile.ReadError("something follows after its end")


def _first_line(error):
    return str(error).split("\n")[0].rstrip(":") or type(error).__name__


def _clean(name):
    return name.removeprefix("./")


@contextlib.contextmanager
def _damage(kind):
    """Turns what readers of archives raise into a reason."""
    try:
        yield
    except decode.BadImage:
        raise
    except Exception as error:  # unknown methods; zlib, bz2, lzma
        reason = f"unreadable in the {kind} ({_first_line(error)})"
        raise decode.BadImage(reason) from error
