"""Reads a split of TensorFlow Datasets, where that is installed."""

import importlib
import itertools
import math

import numpy as np

from stylegan_tf.data import source


def open_source(path):
    """`Source` of tfds:NAME or tfds:NAME:SPLIT, to be read front to back."""
    name, _, split = path.removeprefix(source.TFDS).partition(":")
    tfds, split = _import_tfds(), split or "train"
    try:
        builder = tfds.builder(name)
        builder.download_and_prepare()
        count = builder.info.splits[split].num_examples
    except Exception as error:  # its own errors, network, disk
        raise ValueError(
            f"{path} cannot be opened by tensorflow_datasets: {error}"
        ) from error

    def rows():
        found = builder.as_dataset(
            split=split,
            shuffle_files=False,
            decoders={"image": tfds.decode.SkipDecoding()},
        )
        return iter(tfds.as_numpy(found))

    features = builder.info.features
    if "image" not in features:
        raise ValueError(
            f"{source.TFDS}{name} has no feature `image`. It has: "
            f"{', '.join(features)}."
        )
    labels = class_names = None
    if hasattr(features.get("label"), "names"):
        class_names = list(features["label"].names)
        labels = np.array([row["label"] for row in rows()], np.int64)
    return source.Source(
        path,
        [f"{index:08d}" for index in range(count)],
        _in_order(rows),
        given_labels=labels,
        class_names=class_names,
        random_access=False,
    )


def _in_order(rows):
    """`Source.fetch` of encoded images from iterators; rising is fast."""
    reader, position = None, math.inf

    def fetch(index):
        nonlocal reader, position
        if index < position:
            reader, position = rows(), 0
        row = next(itertools.islice(reader, index - position, None))
        position = index + 1
        return bytes(row["image"])

    return fetch


def _import_tfds():
    try:
        return importlib.import_module("tensorflow_datasets")
    except ImportError as error:
        raise ValueError(
            "tfds:NAME needs the package tensorflow-datasets. Install it "
            "with: pip install tensorflow-datasets"
        ) from error
