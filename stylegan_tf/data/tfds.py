"""Reads a split of TensorFlow Datasets, where that is installed."""

import importlib

import numpy as np

from stylegan_tf.data import source


def open_source(path):
    """`Source` of tfds:NAME or tfds:NAME:SPLIT, to be read front to back."""
    name, _, split = path.removeprefix(source.TFDS).partition(":")
    rows = _Rows(path, name, split or "train")
    features = rows.info.features
    if "image" not in features:
        raise ValueError(
            f"{source.TFDS}{name} has no feature `image`. It has: "
            f"{', '.join(features)}."
        )
    labels = class_names = None
    if hasattr(features.get("label"), "names"):
        class_names = list(features["label"].names)
        labels = np.array([row["label"] for row in rows], np.int64)
    return source.Source(
        path,
        [f"{index:08d}" for index in range(rows.count)],
        rows.read,
        given_labels=labels,
        class_names=class_names,
        random_access=False,
    )


class _Rows:
    """The rows of a split, with encoded images."""

    def __init__(self, path, name, split):
        self._tfds, self._split = _import_tfds(), split
        try:
            self._builder = self._tfds.builder(name)
            self._builder.download_and_prepare()
            self.info = self._builder.info
            self.count = self.info.splits[split].num_examples
        except Exception as error:  # its own errors, network, disk
            raise ValueError(
                f"{path} cannot be opened by tensorflow_datasets: {error}"
            ) from error
        self._rows, self._next = None, 0

    def __iter__(self):
        rows = self._builder.as_dataset(
            split=self._split,
            shuffle_files=False,
            decoders={"image": self._tfds.decode.SkipDecoding()},
        )
        return iter(self._tfds.as_numpy(rows))

    def read(self, index):
        """Encoded bytes of image `index`; rising indices are fast."""
        if self._rows is None or index < self._next:
            self._rows, self._next = iter(self), 0
        while self._next <= index:
            row = next(self._rows)
            self._next += 1
        return bytes(row["image"])


def _import_tfds():
    try:
        return importlib.import_module("tensorflow_datasets")
    except ImportError as error:
        raise ValueError(
            "tfds:NAME needs the package tensorflow-datasets. Install it "
            "with: pip install tensorflow-datasets"
        ) from error
