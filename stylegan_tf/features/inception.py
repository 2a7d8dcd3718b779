"""Inception v3 as it was on 2015-12-05: of FID, KID and Inception Score.

Layers have the original graph's names, `mixed_9/tower/mixed/conv_1` as
`mixed_9.tower_mixed_conv_1`. Batch normalisation is part of the convolutions.

Reference: https://arxiv.org/abs/1512.00567, section 6
"""

import keras
import numpy as np
import scipy.special
import tensorflow as tf

from stylegan_tf.features import (
    inception_names,
    pixels,
    running,
    weight_files,
)

SIDE = 299
_WIDTHS_17 = (128, 160, 160, 192)


class Inception:
    """The network with its weights, and the resizing that they expect.

    The original graph and NVIDIA's TorchScript resize as TensorFlow 1 did
    and scale by (x - 128) / 128; pytorch-fid, whose weights are the same,
    resizes as PyTorch does and scales to [-1, 1]. Which of them applies
    follows from the names of the arrays, unless `resize` says it.

    Args:
        arrays: Weights by name, see `inception_names`.
        sha256: Of the file they are from.
        resize: "legacy" or "half_pixel", see `pixels.resize_bilinear`.
        batch_size: Images at a time.
    Attributes:
        features: The last pool of images `[N, H, W, C]`, float32 `[N, 2048]`.
    """

    name = "inception-2015-12-05"
    label = ""  # what scores made with this network must be marked with

    def __init__(self, arrays, *, sha256="", resize=None, batch_size=32):
        self.sha256 = sha256
        is_port = inception_names.convention_of(arrays) == "port"
        self.resize = resize or ("half_pixel" if is_port else "legacy")
        self.network = build()
        self._kernel, self._bias = inception_names.assign(self.network, arrays)
        self.features = running.batched(
            lambda images: self.network(self.prepare(images)), batch_size
        )

    def prepare(self, images):
        """The network's input `[N, 299, 299, 3]` of images `[N, H, W, C]`."""
        x = pixels.to_rgb(images)
        if self.resize == "half_pixel":
            x = pixels.resize_bilinear(x / 255.0, SIDE, self.resize)
            return 2.0 * x - 1.0
        x = pixels.resize_bilinear(x, SIDE, self.resize)
        return (x - 128.0) / 128.0

    def logits_of(self, features, *, has_bias=False):
        """Scores of the 1008 classes, float32 `[N, 1008]`.

        The Inception Score is computed without the bias.
        """
        logits = np.asarray(tf.matmul(features, self._kernel))
        return logits + self._bias if has_bias else logits

    def probabilities_of(self, features, *, has_bias=False):
        """What the Inception Score takes, float32 `[N, 1008]`."""
        logits = self.logits_of(features, has_bias=has_bias)
        return scipy.special.softmax(logits, axis=1)


def load(path=None):
    """The `Inception` of a file, or of the one `finding.find` finds."""
    arrays, sha256 = weight_files.load("inception", path)
    return Inception(arrays, sha256=sha256)


def build():
    """A model of images `[N, 299, 299, 3]` in [-1, 1] to `[N, 2048]`."""
    images = keras.Input((SIDE, SIDE, 3), name="images")
    x = _stem(images)
    for name, pool_filters in (("mixed", 32), ("mixed_1", 64), ("mixed_2", 64)):
        x = _mixed_35(x, name, pool_filters)
    x = _shrink_35(x, "mixed_3")
    for index, width in enumerate(_WIDTHS_17):
        x = _mixed_17(x, f"mixed_{4 + index}", width)
    x = _shrink_17(x, "mixed_8")
    x = _mixed_8(x, "mixed_9", pool=_average)
    x = _mixed_8(x, "mixed_10", pool=_maximum)
    x = keras.layers.GlobalAveragePooling2D(name="pool_3")(x)
    return keras.Model(images, x, name="inception")


def _stem(x):
    x = _conv(x, "conv", 32, 3, strides=2)
    x = _conv(x, "conv_1", 32, 3, padding="valid")
    x = _conv(x, "conv_2", 64, 3)
    x = keras.layers.MaxPooling2D(3, 2, name="pool")(x)
    x = _conv(x, "conv_3", 80, 1, padding="valid")
    x = _conv(x, "conv_4", 192, 3, padding="valid")
    return keras.layers.MaxPooling2D(3, 2, name="pool_1")(x)


