"""Instance against batch normalisation, in networks that stylise images.

Two small networks learn to give any face the look of one style image, one
with each normalisation. The faces come with all contrasts, and what is to be
made of one is the same for each: instance normalisation takes contrasts away.

Reference: https://arxiv.org/abs/1607.08022, section 2
"""

import dataclasses

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from stylegan_tf import images as images_lib
from stylegan_tf.data import pipeline, sources
from stylegan_tf.features import offline, running
from stylegan_tf.ops import normalization

SIDE = offline.SIDE  # of the images
STEPS, BATCH_SIZE = 300, 8
NORMS = {
    "batch": normalization.batch_norm,
    "instance": normalization.instance_norm,
}
CONTRASTS = (0.1, 1.0)  # the lowest and the highest factor
_SHOWN = 5  # contrasts of one content
_FACES = 1024  # of the bundled ones, that are trained on
_WIDTH = 32  # maps of every layer
_LEARNING_RATE = 3e-3
_STYLE_LAYERS, _CONTENT_LAYER = 3, 2  # of the extractor's convolutions
_STYLE_WEIGHT = 1.0
_EPSILON = 1e-5


@dataclasses.dataclass(frozen=True)
class Compared:
    """What networks with either norm made.

    Attributes:
        images: Of a content at several contrasts, and of both networks:
            rows of uint8 `[H, W, 3]` by their labels.
        losses: At every step `[steps]`, by title of the panel and norm.
    """

    images: dict
    losses: dict


def compare(content, style, *, steps=STEPS, seed=0, report=None):
    """Trains networks with either norm, on two kinds of faces: `Compared`.

    Args:
        content: uint8 `[32, 32, 3]`, shown with several contrasts.
        style: uint8 `[32, 32, 3]`, what the networks learn.
        steps: Of each of the four trainings.
        seed: Of all that is drawn.
        report: Called after every step, or None.
    """
    factors = np.geomspace(*CONTRASTS, _SHOWN)
    inputs = with_contrasts(
        np.repeat(images_lib.to_float(content)[None], _SHOWN, axis=0), factors
    )
    shown, losses = {"content": images_lib.to_uint8(inputs)}, {}
    for title, is_varied in (("all contrasts", True), ("as they are", False)):
        for norm in NORMS:
            network, loss = train(
                norm,
                style,
                is_varied=is_varied,
                steps=steps,
                seed=seed,
                report=report,
            )
            losses.setdefault(title, {})[norm] = loss
            if is_varied:
                made = images_lib.to_uint8(network(inputs))
                shown[f"{norm} norm."] = made
    return Compared(shown, losses)


def build(norm):
    """A network `[N, H, W, 3]` -> `[N, H, W, 3]`, both in [-1, 1]."""
    x = inputs = keras.Input((None, None, 3))
    for _ in range(3):
        x = keras.layers.Conv2D(_WIDTH, 3)(_mirrored(x))
        x = keras.layers.Activation("relu")(_Norm(norm)(x))
    x = keras.layers.Conv2D(3, 3, activation="tanh")(_mirrored(x))
    return keras.Model(inputs, x)


def with_contrasts(images, factors):
    """Float images `[N, H, W, C]`, their contrast times `[N]`, as bright."""
    mean = images.mean(axis=(1, 2, 3), keepdims=True)
    factors = np.reshape(factors, (-1, 1, 1, 1))
    return (mean + factors * (images - mean)).astype(np.float32)


def train(norm, style, *, is_varied=True, steps=STEPS, seed=0, report=None):
    """A network that stylises, and its loss at every step, `[steps]`.

    Args:
        norm: One of `NORMS`.
        style: uint8 `[32, 32, 3]`.
        is_varied: Whether faces have all contrasts, or their own.
        steps: Batches.
        seed: Of weights, order and contrasts.
        report: Called after every step, or None.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.RandomState(seed)
    source = sources.open_source("bundled")
    faces, _ = pipeline.read(source, range(_FACES), source.image_shape)
    faces = images_lib.to_float(faces)
    network = build(norm)
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)
    loss_of = _loss(offline.load().network, images_lib.to_float(style)[None])

    @running.compiled
    def step(images, content):
        with tf.GradientTape() as tape:
            loss = loss_of(network(images), content)
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    losses = []
    for _ in range(steps):
        seen = content = faces[random.randint(_FACES, size=BATCH_SIZE)]
        if is_varied:
            logs = random.uniform(*np.log(CONTRASTS), size=BATCH_SIZE)
            seen = with_contrasts(content, np.exp(logs))
        losses.append(float(step(seen, content)))
        if report:
            report()
    return network, np.array(losses)


class _Norm(keras.layers.Layer):
    """Normalises maps, then scales and shifts each by what is learned.

    Args:
        norm: One of `NORMS`.
    """

    def __init__(self, norm, **kwargs):
        super().__init__(**kwargs)
        self.norm = norm

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.scale = self.add_weight(
            name="scale", shape=shape, initializer="ones"
        )
        self.shift = self.add_weight(
            name="shift", shape=shape, initializer="zeros"
        )

    def call(self, x):
        return NORMS[self.norm](x) * self.scale + self.shift


def _mirrored(x):
    """A pixel more on all sides: black ones would show in the images."""
    return ops.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="reflect")


def _loss(network, style):
    """A function of stylised images and their content, to a scalar."""

    def statistics(maps):
        return [
            (mean, tf.sqrt(variance + _EPSILON))
            for mean, variance in (
                normalization.moments(each, (1, 2))
                for each in maps[:_STYLE_LAYERS]
            )
        ]

    wanted = statistics(network(style)[0])

    def loss(made, content):
        maps = network(made)[0]
        same = network(content)[0][_CONTENT_LAYER]
        content_loss = tf.reduce_mean(tf.square(maps[_CONTENT_LAYER] - same))
        style_loss = sum(
            tf.reduce_mean(tf.square(mean - their_mean))
            + tf.reduce_mean(tf.square(deviation - their_deviation))
            for (mean, deviation), (their_mean, their_deviation) in zip(
                statistics(maps), wanted, strict=True
            )
        )
        return content_loss + _STYLE_WEIGHT * style_loss

    return loss
