"""MNIST's files: IDX, gzipped or not, with labels beside the images."""

import gzip
import pathlib
import zlib

import numpy as np

from stylegan_tf.data import arrays

_IMAGES, _LABELS = "-images-idx3-ubyte", "-labels-idx1-ubyte"


def find(path):
    """The IDX images at `path` (a file, or a folder holding it), or None."""
    path = pathlib.Path(path)
    if path.is_file():
        return path if _IMAGES in path.name else None
    for name in (f"train{_IMAGES}.gz", f"train{_IMAGES}"):
        if (path / name).is_file():
            return path / name
    return None


def open_store(path):
    """Store of an IDX file of images, with the labels' file beside it."""
    images = _read(path, magic=0x803)[..., None]
    labels_path = path.with_name(path.name.replace(_IMAGES, _LABELS))
    labels = None
    if labels_path.exists():
        labels = _read(labels_path, magic=0x801).astype(np.int64)
        if len(labels) != len(images):
            raise ValueError(
                f"{labels_path} has {len(labels)} labels for the "
                f"{len(images)} images of {path}."
            )
    return arrays.ArrayStore(path, images, labels=labels)


def _read(path, magic):
    data = path.read_bytes()
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
    shape = np.frombuffer(data, ">u4", rank, offset=4).astype(int)
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * rank)
    if values.size != shape.prod():
        raise ValueError(
            f"{path} was cut short: expected {shape.prod()} values. "
            f"Received: {values.size}."
        )
    return values.reshape(shape)
