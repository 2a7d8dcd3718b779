"""Shrinks the images of a source, and keeps them if they are few."""

import dataclasses
import functools

import numpy as np

from stylegan_tf.data import decode, holdout, shapes, sources

_KEPT_BYTES = 1 << 30  # larger sets are shrunk again every time


def shrink(image, factor):
    """uint8 `[H, W, C]` as means of boxes, `[H // factor, W // factor, C]`.

    Rounded as the levels of the official multi-resolution TFRecords are.
    """
    height, width, channels = image.shape
    boxes = image.reshape(
        height // factor, factor, width // factor, factor, channels
    )
    return np.rint(boxes.mean((1, 3), dtype=np.float32)).astype(np.uint8)


def at_resolution(source, resolution):
    """The `Source` with a longer side of `resolution` pixels.

    Args:
        source: A `sources.Source`; official TFRecords give their own level.
        resolution: What the source's is, or a half of it, or a third...

    Raises:
        ValueError: If it is not, with the command that prepares the images.
    """
    height, width, channels = source.image_shape
    if max(height, width) == resolution:
        return source
    wanted = source.wanted_shape or source.image_shape
    if source.levels:
        small = sources.open_source(source.path, resolution)
        if source.indices is not None:
            small = holdout.take(small, source.indices)
        return dataclasses.replace(
            source, names=small.names, fetch=small.fetch, wanted_shape=wanted
        )
    factor = max(height, width) // resolution
    if max(height, width) % resolution or height % factor or width % factor:
        expected = resolution, resolution, channels
        raise ValueError(shapes.other_size(source, expected))

    def fetch(index):
        image = decode.pixels(source.read(index))
        if image.shape != source.image_shape:
            raise ValueError(shapes.mismatch(source, index, source.image_shape))
        return shrink(image, factor)

    total = len(source) * height * width * channels // factor**2
    if total <= _KEPT_BYTES:
        fetch = functools.cache(fetch)
    return dataclasses.replace(source, fetch=fetch, wanted_shape=wanted)
