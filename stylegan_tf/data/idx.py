"""Reads MNIST's files: IDX, gzipped or not, and the labels beside them.

Some programs unpack `x-idx3-ubyte.gz` to `x.idx3-ubyte`; both are read.
"""

import gzip
import math
import pathlib
import re
import zlib

import numpy as np

from stylegan_tf.data import image_files, regular, source

_IMAGES = re.compile(r"-images([.-])idx3-ubyte")
# The files say nothing of their classes. These are known by their folder.
_FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal"),
    *("Shirt", "Sneaker", "Bag", "Ankle boot"),
)


def find(path):
    """The IDX images at `path` (a file, or a folder holding it), or None."""
    path = pathlib.Path(path)
    if path.is_file():
        return path if _IMAGES.search(path.name) else None
    for stem in ("train-images-idx3-ubyte", "train-images.idx3-ubyte"):
        for name in (f"{stem}.gz", stem):
            if (path / name).is_file():
                return path / name
    return None


def open_source(path):
    """`Source` of an IDX file of images, with the labels' file beside it."""
    images = _read(path, magic=0x803)[..., None]
    labels_name = _IMAGES.sub(r"-labels\1idx1-ubyte", path.name)
    labels_path = path.with_name(labels_name)
    labels = None
    if labels_path.exists():
        labels = _read(labels_path, magic=0x801).astype(np.int64)
        if len(labels) != len(images):
            raise ValueError(
                f"{labels_path} has {len(labels)} labels for the "
                f"{len(images)} images of {path}."
            )
    others = image_files.beside(path.parent, {path.name, labels_name})
    return source.of_arrays(
        str(path),
        images,
        given_labels=labels,
        class_names=_class_names(path, labels),
        others=others,
    )


def _class_names(path, labels):
    """Those of Fashion-MNIST in a folder whose name says fashion, or None."""
    is_fashion = "fashion" in path.resolve().parent.name.lower()
    if labels is None or not is_fashion or labels.max() >= len(_FASHION):
        return None
    return list(_FASHION)


def _read(path, magic):
    data = regular.read(path)
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"{path} is damaged ({error}).") from error
    found = int.from_bytes(data[:4], "big")
    if found != magic:
        raise ValueError(
            f"{path} is no IDX file of the expected kind. Expected the magic "
            f"number {magic:#x}. Received: {found:#x}."
        )
    rank = magic & 0xFF
    start = 4 + 4 * rank
    if len(data) < start:
        raise ValueError(
            f"{path} was cut short: expected a header of {start} bytes. "
            f"Received: {len(data)} bytes."
        )
    shape = np.frombuffer(data, ">u4", rank, offset=4).tolist()
    if len(data) - start != math.prod(shape):
        raise ValueError(
            f"{path} was cut short, or holds more than it should: expected "
            f"{math.prod(shape)} values. Received: {len(data) - start}."
        )
    if 0 in shape[1:]:
        raise ValueError(f"{path} holds images without pixels: {shape}.")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)
