"""Stores of image files: a folder, a zip, a tar archive."""

import os
import pathlib
import tarfile
import threading
import zipfile
import zlib

from stylegan_tf.data import decode, labels

METADATA = "dataset.json"
_SYSTEM_FILES = ("thumbs.db", "desktop.ini")


class FileStore:
    """Image files by name; `others` are the names of what is no image.

    Subclasses give `_read(name)`, the bytes of one file.
    """

    random_access = True
    class_names = None

    def __init__(self, path, names):
        self.path = path
        visible = [name for name in names if not _is_hidden(name)]
        self.names = [name for name in visible if _is_image(name)]
        self.others = [
            name for name in visible if not _is_image(name) and name != METADATA
        ]
        self.metadata, self.labels = {}, None
        if METADATA in visible:
            where = f"{path}/{METADATA}"
            data = self._read(METADATA)
            self.metadata = labels.parse_metadata(data, where)
            self.labels = labels.from_metadata(self.metadata, self.names, where)
        else:
            self.labels, self.class_names = labels.from_folders(self.names)

    def read(self, index):
        """Encoded bytes of image `index`; thread safe."""
        return self._read(self.names[index])

    def _read(self, name):
        raise NotImplementedError


class FolderStore(FileStore):
    """Files below a folder, sorted by their path."""

    def __init__(self, path):
        super().__init__(path, sorted(walk(path)))

    def _read(self, name):
        return pathlib.Path(self.path, name).read_bytes()


class ZipStore(FileStore):
    """Files in a zip, sorted by name; one handle behind a lock."""

    def __init__(self, path):
        self._lock = threading.Lock()
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise ValueError(
                f"{path} is not a zip, or was cut short ({error}). "
                "Copy or download it again."
            ) from error
        names = [i.filename for i in self._zip.infolist() if not i.is_dir()]
        super().__init__(path, sorted(set(names)))

    def _read(self, name):
        try:
            with self._lock:
                return self._zip.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise decode.BadImage(f"damaged in the zip ({error})") from error
        except (RuntimeError, NotImplementedError) as error:
            raise decode.BadImage(f"unreadable in zip ({error})") from error


class TarStore(FileStore):
    """Files in a tar archive, in its own order: to be read front to back."""

    random_access = False

    def __init__(self, path):
        self._lock = threading.Lock()
        try:
            self._tar = tarfile.open(path)
            members = [m for m in self._tar.getmembers() if m.isfile()]
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise ValueError(
                f"{path} is not a tar archive, or was cut short ({error}). "
                "Copy or download it again."
            ) from error
        self._members = {_clean(member.name): member for member in members}
        super().__init__(path, list(self._members))

    def _read(self, name):
        with self._lock:
            return self._tar.extractfile(self._members[name]).read()


def walk(path):
    """Names of the files below a folder and the folders that it links to."""
    seen = set()
    for folder, folders, files in os.walk(path, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:  # a link to a folder above
            folders.clear()
            continue
        seen.add(real)
        prefix = pathlib.Path(folder).relative_to(path)
        yield from ((prefix / file).as_posix() for file in files)


def _clean(name):
    return name.removeprefix("./")


def _is_hidden(name):
    parts = name.split("/")
    return (
        any(part.startswith(".") or part == "__MACOSX" for part in parts)
        or parts[-1].lower() in _SYSTEM_FILES
    )


def _is_image(name):
    extension = os.path.splitext(name)[1].lower()
    return extension in decode.IMAGE_EXTENSIONS
