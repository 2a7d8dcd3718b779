"""`open_source`: one face for every kind of data set."""

import functools
import os
import pathlib
import tarfile
import zipfile

from stylegan_tf import commands, terminal
from stylegan_tf.data import (
    archives,
    cifar,
    decode,
    files,
    folders,
    idx,
    labels,
    metadata,
    multires,
    records,
    regular,
    shapes,
    tfds,
)

BUNDLED = pathlib.Path(__file__).parent / "bundled" / "cartoon_faces_32.zip"
_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_KINDS = (
    '"bundled", a folder or zip of images, a directory written by '
    "tools.prepare_dataset, official multi-resolution TFRecords, a tar "
    "archive, MNIST's *-images-idx3-ubyte.gz, CIFAR's pickles or tfds:NAME"
)


class Source:
    """Images and labels of a data set, whatever holds them.

    Args:
        store: Where the images are: an object with `names`, `labels`,
            `class_names`, `metadata`, `read(index)`, the names of `others`
            that are no images, and `unread`: pairs (name, reason) of what
            could not be looked at.
        name: Short name.
        path: What the user called it.

    Attributes:
        wanted_shape: (H, W, C) of the network's images if it is known: what
            the advice on a bad image says to prepare.
    """

    wanted_shape = None

    def __init__(self, store, *, name, path):
        self.store, self.name, self.path = store, name, str(path)
        self.metadata = store.metadata
        self.names = store.names
        named = store.class_names or store.metadata.get("class_names")
        self.class_names = named if isinstance(named, list) else None

    def __len__(self):
        return len(self.names)

    @functools.cached_property
    def image_shape(self):
        """(H, W, C) of the first image."""
        return self.image(0).shape

    @functools.cached_property
    def labels(self):
        """float32 `[M, L]`, one-hot or the vectors given, or None.

        All at once: of many images, take rows of `label_rows`.
        """
        return None if self.label_rows is None else self.label_rows[:]

    @functools.cached_property
    def label_rows(self):
        """What has the rows and the shape of `labels`, and little memory."""
        found = self.store.labels
        if found is None or found.ndim == 2:
            return found
        return labels.OneHot(found, len(self.class_names or ()))

    @functools.cached_property
    def is_classes(self):
        """Whether the labels are one-hot."""
        found = self.store.labels
        if found is None or found.ndim == 1:
            return found is not None
        is_bit = ((found == 0) | (found == 1)).all()
        return bool(is_bit and (found.sum(1) == 1).all())

    @functools.cached_property
    def attributes(self):
        """Lists by name, one value per image; {} where there are none."""
        return metadata.attributes_of(self.metadata, self.names)

    @functools.cached_property
    def notes(self):
        """Lines on labels that may have been meant otherwise."""
        found = [
            *getattr(self.store, "notes", ()),  # of files
            *metadata.attribute_notes(self.metadata, self.names),
        ]
        size = len(self.class_names or ())
        empty = labels.empty_classes_note(self.store.labels, size)
        return [*found, empty] if empty else found

    def read(self, index):
        """Encoded bytes, or uint8 pixels, of image `index`; thread safe.

        Raises:
            decode.BadImage: With the reason, whatever it is.
        """
        try:
            return self.store.read(index)
        except Exception as error:  # disk, network, archive
            raise decode.BadImage(files.reason_of(error)) from error

    def image(self, index):
        """uint8 `[H, W, C]` of image `index`; thread safe."""
        try:
            return decode.pixels(self.read(index))
        except decode.BadImage as error:
            wanted = self.wanted_shape
            size = shapes.prepare_flags(wanted) if wanted else []
            raise ValueError(
                f"{self.file(index)} cannot be used: {error}. Remove it, or "
                f"skip it with: {self.prepare_command(*size)}"
            ) from error

    def file(self, index):
        """How to call image `index` in a message."""
        return terminal.escaped(f"{self.path}/{self.names[index]}")

    @functools.cached_property
    def unread(self):
        """Pairs (file, reason) of what is there and could not be looked at."""
        return [
            (terminal.escaped(f"{self.path}/{name}".rstrip("/")), reason)
            for name, reason in self.store.unread
        ]

    def prepare_command(self, *arguments):
        """The command that makes a trainable copy of this source."""
        folder = os.path.dirname(self.path.rstrip("/"))
        output = os.path.join(folder, f"{self.name}-prepared")
        return commands.line(
            "prepare_dataset",
            f"--source={self.path}",
            f"--output={output}",
            *arguments,
        )


