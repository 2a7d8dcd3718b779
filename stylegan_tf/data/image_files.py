"""Finds images in a folder or an archive, and the labels beside them."""

import contextlib
import os
import pathlib

from stylegan_tf.data import decode, labels, regular, source

_SYSTEM_FILES = ("thumbs.db", "desktop.ini")
LARGEST_BYTES = 1 << 30


class Files:
    """Files by name, those that a system left aside.

    Attributes:
        path: Of what holds them.
        names: Of the files, in the order in which they are read.
        unread: Pairs (name, reason) of what is there and can not be read.
        random_access: Whether they can be read in any order.
    """

    random_access = True

    def __init__(self, path, names, unread=()):
        self.path = path
        self.names = [name for name in names if not is_hidden(name)]
        self.unread = [pair for pair in unread if not is_hidden(pair[0])]

    def open(self, name):
        """Context of a file and its size, known before it is unpacked."""
        raise NotImplementedError

    def head(self, name):
        """The first bytes of a file."""
        with self.open(name) as (file, _):
            return file.read(decode.HEAD_BYTES)

    def read(self, name, has_signature=False):
        """Bytes of a file; images must begin as such."""
        with self.open(name) as (file, size):
            head = file.read(decode.HEAD_BYTES)
            if has_signature:
                decode.check_head(head)  # before it is unpacked
            if size > LARGEST_BYTES:
                raise decode.BadImage(
                    f"{size:,} bytes: larger than any image that can be used"
                )
            return head + file.read()


class Folder(Files):
    """Files below a folder, sorted by their path."""

    def __init__(self, path):
        names, unread = walk(path)
        super().__init__(path, sorted(names), unread)

    @contextlib.contextmanager
    def open(self, name):
        with regular.open_file(pathlib.Path(self.path, name)) as file:
            yield file, os.fstat(file.fileno()).st_size


def open_source(files):
    """The `Source` of the images among `Files`.

    Labels are those of a dataset.json, else sub-folders are classes.
    """
    unread = list(files.unread)
    names = [name for name in files.names if _is_image(files, name, unread)]
    told_in = labels.find(files.names, names)
    metadata = _described(files, told_in) if told_in else {}
    notes = labels.dataset_notes(files.names, told_in, metadata)
    class_names = None
    if "labels" in metadata:
        where = f"{files.path}/{told_in}"
        given = labels.labels_of(metadata, names, where)
    else:
        given, class_names, more = labels.from_folders(names)
        notes += more
    known = {*names, told_in, *(name for name, _ in unread)}
    return source.Source(
        str(files.path),
        names,
        lambda index: files.read(names[index], _has_signature(names[index])),
        given_labels=given,
        class_names=class_names,
        metadata=metadata,
        others=[name for name in files.names if name not in known],
        unread=unread,
        label_notes=notes,
        random_access=files.random_access,
    )


def walk(path):
    """Names of all files below `path`, and of folders that can not be read.

    Links are followed, and a folder is listed once: by its own name rather
    than by that of a link to it.

    Returns:
        A list of names with / between folders, and a list of (name, reason).
    """
    names, unread, seen = [], [], set()

    def refuse(error):
        reason = f"a folder that can not be listed ({error.strerror})"
        unread.append((os.path.relpath(error.filename, path), reason))

    waiting = [""]  # links come behind what is found without any
    for top in waiting:
        top = os.path.join(path, top)
        for folder, folders, files in os.walk(top, onerror=refuse):
            below = os.path.relpath(folder, path)
            if (real := os.path.realpath(folder)) in seen:
                reason = "leads to a folder that is read already"
                unread.append((below, reason))
                folders.clear()
                continue
            seen.add(real)
            start = "" if below == "." else f"{below}/"
            names += [start + name for name in files]
            waiting += sorted(
                start + name
                for name in folders
                if os.path.islink(os.path.join(folder, name))
            )
    return names, unread


def is_hidden(name):
    """Whether a system, not a user, left the file `name`."""
    parts = name.split("/")
    return (
        any(part.startswith(".") or part == "__MACOSX" for part in parts)
        or parts[-1].lower() in _SYSTEM_FILES
    )


def beside(folder, known):
    """Names in `folder` of what is neither `known` nor hidden."""
    names = sorted(os.listdir(folder))
    return [name for name in names if name not in known and not is_hidden(name)]


def _is_image(files, name, unread):
    """Whether a file is an image; one that can not be read is `unread`."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix:
        return suffix in decode.IMAGE_EXTENSIONS
    try:
        return decode.is_image(files.head(name))
    except Exception as error:  # disk, archive
        unread.append((name, decode.reason_of(error)))
        return False


def _has_signature(name):
    return not name.lower().endswith(".tga")


def _described(files, name):
    """What the dataset.json called `name` says."""
    where = f"{files.path}/{name}"
    try:
        data = files.read(name)
    except decode.BadImage as error:
        raise ValueError(
            f"{where} can not be read: {error}. Mend it, or remove it to "
            "go without its labels."
        ) from error
    return labels.parse(data, where, name.removesuffix(labels.FILE))
