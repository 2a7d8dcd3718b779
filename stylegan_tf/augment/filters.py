"""Frequencies of images made stronger and weaker."""

import numpy as np
import tensorflow as tf

from stylegan_tf.augment import wavelets

# Shares of the power of natural images, which falls with the frequency.
_POWER = np.array([10, 1, 1, 1], np.float32) / 13


def gains(parameters):
    """Factors of the four bands `[N, 4]`; None if nothing is to be filtered.

    Args:
        parameters: Of `draws.parameters`. Whenever a band is amplified, all
            are scaled so that the expected power stays.
    """
    if "imgfilter" not in parameters:
        return None
    factors = tf.pow(2.0, parameters["imgfilter"])
    power = 1 + _POWER * (tf.square(factors) - 1)  # after each amplification
    return factors / tf.sqrt(tf.reduce_prod(power, axis=1, keepdims=True))


def amplify(images, gains):
    """`[N, H, W, C]` whose bands are multiplied by `gains`, per image."""
    for _ in ("rows", "columns"):  # swapped by the transposition
        _, size, other, channels = images.shape
        filters = tf.tensordot(gains, wavelets.band_filters(size), 1)
        rows = tf.reshape(images, (-1, size, other * channels))
        images = tf.reshape(
            tf.matmul(filters, rows), (-1, size, other, channels)
        )
        images = tf.transpose(images, (0, 2, 1, 3))
    return images
