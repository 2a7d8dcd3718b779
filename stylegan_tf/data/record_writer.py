"""Writes our TFRecords: shards of images, and dataset.json beside them."""

import json
import os
import pathlib

import tensorflow as tf

from stylegan_tf.data import records


class RecordWriter:
    """Writes a directory of `shards` files NAME-00000-of-00004.tfrecord.

    Images are spread in runs of equal length, so `count` is needed at the
    start; fewer images make shorter last shards.
    """

    def __init__(self, folder, *, name, count, shards):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        shards = max(1, min(shards, count))
        self._shards = [
            {"file": f"{name}-{k:05d}-of-{shards:05d}.tfrecord", "count": 0}
            for k in range(shards)
        ]
        self._per_shard = -(-count // shards)
        self._writer = None
        self._labels = []

    def add(self, name, data, *, label=None, vector=None):
        """Appends encoded bytes `data` of the image called `name`.

        `label` is what dataset.json says, an integer or a list; `vector`
        is the same as floats `[L]`.
        """
        shard = len(self._labels) // self._per_shard
        if len(self._labels) % self._per_shard == 0:
            self._open(shard)
        feature = {
            "image": _bytes_feature(data),
            "name": _bytes_feature(os.fsencode(name)),
        }
        if vector is not None:
            feature["label"] = tf.train.Feature(
                float_list=tf.train.FloatList(value=vector)
            )
        example = tf.train.Example(features=tf.train.Features(feature=feature))
        self._writer.write(example.SerializeToString())
        self._shards[shard]["count"] += 1
        self._labels.append([name, label])

    def finish(self, metadata):
        """Writes dataset.json: `metadata` and what the shards are."""
        self.close()
        shards = [shard for shard in self._shards if shard["count"]]
        for number, shard in enumerate(shards):
            old = shard["file"]
            stem = old[: -len("-00000-of-00004.tfrecord")]
            new = f"{stem}-{number:05d}-of-{len(shards):05d}.tfrecord"
            os.rename(self._folder / old, self._folder / new)
            shard["file"] = new
        is_labelled = any(label is not None for _, label in self._labels)
        described = {
            "format": records.FORMAT,
            "count": len(self._labels),
            "shards": shards,
            **metadata,
            "labels": self._labels if is_labelled else None,
        }
        (self._folder / "dataset.json").write_text(json.dumps(described))

    def close(self):
        """Closes the shard being written."""
        if self._writer is not None:
            self._writer.close()

    def _open(self, shard):
        self.close()
        path = self._folder / self._shards[shard]["file"]
        self._writer = tf.io.TFRecordWriter(os.fsencode(path))


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
