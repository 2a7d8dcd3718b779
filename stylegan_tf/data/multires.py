"""The official multi-resolution TFRecords: NAME-rXX.tfrecords, read only.

Forks that store an encoded image instead of pixels are read as well; some of
them write one file, NAME.tfrecords.
"""

import math
import pathlib
import re

import numpy as np
import tensorflow as tf

from stylegan_tf.data import decode, files, records, regular

_LEVEL = re.compile(r"(?P<name>.+)-r(?P<log2>\d\d)\.tfrecords")
SUFFIX = ".tfrecords"


def find_levels(folder):
    """`{(name, log2 of the size): path}` of the level files in `folder`.

    A single NAME.tfrecords is a level too, of size None.
    """
    paths = [p for p in folder.iterdir() if not p.name.startswith(".")]
    matches = {path: _LEVEL.fullmatch(path.name) for path in paths}
    levels = {
        (match["name"], int(match["log2"])): path
        for path, match in matches.items()
        if match and not match["name"].startswith("validation-")
    }
    if not levels and len(paths) == 1 and paths[0].suffix == SUFFIX:
        return {(paths[0].stem, None): paths[0]}
    return levels


class MultiResolutionStore:
    """Images of one level; the highest unless `resolution` names one.

    `sizes` are those of the levels that there are; empty if the records hold
    encoded images, whose sizes their names do not tell.
    """

    random_access = True
    class_names = None
    metadata = {}
    unread = ()

    def __init__(self, path, resolution=None):
        self.path = path
        name, levels = _one_data_set(pathlib.Path(path))
        highest = records.RecordFile(levels[max(levels)])
        if _holds_pixels(highest):
            self.sizes = {1 << log2: file for log2, file in levels.items()}
            self._file = self._open_level(resolution or max(self.sizes))
        else:
            self.sizes, self._file = {}, highest
        stem = pathlib.Path(self._file.path).name
        self.names = [f"{stem}: record {i}" for i in range(len(self._file))]
        labels_name = f"{name}-rxx.labels"
        ours = {file.name for file in levels.values()} | {labels_name}
        self.others = files.beside(path, ours)
        self.labels = self._read_labels(pathlib.Path(path, labels_name))

    def read(self, index):
        """uint8 pixels `[H, W, C]` or encoded bytes of image `index`."""
        feature = _feature(self._file, index)
        if _is_raw(feature):
            shape, data = _pixels(feature)
            chw = np.frombuffer(data, np.uint8).reshape(shape)
            return chw.transpose(1, 2, 0)
        for value in feature.values():
            for data in value.bytes_list.value:
                if decode.is_image(data[: decode.HEAD_BYTES]):
                    return data
        shape, data = _pixels(feature)
        raise decode.BadImage(
            "expected a shape (C, H, W) and as many bytes of data, or an "
            f"encoded image. Received: shape={shape}, {len(data)} bytes, in "
            f"{', '.join(sorted(feature)) or 'no feature'}"
        )

    def _open_level(self, size):
        if size not in self.sizes:
            raise ValueError(
                f"{self.path} has no level of resolution {size}. It has "
                f"{', '.join(map(str, sorted(self.sizes)))}."
            )
        return records.RecordFile(self.sizes[size])

    def _read_labels(self, path):
        if not path.exists():
            return None
        with regular.open_file(path) as file:
            try:
                labels = np.load(file, allow_pickle=False)
            except (ValueError, EOFError, OSError) as error:
                raise ValueError(
                    f"{path} is no plain .npy array ({error})."
                ) from error
        if labels.ndim != 2 or len(labels) != len(self.names):
            raise ValueError(
                f"{path} must be an array [{len(self.names)}, L]. Received: "
                f"shape {labels.shape}."
            )
        is_number = labels.dtype.kind in "fiub"
        numbers = labels.astype(np.float32) if is_number else np.float32("nan")
        if not np.isfinite(numbers).all():
            raise ValueError(
                f"{path} must hold finite numbers. Received: type "
                f"{labels.dtype}, with some that are not"
            )
        return numbers if labels.shape[1] else None


def _feature(file, index):
    return dict(file.example(index).features.feature)


def _holds_pixels(file):
    """Whether the first record that is not damaged is of the official kind."""
    for index in range(len(file)):
        try:
            return _is_raw(_feature(file, index))
        except decode.BadImage:
            continue
    return False


def _pixels(feature):
    """Shape and bytes of the official format; () and b"" where not there."""
    empty = tf.train.Feature()
    shape = tuple(feature.get("shape", empty).int64_list.value)
    return shape, b"".join(feature.get("data", empty).bytes_list.value)


def _is_raw(feature):
    shape, data = _pixels(feature)
    return len(shape) == 3 and math.prod(shape) == len(data) > 0


def _one_data_set(folder):
    levels = find_levels(folder)
    names = sorted({name for name, _ in levels})
    if len(names) != 1:
        raise ValueError(
            f"{folder} must hold the levels of one data set. It holds: "
            f"{', '.join(names)}. Move the others away."
        )
    return names[0], {log2: path for (_, log2), path in levels.items()}
