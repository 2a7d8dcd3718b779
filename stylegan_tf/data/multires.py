"""Reads the official multi-resolution TFRecords, NAME-rXX.tfrecords.

Forks that store an encoded image instead of pixels are read as well; some of
them write one file, NAME.tfrecords.
"""

import math
import re

import numpy as np
import tensorflow as tf

from stylegan_tf.data import decode, image_files, records, regular, source

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


def open_source(path, resolution=None):
    """`Source` of one level; the highest unless `resolution` names one.

    Its `levels` are empty if the records hold encoded images, whose sizes
    their names do not tell.
    """
    name, levels = _one_data_set(path)
    file, sizes = records.RecordFile(levels[max(levels)]), {}
    if _holds_pixels(file):
        sizes = {1 << log2: level for log2, level in levels.items()}
        size = resolution or max(sizes)
        if size not in sizes:
            raise ValueError(
                f"{path} has no level of resolution {size}. It has "
                f"{', '.join(map(str, sorted(sizes)))}."
            )
        file = records.RecordFile(sizes[size])
    labels_name = f"{name}-rxx.labels"
    ours = {level.name for level in levels.values()} | {labels_name}
    return source.Source(
        str(path),
        [file.name_of(index) for index in range(len(file))],
        lambda index: _read(file, index),
        given_labels=_read_labels(path / labels_name, len(file)),
        others=image_files.beside(path, ours),
        levels=tuple(sizes),
    )


def _read(file, index):
    """uint8 pixels `[H, W, C]` or encoded bytes of a record."""
    feature = file.example(index).features.feature
    shape, data = _pixels(feature)
    if _is_raw(feature):
        chw = np.frombuffer(data, np.uint8).reshape(shape)
        return chw.transpose(1, 2, 0)
    for value in feature.values():
        for encoded in value.bytes_list.value:
            if decode.is_image(encoded[: decode.HEAD_BYTES]):
                return encoded
    raise decode.BadImage(
        "expected a shape (C, H, W) and as many bytes of data, or an "
        f"encoded image. Received: shape={shape}, {len(data)} bytes, in "
        f"{', '.join(sorted(feature)) or 'no feature'}"
    )


def _read_labels(path, count):
    """Vectors, float32 `[count, L]`, or None."""
    if not path.exists():
        return None
    with regular.open_file(path) as file:
        try:
            labels = np.load(file, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise ValueError(
                f"{path} is no plain .npy array ({error})."
            ) from error
    if labels.ndim != 2 or len(labels) != count:
        raise ValueError(
            f"{path} must be an array [{count}, L]. Received: "
            f"shape {labels.shape}."
        )
    is_number = labels.dtype.kind in "fiub"
    if not (is_number and np.isfinite(labels.astype(np.float32)).all()):
        raise ValueError(
            f"{path} must hold finite numbers. Received: type "
            f"{labels.dtype}, with some that are not"
        )
    return labels.astype(np.float32) if labels.shape[1] else None


def _holds_pixels(file):
    """Whether the first record that is not damaged is of the official kind."""
    for index in range(len(file)):
        try:
            return _is_raw(file.example(index).features.feature)
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
