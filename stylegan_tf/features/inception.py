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
_ROW, _COLUMN = (1, 7), (7, 1)


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
        self._kernel = inception_names.assign(self.network, arrays)
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

    def logits_of(self, features):
        """Scores of the 1008 classes without a bias, float32 `[N, 1008]`."""
        return np.asarray(tf.matmul(features, self._kernel))

    def probabilities_of(self, features):
        """What the Inception Score takes, float32 `[N, 1008]`."""
        return scipy.special.softmax(self.logits_of(features), axis=1)


def load(path=None):
    """The `Inception` of a file, or of the one `finding.find` finds."""
    arrays, sha256 = weight_files.load("inception", path)
    return Inception(arrays, sha256=sha256)


def build():
    """A model of images `[N, 299, 299, 3]` in [-1, 1] to `[N, 2048]`."""
    images = keras.Input((SIDE, SIDE, 3), name="images")
    x = _stem(images)
    for name, pooled in (("mixed", 32), ("mixed_1", 64), ("mixed_2", 64)):
        tower, tower_1 = [(48, 1), (64, 5)], [(64, 1), (96, 3), (96, 3)]
        x = _mixed(x, name, 64, tower, tower_1, pooled)
    tower = [(64, 1), (96, 3), (96, 3, 2)]
    x = _shrink(x, "mixed_3", {"conv": [(384, 3, 2)], "tower_conv": tower})
    for index, width in enumerate(_WIDTHS_17):
        tower = [(width, 1), (width, _ROW), (192, _COLUMN)]
        tower_1 = [(width, 1), (width, _COLUMN), (width, _ROW)]
        tower_1 += [(width, _COLUMN), (192, _ROW)]
        x = _mixed(x, f"mixed_{4 + index}", 192, tower, tower_1, 192)
    tower = [(192, 1), (320, 3, 2)]
    tower_1 = [(192, 1), (192, _ROW), (192, _COLUMN), (192, 3, 2)]
    x = _shrink(x, "mixed_8", {"tower_conv": tower, "tower_1_conv": tower_1})
    x = _mixed_8(x, "mixed_9", keras.layers.AveragePooling2D)
    x = _mixed_8(x, "mixed_10", keras.layers.MaxPooling2D)
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


def _mixed(x, name, filters, tower, tower_1, pooled):
    """At 35x35 and 17x17: a 1x1, two chains, and a pool."""
    # The mean leaves the padding out of the count.
    pool = keras.layers.AveragePooling2D(3, 1, padding="same")(x)
    branches = [
        _conv(x, f"{name}.conv", filters, 1),
        _chain(x, f"{name}.tower_conv", tower),
        _chain(x, f"{name}.tower_1_conv", tower_1),
        _conv(pool, f"{name}.tower_2_conv", pooled, 1),
    ]
    return keras.layers.Concatenate(name=name)(branches)


def _shrink(x, name, chains):
    """To half the size: chains that end in a stride, and a pool."""
    branches = [
        _chain(x, f"{name}.{key}", each) for key, each in chains.items()
    ]
    branches.append(keras.layers.MaxPooling2D(3, 2)(x))
    return keras.layers.Concatenate(name=name)(branches)


def _mixed_8(x, name, pooling):
    """At 8x8: rows and columns side by side."""
    tower = _conv(x, f"{name}.tower_conv", 384, 1)
    tower_1 = _chain(x, f"{name}.tower_1_conv", [(448, 1), (384, 3)])
    pool = pooling(3, 1, padding="same")(x)
    branches = [
        _conv(x, f"{name}.conv", 320, 1),
        _conv(tower, f"{name}.tower_mixed_conv", 384, (1, 3)),
        _conv(tower, f"{name}.tower_mixed_conv_1", 384, (3, 1)),
        _conv(tower_1, f"{name}.tower_1_mixed_conv", 384, (1, 3)),
        _conv(tower_1, f"{name}.tower_1_mixed_conv_1", 384, (3, 1)),
        _conv(pool, f"{name}.tower_2_conv", 192, 1),
    ]
    return keras.layers.Concatenate(name=name)(branches)


def _chain(x, name, convolutions):
    """Convolutions `name`, `name_1`, ...: filters, kernel size, strides."""
    for index, each in enumerate(convolutions):
        x = _conv(x, f"{name}_{index}" if index else name, *each)
    return x


def _conv(x, name, filters, kernel_size, strides=1, padding="same"):
    """A convolution with bias and ReLU; one with strides is not padded."""
    return keras.layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding if strides == 1 else "valid",
        activation="relu",
        name=name,
    )(x)
