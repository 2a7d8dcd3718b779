"""Reads our TFRecords: shards of images, and dataset.json beside them."""

import operator
import os
import pathlib
import struct

import google_crc32c
import numpy as np
import tensorflow as tf

from stylegan_tf.data import decode, files, metadata, regular

FORMAT = "stylegan_tf.records"
_HEADER = struct.Struct("<QI")  # length of the record and its checksum
_FOOTER = struct.Struct("<I")  # checksum of the record


def are_here(path):
    """Whether the folder holds records of ours; refuses undescribed ones."""
    if not any(p.suffix == ".tfrecord" for p in path.glob("[!.]*")):
        return False
    where = path / metadata.FILE
    try:
        told = metadata.parse(regular.read(where), where)
        known = told.get("format") == FORMAT
    except (OSError, ValueError):
        known = False
    if not known:
        raise ValueError(
            f"{path} holds *.tfrecord files, but no dataset.json that "
            "describes them as tools.prepare_dataset does. Prepare it again."
        )
    return True


class RecordFile:
    """Random access to the records of one file, by an index of offsets."""

    def __init__(self, path):
        self.path = str(path)
        self._file = regular.open_file(path)  # open for our lifetime
        self._offsets, self._lengths = _scan(self._file, self.path)

    def __len__(self):
        return len(self._offsets)

    def example(self, index):
        """`tf.train.Example` number `index`; thread safe."""
        length = int(self._lengths[index])
        offset = int(self._offsets[index])
        data = os.pread(self._file.fileno(), length, offset)
        footer = os.pread(self._file.fileno(), _FOOTER.size, offset + length)
        if len(footer) < _FOOTER.size:
            raise decode.BadImage(
                "no longer whole: the file was cut short since it was opened"
            )
        if _FOOTER.unpack(footer) != (_checksum(data),):
            raise decode.BadImage("damaged, by its checksum")
        try:
            return tf.train.Example.FromString(data)
        except Exception as error:  # protobuf's DecodeError moves about
            raise decode.BadImage("no tf.train.Example") from error


class RecordStore:
    """The images of a directory written by `RecordWriter`."""

    random_access = True
    unread = ()

    def __init__(self, path):
        self.path = path
        where = pathlib.Path(path, metadata.FILE)
        self.metadata = metadata.parse(regular.read(where), where)
        try:
            shards = {
                os.fspath(shard["file"]): operator.index(shard["count"])
                for shard in self.metadata["shards"]
            }
            listed = [name for name, _ in self.metadata.get("labels") or []]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{where} does not describe shards as tools.prepare_dataset "
                f"does ({error!r}). Prepare the data again."
            ) from error
        self.others = files.beside(path, {*shards, metadata.FILE})
        self._files = [
            _open_shard(pathlib.Path(path, file), count)
            for file, count in shards.items()
        ]
        self._starts = np.cumsum([0, *shards.values()])
        self._are_named = bool(listed)
        self.names = listed or [
            f"{file}: record {index}"
            for file, count in shards.items()
            for index in range(count)
        ]
        if len(self.names) != self._starts[-1]:
            raise ValueError(
                f"{where} lists {len(self.names)} labels for "
                f"{self._starts[-1]} images. Prepare the data again."
            )
        self.labels = metadata.labels_of(self.metadata, self.names, where)
        self.class_names = None

    def read(self, index):
        """Encoded bytes of image `index`; thread safe."""
        feature = self._example(index).features.feature
        return feature["image"].bytes_list.value[0]

    def _example(self, index):
        shard = int(np.searchsorted(self._starts, index, side="right")) - 1
        file, record = self._files[shard], index - int(self._starts[shard])
        try:
            return file.example(record)
        except decode.BadImage as error:
            if not self._are_named:  # but called by their record
                raise
            raise decode.BadImage(
                f"record {record} of {file.path} is {error}"
            ) from error


def _scan(file, path):
    size = os.fstat(file.fileno()).st_size
    offsets, lengths, position = [], [], 0
    while position < size:
        header = os.pread(file.fileno(), _HEADER.size, position)
        is_whole = len(header) == _HEADER.size
        length, checksum = _HEADER.unpack(header) if is_whole else (size, 0)
        if is_whole and checksum != _checksum(header[:8]):
            raise ValueError(
                f"{path} is damaged, or is no TFRecord file: the length of "
                f"record {len(offsets)}, at byte {position} of {size}, is "
                "wrong by its checksum. Copy or prepare it again."
            )
        start = position + _HEADER.size
        position = start + length + _FOOTER.size
        if position > size:
            raise ValueError(
                f"{path} was cut short, or is no TFRecord file: record "
                f"{len(offsets)} ends at byte {position} of {size}. Copy "
                "or prepare it again."
            )
        offsets.append(start)
        lengths.append(length)
    return np.array(offsets, np.int64), np.array(lengths, np.int64)


def _checksum(data):
    """CRC-32C of `data`, masked as TFRecords keep it."""
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _open_shard(path, count):
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing, which dataset.json beside it names. Copy "
            "the whole directory, or prepare it again."
        )
    file = RecordFile(path)
    if len(file) != count:
        raise ValueError(
            f"{path} has {len(file)} records, but dataset.json beside it "
            f"says {count}. Copy or prepare it again."
        )
    return file
