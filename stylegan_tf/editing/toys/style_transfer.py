"""Gives an image the statistics of another's features: AdaIN, shown.

References: https://arxiv.org/abs/1703.06868, section 5;
    https://arxiv.org/abs/1508.06576, equation 3
"""

import dataclasses
import typing

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import images as images_lib
from stylegan_tf.data import convert, decode
from stylegan_tf.features import (
    finding,
    offline,
    pixels,
    running,
    vgg16,
    weight_files,
)
from stylegan_tf.ops import normalization

STEPS = 200  # of the search for an image
_LEARNING_RATE = 0.03
_SMOOTH = 0.1  # weight of the total variation, which maps hardly see
_VGG16_LAYER, _VGG16_SIDE = "block3_conv1", 256
_OFFLINE_LAYER = 1  # of its five convolutions


@dataclasses.dataclass(frozen=True)
class Maps:
    """What looks at images.

    Attributes:
        name: Of the network and its layer.
        side: Height and width of the images.
        compute: Images in [-1, 1], `[N, side, side, 3]`, to maps `[N, H, W,
            C]`; both tensors.
    """

    name: str
    side: int
    compute: typing.Callable


class Normalised(typing.NamedTuple):
    """Maps `[H, W, C]` of a content and a style, and what became of them."""

    content: np.ndarray
    style: np.ndarray
    batch: np.ndarray  # content, normalised with the style as one batch
    batch_style: np.ndarray  # the style of this batch
    instance: np.ndarray  # content, normalised alone
    adain: np.ndarray  # content, with the style's statistics


def load():
    """`Maps` of VGG16 where its file is, else of the offline extractor."""
    if not finding.is_there("vgg16"):
        return of_offline(offline.load())
    arrays, _ = weight_files.load("vgg16")
    return of_vgg16(arrays)


def of_offline(extractor):
    """`Maps` of a convolution of an `offline.Offline`."""
    return Maps(
        f"{extractor.name}, convolution {_OFFLINE_LAYER + 1}",
        offline.SIDE,
        lambda images: extractor.network(images)[0][_OFFLINE_LAYER],
    )


def of_vgg16(arrays):
    """`Maps` of VGG16's weights, see `vgg16.build`."""
    network = vgg16.build(arrays, include_top=False)
    layer = network.get_layer(_VGG16_LAYER)
    network = keras.Model(network.input, layer.output)
    return Maps(
        f"VGG16, {_VGG16_LAYER}",
        _VGG16_SIDE,
        lambda images: network(vgg16.normalise(pixels.to_rgb(images))),
    )


def fitted(image, side):
    """The centre of an image as uint8 RGB, `[side, side, 3]`.

    Args:
        image: uint8 `[H, W, C]`, of any size and C = 1 to 4.
        side: Height and width of the result.
    """
    target = convert.Target(side, side, alpha="white")
    return decode.pixels(convert.convert(image, target).data)


def normalised(content, style):
    """The `Normalised` of maps or pixels `[H, W, C]`, float."""
    both = np.stack([content, style]).astype(np.float32)
    batch = np.asarray(normalization.batch_norm(both))
    adain = normalization.adain(both[:1], both[1:])
    return Normalised(
        both[0],
        both[1],
        *batch,
        np.asarray(normalization.instance_norm(both[:1]))[0],
        np.asarray(adain)[0],
    )


def maps_of(maps, image):
    """`[H, W, C]` of one uint8 image."""
    made = maps.compute(tf.constant(images_lib.to_float(image)[None]))
    return np.asarray(made)[0]


def statistics(features):
    """Means and deviations of the channels of `[H, W, C]`, each `[C]`."""
    mean, variance = normalization.moments(features, (0, 1))
    return np.ravel(mean), np.sqrt(np.ravel(variance))


def gram(features):
    """What channels have in common, `[C, C]`: mean products over pixels."""
    flat = features.reshape(-1, features.shape[-1])
    return flat.T @ flat / len(flat)


def transfer(maps, content, style, **options):
    """An image with the style's statistics in its maps, uint8; see `search`.

    Args:
        maps: `Maps`.
        content: uint8 `[side, side, 3]`.
        style: uint8 `[side, side, 3]`.
        **options: Of `search`.
    """
    pair = [maps_of(maps, each) for each in (content, style)]
    return search(maps, normalised(*pair).adain, content, **options)


def search(maps, target, start, *, steps=STEPS, report=None):
    """An image whose maps are near a target: what a decoder would give.

    Args:
        maps: `Maps`.
        target: `[H, W, C]`.
        start: Where the search starts, uint8 `[side, side, 3]`.
        steps: Of Adam.
        report: Called after every step, or None.

    Returns:
        uint8 `[side, side, 3]`.
    """
    image = tf.Variable(images_lib.to_float(start)[None])
    target = tf.constant(target[None])
    scale, pixels = tf.reduce_mean(tf.square(target)), maps.side**2
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build([image])

    @running.compiled
    def step():
        with tf.GradientTape() as tape:
            squares = tf.square(maps.compute(image) - target) / scale
            roughness = tf.image.total_variation(image) / pixels
            loss = tf.reduce_mean(squares) + _SMOOTH * tf.reduce_sum(roughness)
        optimizer.apply([tape.gradient(loss, image)], [image])
        image.assign(tf.clip_by_value(image, -1.0, 1.0))
        return loss

    for _ in range(steps):
        step()
        if report:
            report()
    return images_lib.to_uint8(image.numpy())[0]
