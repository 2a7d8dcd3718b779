"""A TensorFlow Datasets split, where that package is installed."""

import importlib

import numpy as np

from stylegan_tf.data import source


def open_source(path):
    """`Source` of tfds:NAME or tfds:NAME:SPLIT, to be read front to back."""
    split = _Split(path)
    return source.Source(
        path,
        [f"{index:08d}" for index in range(split.count)],
        split.read,
        given_labels=split.labels,
        class_names=split.class_names,
        random_access=False,
    )


class _Split:
    def __init__(self, path):
        name, _, split = path.removeprefix(source.TFDS).partition(":")
        self._split = split or "train"
        self._tfds = _import_tfds()
        try:
            self._builder = self._tfds.builder(name)
            self._builder.download_and_prepare()
            self.count = self._builder.info.splits[self._split].num_examples
        except Exception as error:  # its own errors, network, disk
            raise ValueError(
                f"{path} cannot be opened by tensorflow_datasets: {error}"
            ) from error
        self.class_names, self.labels = self._read_labels(name)
        self._rows, self._next = None, 0

    def read(self, index):
        """Encoded bytes of image `index`; rising indices are fast."""
        if self._rows is None or index < self._next:
            self._rows, self._next = self._iterate("image"), 0
        while self._next <= index:
            data = next(self._rows)
            self._next += 1
        return data

    def _read_labels(self, name):
        features = self._builder.info.features
        if "image" not in features:
            raise ValueError(
                f"{source.TFDS}{name} has no feature `image`. It has: "
                f"{', '.join(features)}."
            )
        if not hasattr(features.get("label"), "names"):
            return None, None
        labels = np.array(list(self._iterate("label")), np.int64)
        return list(features["label"].names), labels

    def _iterate(self, feature):
        rows = self._builder.as_dataset(
            split=self._split,
            shuffle_files=False,
            decoders={"image": self._tfds.decode.SkipDecoding()},
        )
        for row in self._tfds.as_numpy(rows):
            value = row[feature]
            yield bytes(value) if feature == "image" else value


def _import_tfds():
    try:
        return importlib.import_module("tensorflow_datasets")
    except ImportError as error:
        raise ValueError(
            "tfds:NAME needs the package tensorflow-datasets. Install it "
            "with: pip install tensorflow-datasets"
        ) from error