def open_source(path, resolution=None):
    """The `Source` at `path`.

    Args:
        path: See the kinds listed in `_KINDS`.
        resolution: Level to read of official multi-resolution TFRecords;
            None means the highest. The other kinds have one level only.
    """
    store = _open_store(str(path), resolution)
    if not store.names:
        seen = ", ".join(map(terminal.escaped, store.others[:3])) or "nothing"
        if any(name.endswith(multires.SUFFIX) for name in store.others):
            seen += f"; TFRecords are read if called NAME-rXX{multires.SUFFIX}"
            seen += ", as the official ones are, or if one file is all there is"
        raise ValueError(
            f"No images found in {path}. Expected files ending in "
            f"{', '.join(sorted(decode.IMAGE_EXTENSIONS))}. Found: {seen}."
        )
    name = pathlib.Path(str(path).removeprefix(tfds.PREFIX)).name
    return Source(store, name=_without_suffix(name) or "data", path=path)


def unused_labels_note(source, use_labels):
    """One line on labels that exist and are not used, or None."""
    if use_labels or source.store.labels is None:
        return None
    return (
        f"{source.name} has labels ({describe_labels(source)}) that are not "
        "used; condition on them with --config.data.use_labels=true."
    )


def unread_note(source):
    """One line on inputs that could not be looked at, or None."""
    if not source.unread:
        return None
    file, reason = source.unread[0]
    return (
        f"{len(source.unread)} inputs of {source.name} are not read, the "
        f"first: {file}: {reason}."
    )


def describe_labels(source):
    """E.g. `4 classes: plain, glasses, ...` or `vectors of 5`."""
    if source.label_rows is None:
        return "none"
    count = source.label_rows.shape[1]
    if not source.is_classes:
        return f"vectors of {count}"
    names = source.class_names or []
    listed = ", ".join(map(terminal.escaped, names[:4]))
    listed += ", ..." * (len(names) > 4)
    return f"{count} classes" + (f": {listed}" if names else "")


def _open_store(path, resolution):
    if path.startswith(tfds.PREFIX):
        return tfds.TfdsStore(path)
    path = BUNDLED if path == "bundled" else pathlib.Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"There is no data set at {path}. Expected {_KINDS}."
        )
    if path.is_dir():
        os.listdir(path)  # raises the one clear error of what may not be read
    if images := idx.find(path):
        return idx.open_store(images)
    if path.is_dir():
        return _open_directory(path, resolution)
    kind = _archive_kind(path)
    if kind == "zip":
        return archives.ZipStore(path)
    if kind == "tar":
        store = archives.TarStore(path)
        is_cifar = cifar.is_here(store.others)
        return cifar.open_archive(path, store) if is_cifar else store
    raise ValueError(
        f"{path} is of no known kind. Expected {_KINDS}. Unpack other "
        "archives first; of one image give the folder."
    )


def _open_directory(path, resolution):
    if records.are_here(path):
        return records.RecordStore(path)
    if multires.find_levels(path):
        return multires.MultiResolutionStore(path, resolution)
    if cifar.is_here([p.name for p in path.iterdir() if p.is_file()]):
        return cifar.open_folder(path)
    return folders.FolderStore(path)


def _archive_kind(path):
    """ "tar", "zip" or None by what the file holds, else by its name."""
    with regular.open_file(path) as file:
        try:
            with tarfile.open(fileobj=file):
                return "tar"
        except Exception:  # tarfile's errors, and those of decompressors
            if zipfile.is_zipfile(file):
                return "zip"
    name = path.name.lower()
    if name.endswith(_TAR_SUFFIXES):
        return "tar"
    return "zip" if name.endswith(".zip") else None


def _without_suffix(name):
    for suffix in (".zip", *_TAR_SUFFIXES, ".gz"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name
