"""Inception v3 as it was on 2015-12-05, the network of FID.

Layers have the original graph's names, `mixed_9/tower/mixed/conv_1` as
`mixed_9.tower_mixed_conv_1`. Batch normalisation is part of the convolutions.

Reference: https://arxiv.org/abs/1512.00567, section 6
"""

import keras

SIDE = 299
FEATURES = 2048
CLASSES = 1008

_WIDTHS_17 = (128, 160, 160, 192)


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
    x = _conv(x, "conv", 32, 3, strides=2, padding="valid")
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
    return _concatenate(
        name,
        _conv(x, f"{name}.conv", 384, 3, strides=2, padding="valid"),
        _conv(tower, f"{name}.tower_conv_2", 96, 3, strides=2, padding="valid"),
        keras.layers.MaxPooling2D(3, 2)(x),
    )


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
    return _concatenate(
        name,
        _conv(
            narrow, f"{name}.tower_conv_1", 320, 3, strides=2, padding="valid"
        ),
        _conv(
            wide, f"{name}.tower_1_conv_3", 192, 3, strides=2, padding="valid"
        ),
        keras.layers.MaxPooling2D(3, 2)(x),
    )


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
    return keras.layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
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
