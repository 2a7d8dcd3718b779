"""Images to project, in the size of a network."""

import pathlib
from typing import NamedTuple

import numpy as np

from stylegan_tf.data import convert, decode, regular, sources


class Targets(NamedTuple):
    """Images and what to call them."""

    names: list
    images: np.ndarray  # uint8 [N, H, W, C]


def read(paths, image_shape, most):
    """`Targets` of files, folders and data sets.

    The largest middle part with the network's proportions is resized;
    transparent pixels are laid over white where the network knows none.

    Args:
        paths: Image files, or what `data.sources.open_source` opens.
        image_shape: (H, W, C) of the network's images.
        most: How many to take of every folder or data set, from the first.

    Raises:
        OSError, ValueError: With the file that cannot be used, and why.
    """
    height, width, channels = image_shape
    target = convert.Target(height, width, channels, alpha="white")
    names, images = [], []
    for path in paths:
        for name, data in _found(path, max(height, width), most):
            try:
                result = convert.convert(data, target)
            except decode.BadImage as error:
                raise ValueError(f"{name} of {path}: {error}") from error
            names.append(name)
            images.append(decode.pixels(result.data))
    return Targets(_distinct(names), np.stack(images))


def joined(first, second):
    """One `Targets` of two, or of one and None."""
    if first is None or second is None:
        return second if first is None else first
    return Targets(
        _distinct([*first.names, *second.names]),
        np.concatenate([first.images, second.images]),
    )


def _found(path, resolution, most):
    """Yields names and encoded bytes, or uint8 pixels, of what a path holds."""
    file = pathlib.Path(path)
    if file.is_file() and _is_image(file):
        yield file.stem, regular.read(file)
        return
    source = sources.open_source(path, resolution)
    for index in range(min(most, len(source))):
        yield pathlib.PurePath(source.names[index]).stem, source.read(index)


def _is_image(file):
    with regular.open_file(file) as opened:
        head = opened.read(decode.HEAD_BYTES)
    return decode.is_image(head) or file.suffix.lower() == ".tga"


def _distinct(names):
    """Names of files: those that come again get a number."""
    found = []
    for name in names:
        count, other = 1, name
        while other in found:
            count += 1
            other = f"{name}-{count}"
        found.append(other)
    return found
