"""Where the pixels of a moved image come from, as matrices `[N, 3, 3]`.

Coordinates are (x, y, 1) in pixels from the image's centre. The matrices
lead back, from a pixel of the result to its place in the image, so that the
transform that acts first stands leftmost in the product.
"""

import functools
import math

import tensorflow as tf

_NAMES = {"xflip", "rotate90", "xint", "scale", "rotate", "aniso", "xfrac"}


def way_back(parameters, height, width):
    """The product of all that move pixels, `[N, 3, 3]`; None if none does.

    Args:
        parameters: Of `draws.parameters`.
        height: Of the images, pixels.
        width: Likewise.
    """
    size = tf.constant([width, height], tf.float32)
    steps, get = [], parameters.get
    if (flip := get("xflip")) is not None:
        steps.append(_stretched(1 - 2 * flip, 1))
    if (turns := get("rotate90")) is not None:
        steps.append(_turned(turns * (math.pi / 2)))
    if (move := get("xint")) is not None:
        steps.append(_moved(tf.round(move * size)))
    if (scale := get("scale")) is not None:
        steps.append(_stretched(tf.pow(2.0, scale), tf.pow(2.0, scale)))
    if (angles := get("rotate")) is not None:
        steps.append(_turned(angles[:, :1]))
    if (aniso := get("aniso")) is not None:
        steps.append(_stretched(tf.pow(2.0, aniso), tf.pow(2.0, -aniso)))
    if angles is not None:
        steps.append(_turned(angles[:, 1:]))
    if (move := get("xfrac")) is not None:
        steps.append(_moved(move * size))
    return functools.reduce(tf.matmul, steps) if steps else None


def _stretched(x, y):
    """Back from a stretch by `x` and `y`, `[N, 1]`."""
    return _rows([1 / x, 0, 0], [0, 1 / y, 0])


def _turned(angle):
    """Back from a rotation by `angle`, `[N, 1]`, radians."""
    c, s = tf.cos(angle), tf.sin(angle)
    return _rows([c, -s, 0], [s, c, 0])


def _moved(by):
    """Back from a move by `[N, 2]` pixels."""
    return _rows([1, 0, -by[:, :1]], [0, 1, -by[:, 1:]])


def _rows(*rows):
    """`[N, 3, 3]` of six numbers, some of which are `[N, 1]`."""
    numbers = [*rows[0], *rows[1], 0, 0, 1]
    one = tf.ones_like(next(n for n in numbers if tf.is_tensor(n)))
    columns = [n if tf.is_tensor(n) else n * one for n in numbers]
    return tf.reshape(tf.concat(columns, axis=1), (-1, 3, 3))
