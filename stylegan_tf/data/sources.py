"""Opens the `Source` at a path, whatever kind of data set it is."""

import dataclasses
import os
import pathlib
import tarfile
import zipfile

from stylegan_tf import commands, terminal
from stylegan_tf.data import (
    archives,
    attributes,
    cifar,
    decode,
    idx,
    image_files,
    multires,
    records,
    regular,
    source,
    tfds,
)

BUNDLED = pathlib.Path(__file__).parent / "bundled" / "cartoon_faces_32.zip"
_KINDS = (
    '"bundled", a folder or zip of images, a directory written by '
    "tools.prepare_dataset, official multi-resolution TFRecords, a tar "
    "archive, MNIST's *-images-idx3-ubyte.gz, CIFAR's pickles or tfds:NAME"
)


def open_source(path, resolution=None):
    """The `Source` at `path`.

    Args:
        path: See the kinds listed in `_KINDS`.
        resolution: Level to read of official multi-resolution TFRecords;
            None means the highest. The other kinds have one level only.
    """
    path = str(path)
    found = _open(path, resolution)
    if not found.names:
        seen = ", ".join(map(terminal.escaped, found.others[:3])) or "nothing"
        if any(name.endswith(multires.SUFFIX) for name in found.others):
            seen += f"; TFRecords are read if called NAME-rXX{multires.SUFFIX}"
            seen += ", as the official ones are, or if one file is all there is"
        raise ValueError(
            f"No images found in {path}. Expected files ending in "
            f"{', '.join(sorted(decode.IMAGE_EXTENSIONS))}. Found: {seen}."
        )
    unread = [
        (terminal.escaped(f"{path}/{name}".rstrip("/")), reason)
        for name, reason in found.unread
    ]
    return dataclasses.replace(found, path=path, unread=unread)


def unused_labels_note(source, use_labels):
    """One line on labels that exist and are not used, or None."""
    if use_labels:
        return None
    told, names = [], attributes.names(source)
    if source.given_labels is not None:
        told.append(
            f"{source.name} has labels ({describe_labels(source)}) that are "
            "not used; condition on them with --config.data.use_labels=true."
        )
    if names:
        few = ", ".join(map(terminal.escaped, names[:4]))
        example = commands.quoted(f"--config.data.attributes={names[0]}")
        count = terminal.counted(len(names), "attribute")
        few += ", ..." * (len(names) > 4)
        told.append(
            f"{'It' if told else source.name} has {count} ({few}), of which "
            f"labels can be made: {example}."
        )
    return " ".join(told) or None


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
    names = [terminal.escaped(str(name)) for name in source.class_names or []]
    listed = ", ".join(names[:4]) + ", ..." * (len(names) > 4)
    kind = f"{count} classes" if source.is_classes else f"vectors of {count}"
    return kind + (f": {listed}" if names else "")


def _open(path, resolution):
    """The `Source`, whose `unread` has names below `path`."""
    if path.startswith(source.TFDS):
        return tfds.open_source(path)
    path = BUNDLED if path == "bundled" else pathlib.Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"There is no data set at {path}. Expected {_KINDS}."
        )
    if path.is_dir():
        os.listdir(path)  # raises the one clear error of what may not be read
    if images := idx.find(path):
        return idx.open_source(images)
    if path.is_dir() and records.are_here(path):
        return records.open_source(path)
    if path.is_dir() and multires.find_levels(path):
        return multires.open_source(path, resolution)
    files = _files(path)
    if cifar.is_here(files.names):
        return cifar.open_source(files)
    return image_files.open_source(files)


def _files(path):
    """The `image_files.Files` in a folder or an archive."""
    if path.is_dir():
        return image_files.Folder(path)
    kind = _archive_kind(path)
    if kind == "zip":
        return archives.Zip(path)
    if kind == "tar":
        return archives.Tar(path)
    raise ValueError(
        f"{path} is of no known kind. Expected {_KINDS}. Unpack other "
        "archives first; of one image give the folder."
    )


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
    if name.endswith(source.TAR_SUFFIXES):
        return "tar"
    return "zip" if name.endswith(".zip") else None
