"""Pixels of small copies of images as features, for what needs no network."""

import tensorflow as tf

from stylegan_tf.features import pixels, running

_SIDE = 16


class Thumbnails:
    """A detector whose features are the pixels of 16x16 images, in RGB."""

    name = "pixels"

    def __init__(self):
        self.features = running.batched(_features, 256)


def _features(images):
    small = pixels.resize_antialiased(pixels.to_rgb(images), _SIDE)
    return tf.reshape(small, [len(images), -1]) / 127.5
