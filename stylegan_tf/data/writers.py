"""Writes a prepared data set so that it appears whole or not at all."""

import contextlib
import json
import os
import pathlib
import zipfile

from stylegan_tf import commands, files

FORMATS = ("records", "zip", "folder")
_IMAGES_PER_FOLDER = 1000
_IMAGES_PER_SHARD = 10_000


class ZipWriter:
    """A stored (not compressed) zip in the official layout."""

    def __init__(self, path, **_):
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self._labels = []

    def add(self, name, data, *, label=None, vector=None):
        """Appends encoded bytes `data` with a label for dataset.json."""
        del name, vector  # what records keep beside the image
        stored = _official_name(len(self._labels), data)
        self._labels.append([stored, label])
        self._write(stored, data)

    def finish(self, metadata):
        """Writes dataset.json."""
        is_labelled = any(label is not None for _, label in self._labels)
        labels = self._labels if is_labelled else None
        text = json.dumps({**metadata, "labels": labels})
        self._write("dataset.json", text.encode())
        self.close()

    def close(self):
        """Closes the zip."""
        self._zip.close()

    def _write(self, name, data):
        self._zip.writestr(zipfile.ZipInfo(name), data)  # dated 1980: stable


class FolderWriter(ZipWriter):
    """Files in the official layout."""

    def __init__(self, path, **_):
        self._folder = pathlib.Path(path)
        self._folder.mkdir()
        self._labels = []

    def close(self):
        """Nothing is open."""

    def _write(self, name, data):
        file = self._folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)


def check_output(path):
    """Raises `FileExistsError` unless `path` is free or an empty folder."""
    path = pathlib.Path(path)
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists():
        raise FileExistsError(
            f"{path} exists already. Remove it, or choose another --output."
        )


def check_apart(source, path):
    """Raises `ValueError` if `path` is, or is inside or around, the source.

    What is written would be among the images that it is made of.
    """
    if source == "bundled" or not os.path.exists(source):  # or tfds:NAME
        return
    ends = os.path.realpath(path), os.path.realpath(source)
    shared = os.path.commonpath(ends)
    if shared not in ends:
        return
    where = "lies inside" if shared == ends[1] else "lies around"
    where = "is the same as" if ends[0] == ends[1] else where
    instead = os.path.abspath(source).removesuffix(".zip") + "-prepared"
    raise ValueError(
        f"{commands.quoted(f'--output={path}')} {where} "
        f"{commands.quoted(f'--source={source}')}: what is written would be "
        "among the images that it is made of. Choose another, such as "
        f"{commands.quoted(f'--output={instead}')}"
    )


@contextlib.contextmanager
def atomic_writer(path, *, format, name, count):
    """Writer of the data set at `path`, which appears when all went well."""
    path = pathlib.Path(os.path.abspath(path))
    check_output(path)
    with files.whole(path) as partial:
        writer = _open_writer(partial, format=format, name=name, count=count)
        with contextlib.closing(writer):
            yield writer
        check_output(path)
        if path.is_dir():
            path.rmdir()


def _open_writer(path, *, format, name, count):
    if format == "records":
        from stylegan_tf.data import records  # TensorFlow is slow

        shards = -(-count // _IMAGES_PER_SHARD)
        return records.RecordWriter(path, name=name, count=count, shards=shards)
    writers = {"zip": ZipWriter, "folder": FolderWriter}
    return writers[format](path)


def _official_name(index, data):
    extension = "png" if data.startswith(b"\x89PNG") else "jpg"
    folder = index // _IMAGES_PER_FOLDER
    return f"{folder:05d}/img{index:08d}.{extension}"
