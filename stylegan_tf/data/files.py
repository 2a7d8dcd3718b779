"""What stores of image files share: which are images, labels, safe reading."""

import os

from stylegan_tf.data import decode, labels, metadata

_SYSTEM_FILES = ("thumbs.db", "desktop.ini")
LARGEST_BYTES = 1 << 30


class FileStore:
    """Image files by name.

    Subclasses give `_open(name)`: a context of the file and its size, which
    is known before anything is unpacked.

    Attributes:
        names: Of the images.
        others: Names of what is no image.
        unread: Pairs (name, reason) of what is there and can not be read.
        notes: Lines on labels that may have been meant otherwise.
    """

    random_access = True
    class_names = None

    def __init__(self, path, names, unread=()):
        self.path = path
        self.unread = [pair for pair in unread if not is_hidden(pair[0])]
        names = [name for name in names if not is_hidden(name)]
        self.names = [name for name in names if self._is_image(name)]
        found = metadata.find(names, self.names)
        known = {*self.names, found, *(name for name, _ in self.unread)}
        self.others = [name for name in names if name not in known]
        self.notes = metadata.notes(names, found)
        self.metadata, self.labels = {}, None
        if found:
            self._read_labels(found)
            self.notes += metadata.no_labels_notes(self.metadata)
        if "labels" not in self.metadata:
            folders = labels.from_folders(self.names)
            self.labels, self.class_names = folders.classes, folders.names
            self.notes += folders.notes

    def read(self, index):
        """Encoded bytes of image `index`; thread safe."""
        name = self.names[index]
        has_signature = not name.lower().endswith(".tga")
        return self.read_file(name, has_signature)

    def read_file(self, name, has_signature=False):
        """Bytes of the file `name`; images must begin as such."""
        with self._open(name) as (file, size):
            head = file.read(decode.HEAD_BYTES)
            if has_signature:
                decode.check_head(head)  # before it is unpacked
            if size > LARGEST_BYTES:
                raise decode.BadImage(
                    f"{size:,} bytes: larger than any image that can be used"
                )
            return head + file.read()

    def _open(self, name):
        raise NotImplementedError

    def _head(self, name):
        with self._open(name) as (file, _):
            return file.read(decode.HEAD_BYTES)

    def _is_image(self, name):
        suffix = os.path.splitext(name)[1].lower()
        if suffix:
            return suffix in decode.IMAGE_EXTENSIONS
        try:
            return decode.is_image(self._head(name))
        except Exception as error:  # disk, archive
            self.unread.append((name, reason_of(error)))
            return False

    def _read_labels(self, name):
        """What the dataset.json called `name` says."""
        where, folder = f"{self.path}/{name}", name.removesuffix(metadata.FILE)
        try:
            data = self.read_file(name)
        except decode.BadImage as error:
            raise ValueError(
                f"{where} can not be read: {error}. Mend it, or remove it to "
                "go without its labels."
            ) from error
        self.metadata = metadata.parse(data, where, folder)
        self.labels = metadata.labels_of(self.metadata, self.names, where)


def reason_of(error):
    """Why a file can not be read, in the words of `error`."""
    if isinstance(error, decode.BadImage):
        return str(error)
    words = getattr(error, "strerror", None) or str(error)
    return f"cannot be read ({words or type(error).__name__})"


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
