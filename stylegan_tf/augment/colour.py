"""Colours moved by matrices `[N, 4, 4]` that act on (red, green, blue, 1)."""

import functools
import math

import numpy as np
import tensorflow as tf

_LUMA = np.array([1, 1, 1, 0], np.float32)
_ONE = np.array([0, 0, 0, 1], np.float32)
_SHIFT = np.outer(_LUMA, _ONE)
_REST = np.outer(_ONE, _ONE)
_ALONG = np.outer(_LUMA, _LUMA) / 3  # projects onto the axis of greys
_ACROSS = np.diag(_LUMA) - _ALONG  # ... and beside it
_QUARTER = np.zeros((4, 4), np.float32)  # turns about it, red towards green
_QUARTER[[1, 2, 0], [0, 1, 2]] = 1 / math.sqrt(3)
_QUARTER -= _QUARTER.T


def matrix(parameters):
    """The product of all that change colours, `[N, 4, 4]`, or None.

    Args:
        parameters: Of `draws.parameters`.
    """
    steps = []
    get = {name: value[:, :, None] for name, value in parameters.items()}.get
    if (shift := get("brightness")) is not None:
        steps.append(shift * _SHIFT + np.eye(4, dtype=np.float32))
    if (contrast := get("contrast")) is not None:
        steps.append(tf.pow(2.0, contrast) * np.diag(_LUMA) + _REST)
    if (flip := get("lumaflip")) is not None:
        steps.append((1 - 2 * flip) * _ALONG + _ACROSS + _REST)
    if (angle := get("hue")) is not None:
        turned = tf.cos(angle) * _ACROSS + tf.sin(angle) * _QUARTER
        steps.append(turned + _ALONG + _REST)
    if (saturation := get("saturation")) is not None:
        steps.append(tf.pow(2.0, saturation) * _ACROSS + _ALONG + _REST)
    if not steps:
        return None
    return functools.reduce(lambda done, step: tf.matmul(step, done), steps)


def change(images, matrix):
    """Images `[N, H, W, 1 or 3]` in other colours.

    A grey image is one of three equal channels, of which the mean is kept.
    """
    mix, shift = matrix[:, :3, :3], matrix[:, :3, 3]
    if images.shape[-1] == 1:
        mix = tf.reduce_mean(tf.reduce_sum(mix, 2, True), 1, True)
        shift = tf.reduce_mean(shift, 1, True)
    return (
        tf.matmul(images, mix[:, None], transpose_b=True)
        + (shift[:, None, None])
    )
