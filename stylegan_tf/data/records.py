"""Reads and writes our TFRecords: shards beside a dataset.json."""

import json
import operator
import os
import pathlib
import struct

import google_crc32c
import numpy as np
import tensorflow as tf

from stylegan_tf.data import decode, image_files, labels, regular, source

FORMAT = "stylegan_tf.records"
_HEADER = struct.Struct("<QI")  # length of the record and its checksum
_FOOTER = struct.Struct("<I")  # checksum of the record


def are_here(path):
    """Whether the folder holds records such as ours."""
    return any(path.glob("[!.]*.tfrecord"))


def open_source(path):
    """`Source` of a directory written by `RecordWriter`."""
    where = pathlib.Path(path, labels.FILE)
    try:
        told = labels.parse(regular.read(where), where)
        if told["format"] != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        shards = {
            os.fspath(shard["file"]): operator.index(shard["count"])
            for shard in told["shards"]
        }
        listed = [name for name, _ in told.get("labels") or []]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} holds *.tfrecord files, but no dataset.json that "
            "describes shards as tools.prepare_dataset does "
            f"({error!r}). Prepare the data again."
        ) from error
    records = [
        (file, index)
        for name, count in shards.items()
        for file in [_open_shard(pathlib.Path(path, name), count)]
        for index in range(count)
    ]
    if listed and len(listed) != len(records):
        raise ValueError(
            f"{where} lists {len(listed)} labels for {len(records)} images. "
            "Prepare the data again."
        )

    def fetch(index):
        file, record = records[index]
        try:
            example = file.example(record)
        except decode.BadImage as error:
            if not listed:  # but called by their record
                raise
            raise decode.BadImage(
                f"record {record} of {file.path} is {error}"
            ) from error
        return example.features.feature["image"].bytes_list.value[0]

    names = listed or [file.name_of(record) for file, record in records]
    return source.Source(
        str(path),
        names,
        fetch,
        given_labels=labels.labels_of(told, names, where),
        metadata=told,
        others=image_files.beside(path, {*shards, labels.FILE}),
    )


class RecordFile:
    """Random access to the records of one file, by an index of offsets."""

    def __init__(self, path):
        self.path = str(path)
        self._file = regular.open_file(path)  # open for our lifetime
        self._offsets, self._lengths = _scan(self._file, self.path)

    def name_of(self, index):
        """Names a record that has no name of its own."""
        return f"{pathlib.Path(self.path).name}: record {index}"

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


class RecordWriter:
    """Writes a directory of `shards` files NAME-00000-of-00004.tfrecord.

    Images are spread in runs of equal length, so `count` is needed at the
    start; fewer images make fewer shards.
    """

    def __init__(self, folder, *, name, count, shards):
        self._folder, self._name = pathlib.Path(folder), name
        self._folder.mkdir(parents=True, exist_ok=True)
        self._per_shard = -(-count // max(1, min(shards, count)))
        self._writer = None
        self._counts, self._labels = [], []

    def add(self, name, data, *, label=None, vector=None):
        """Appends encoded bytes `data` of the image called `name`.

        `label` is what dataset.json says, an integer or a list; `vector`
        is the same as floats `[L]`.
        """
        if len(self._labels) % self._per_shard == 0:
            self.close()
            path = self._folder / f"{len(self._counts)}"
            self._writer = tf.io.TFRecordWriter(os.fsencode(path))
            self._counts.append(0)
        feature = {
            "image": _bytes_feature(data),
            "name": _bytes_feature(os.fsencode(name)),
        }
        if vector is not None:
            feature["label"] = tf.train.Feature(
                float_list=tf.train.FloatList(value=vector)
            )
        example = tf.train.Example(features=tf.train.Features(feature=feature))
        self._writer.write(example.SerializeToString(deterministic=True))
        self._counts[-1] += 1
        self._labels.append([name, label])

    def finish(self, metadata):
        """Names the shards, and writes dataset.json: `metadata` and them."""
        self.close()
        total, shards = len(self._counts), []
        for number, count in enumerate(self._counts):
            file = f"{self._name}-{number:05d}-of-{total:05d}.tfrecord"
            os.rename(self._folder / f"{number}", self._folder / file)
            shards.append({"file": file, "count": count})
        is_labelled = any(label is not None for _, label in self._labels)
        described = {
            "format": FORMAT,
            "count": len(self._labels),
            "shards": shards,
            **metadata,
            "labels": self._labels if is_labelled else None,
        }
        (self._folder / labels.FILE).write_text(json.dumps(described))

    def close(self):
        """Closes the shard being written."""
        if self._writer is not None:
            self._writer.close()


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


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
