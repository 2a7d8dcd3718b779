"""Batches of images to make and to extract features from."""

import numpy as np


def generated(make_images, count, batch_size=16):
    """Yields `count` images, `batch_size` at a time.

    Every batch is asked for in full, so that a traced generator has one
    shape; what is too many of the last one is dropped.

    Args:
        make_images: Number of images to uint8 `[number, H, W, C]`.
        count: How many in all.
        batch_size: How many at a time.
    """
    for start in range(0, count, batch_size):
        yield make_images(batch_size)[: count - start]


def features(detector, images):
    """Yields features `[N, F]` of batches of uint8 images `[N, H, W, C]`."""
    for batch in images:
        yield np.asarray(detector(as_rgb(batch)))


def all_features(detector, images):
    """Features `[N, F]` of all batches of uint8 `images`, in one array."""
    return np.concatenate(list(features(detector, images)))


def as_rgb(images):
    """`[N, H, W, C]` to `[N, H, W, 3]`: grey tiled, alpha dropped."""
    channels = images.shape[-1]
    if channels < 3:
        return np.repeat(images[..., :1], 3, axis=-1)
    return images[..., :3]
