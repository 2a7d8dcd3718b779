"""Noise over images, and rectangles cut out of them."""

import tensorflow as tf


def add_noise(images, noise, strength):
    """Adds unit normal `noise`, as of the images, by `[N, 1]`."""
    return images + noise * strength[:, :, None, None]


def cut_out(images, centre, size):
    """Greys a rectangle.

    Args:
        images: `[N, H, W, C]`.
        centre: x and y `[N, 2]`, in parts of the image's width and height.
        size: Of the rectangle, in the same parts.
    """
    _, height, width, _ = images.shape
    x, y = (
        tf.abs((tf.range(count, dtype=tf.float32) + 0.5) / count - part)
        for count, part in ((width, centre[:, :1]), (height, centre[:, 1:]))
    )
    inside = (x < size / 2)[:, None, :] & (y < size / 2)[:, :, None]
    return tf.where(inside[..., None], 0.0, images)