def _mixed_35(x, name, pool_filters):
    """At 35x35: 1x1, 5x5, two 3x3, and a pool."""
    return _concatenate(
        name,
        _conv(x, f"{name}.conv", 64, 1),
        _chain(x, f"{name}.tower_conv", (48, 1), (64, 5)),
        _chain(x, f"{name}.tower_1_conv", (64, 1), (96, 3), (96, 3)),
        _conv(_average(x), f"{name}.tower_2_conv", pool_filters, 1),
    )


def _shrink_35(x, name):
    """35x35 to 17x17."""
    tower = _chain(x, f"{name}.tower_conv", (64, 1), (96, 3))
    ends = (x, "conv", 384), (tower, "tower_conv_2", 96)
    return _concatenate(name, *_halved(name, *ends), _largest(x))


def _halved(name, *ends):
    """Strided convolutions: of every (x, its name, filters)."""
    return [
        _conv(x, f"{name}.{end}", filters, 3, strides=2)
        for x, end, filters in ends
    ]


def _largest(x):
    return keras.layers.MaxPooling2D(3, 2)(x)


def _mixed_17(x, name, width):
    """At 17x17: 7x7 as a row and a column, once and twice."""
    row, column = (1, 7), (7, 1)
    return _concatenate(
        name,
        _conv(x, f"{name}.conv", 192, 1),
        _chain(
            x, f"{name}.tower_conv", (width, 1), (width, row), (192, column)
        ),
        _chain(
            x,
            f"{name}.tower_1_conv",
            (width, 1),
            (width, column),
            (width, row),
            (width, column),
            (192, row),
        ),
        _conv(_average(x), f"{name}.tower_2_conv", 192, 1),
    )


def _shrink_17(x, name):
    """17x17 to 8x8."""
    narrow = _conv(x, f"{name}.tower_conv", 192, 1)
    wide = _chain(
        x, f"{name}.tower_1_conv", (192, 1), (192, (1, 7)), (192, (7, 1))
    )
    ends = (narrow, "tower_conv_1", 320), (wide, "tower_1_conv_3", 192)
    return _concatenate(name, *_halved(name, *ends), _largest(x))


def _mixed_8(x, name, pool):
    """At 8x8: rows and columns side by side."""
    tower = _conv(x, f"{name}.tower_conv", 384, 1)
    tower_1 = _chain(x, f"{name}.tower_1_conv", (448, 1), (384, 3))
    return _concatenate(
        name,
        _conv(x, f"{name}.conv", 320, 1),
        _conv(tower, f"{name}.tower_mixed_conv", 384, (1, 3)),
        _conv(tower, f"{name}.tower_mixed_conv_1", 384, (3, 1)),
        _conv(tower_1, f"{name}.tower_1_mixed_conv", 384, (1, 3)),
        _conv(tower_1, f"{name}.tower_1_mixed_conv_1", 384, (3, 1)),
        _conv(pool(x), f"{name}.tower_2_conv", 192, 1),
    )


def _chain(x, name, *convolutions):
    """Convolutions `name`, `name_1`, ... of (filters, kernel size) each."""
    for index, (filters, kernel_size) in enumerate(convolutions):
        suffix = f"_{index}" if index else ""
        x = _conv(x, name + suffix, filters, kernel_size)
    return x


def _conv(x, name, filters, kernel_size, *, strides=1, padding="same"):
    """A convolution with bias and ReLU; one with strides is not padded."""
    return keras.layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding if strides == 1 else "valid",
        activation="relu",
        name=name,
    )(x)


def _average(x):
    """3x3 means that leave the padding out of the count."""
    return keras.layers.AveragePooling2D(3, 1, padding="same")(x)


def _maximum(x):
    return keras.layers.MaxPooling2D(3, 1, padding="same")(x)


def _concatenate(name, *branches):
    return keras.layers.Concatenate(name=name)(branches)
