"""Projection: the w and noise maps of which a network makes a given image.

Both are found by Adam, from the mean of w, so that a perceptual distance to
the image falls. `project` does it from end to end; `Projector` step by step.

What an image gets depends on the network, the image and the settings alone,
not on the images beside it: all get the same draws, and batches are padded.

Reference: https://arxiv.org/abs/1912.04958, appendix D
"""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from stylegan_tf import images as images_lib
from stylegan_tf.editing.projection import noise_maps, schedule, start

BATCH_SIZE = 4
SPACES = ("w", "w+")
STEPS = 1000
_CORRELATION_WEIGHT = 1e5
_LARGEST = 256  # pixels that are compared; VGG was made for 224
_BETAS, _EPSILON = (0.9, 0.999), 1e-8


class State(NamedTuple):
    """Where a batch of projections is.

    Every list begins with w, `[N, 1, D]` or `[N, L, D]` in W+, and goes on
    with the noise maps, `[N, H, W, 1]`.
    """

    step: int  # how many were made
    values: list
    first: list  # Adam's moments
    second: list


class Goal(NamedTuple):
    """A batch of targets as they are compared, tensors."""

    images: Any  # [N, H, W, C], at most 256 pixels
    maps: list  # the detector's


class Found(NamedTuple):
    """What projection finds."""

    ws: np.ndarray  # [N, L, D]
    noise: list  # [N, H, W, 1] each; empty where networks have none
    distances: np.ndarray  # to the targets, [N]


def project(generator, targets, detector, *, batch_size=BATCH_SIZE, **settings):
    """`Found` of images.

    Args:
        generator: As of `Projector`, likewise `detector` and `settings`.
        targets: As of `Projector.project`, likewise `batch_size`.
    """
    projector = Projector(generator, detector, **settings)
    return projector.project(targets, batch_size)


class Projector:
    """Moves batches of w and noise maps towards their targets.

    Args:
        generator: A `generators.Bound`.
        detector: A `features.lpips.Lpips`, or what has its `maps` and
            `distance_of_maps`.
        steps: How many a projection takes.
        seed: Of all that is drawn.
        space: "w", one w for all layers, or "w+", one for each.
        pixel_weight: Of the mean squared difference of pixels, in [-1, 1].
        class_index: Of conditional networks, the class whose mean w is the
            start; None for the mean over all classes.
    """

    def __init__(
        self,
        generator,
        detector,
        *,
        steps=STEPS,
        seed=0,
        space="w",
        pixel_weight=0.0,
        class_index=None,
    ):
        if space not in SPACES:
            raise ValueError(f"`space` must be one of {SPACES}, not {space!r}")
        self.steps, self.seed, self.space = steps, seed, space
        self.generator, self._detector = generator, detector
        self._pixel_weight = pixel_weight
        self.mean, self.spread = start.statistics(generator, class_index)
        self._update = tf.function(self._updated, autograph=False)
        self._look = tf.function(self._seen, autograph=False)
        self._see = tf.function(self._goal, autograph=False)

    def project(self, targets, batch_size=BATCH_SIZE):
        """`Found` of images, from the first step to the last.

        Args:
            targets: Of the network's `image_shape`, `[N, H, W, C]`, uint8 or
                float.
            batch_size: How many at once; every batch is padded to it.
        """
        found = []
        for batch in batches(targets, batch_size):
            goal, state = self.goal(batch), self.begin(batch_size)
            while state.step < self.steps:
                state, _ = self.advance(state, goal)
            found.append(self.found(state, goal))
        return joined(found, len(targets))

    def begin(self, count):
        """The first `State` of `count` images."""
        layers = self.generator.config.num_ws if self.space == "w+" else 1
        w = np.tile(self.mean, (1, layers, 1))
        maps = noise_maps.first(self.seed, self.generator.noise_shapes)
        values = [np.repeat(each, count, axis=0) for each in (w, *maps)]
        zeros = [np.zeros_like(each) for each in values]
        return State(0, values, zeros, zeros)

    def goal(self, targets):
        """The `Goal` of images, `[N, H, W, C]`, uint8 or float."""
        if targets.shape[1:] != self.generator.image_shape:
            raise ValueError(
                "Targets must be [N, H, W, C] of the network's images, "
                f"{self.generator.image_shape}. Received: {targets.shape}"
            )
        if targets.dtype == np.uint8:
            targets = images_lib.to_float(targets)
        return self._see(tf.constant(targets, tf.float32))

    def advance(self, state, goal):
        """The next `State`, and the distances `[N]` before it."""
        t, count = state.step / self.steps, state.step + 1
        random = np.random.RandomState((self.seed, state.step))
        shake = random.randn(1, *state.values[0].shape[1:])
        shake *= schedule.noise_strength(t) * self.spread
        # Adam's corrections of both moments, as TensorFlow 1 has them.
        rate = schedule.learning_rate(t) * np.sqrt(1 - _BETAS[1] ** count)
        rate /= 1 - _BETAS[0] ** count
        moved, distances = self._update(
            state.values,
            state.first,
            state.second,
            goal,
            tf.constant(shake, tf.float32),
            tf.constant(rate, tf.float32),
        )
        return State(count, *moved), distances.numpy()

    def show(self, state, goal):
        """Images of a state, `[N, H, W, C]`, float, and distances `[N]`."""
        images, distances = self._look(state.values, goal)
        return images.numpy(), distances.numpy()

    def distances(self, images, targets, batch_size=BATCH_SIZE):
        """Of images to targets, both `[N, H, W, C]`, uint8 or float: `[N]`."""
        pairs = zip(
            batches(images, batch_size),
            batches(targets, batch_size),
            strict=True,
        )
        found = [
            self._detector.distance_of_maps(
                self.goal(one).maps, self.goal(other).maps
            )
            for one, other in pairs
        ]
        return np.concatenate(found)[: len(images)]

    def found(self, state, goal):
        """`Found` of a state."""
        w, *maps = (np.asarray(each) for each in state.values)
        layers = self.generator.config.num_ws
        ws = np.repeat(w, layers // w.shape[1], axis=1)
        return Found(ws, maps, self.show(state, goal)[1])

    def _goal(self, targets):
        targets = _at_most_256(targets)
        return Goal(targets, self._detector.maps(targets))

    def _updated(self, values, first, second, goal, shake, rate):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            w, *maps = values
            loss, distances = self._losses(w + shake, maps, goal)
        gradients = tape.gradient(loss, values)
        values, first, second = _adam(values, first, second, gradients, rate)
        values = [values[0], *noise_maps.normalized(values[1:])]
        return (values, first, second), distances

    def _losses(self, w, maps, goal):
        """The sum over all images, and each one's distance, `[N]`."""
        images, distances = self._seen([w, *maps], goal)
        loss = tf.reduce_sum(distances)
        if maps:
            correlation = tf.reduce_sum(noise_maps.correlation(maps))
            loss += _CORRELATION_WEIGHT * correlation
        if self._pixel_weight:
            squares = tf.square(_at_most_256(images) - goal.images)
            squares = tf.reduce_mean(squares, axis=[1, 2, 3])
            loss += self._pixel_weight * tf.reduce_sum(squares)
        return loss, distances

    def _seen(self, values, goal):
        """Images of w and noise maps, and their distances to a goal."""
        w, *maps = values
        layers = self.generator.config.num_ws
        ws = tf.repeat(w, layers // w.shape[1], axis=1)
        images = self.generator.at_stage(ws, maps or "none")
        seen = self._detector.maps(_at_most_256(images))
        return images, self._detector.distance_of_maps(seen, goal.maps)


def batches(images, size):
    """Yields `size` rows of images at a time; the last one is repeated."""
    for first in range(0, len(images), size):
        rows = np.arange(first, first + size)
        yield images[np.minimum(rows, len(images) - 1)]


def joined(parts, count):
    """One `Found` of those of all batches, without what padded them."""
    ws, noise, distances = zip(*parts, strict=True)
    maps = zip(*noise, strict=True)
    return Found(
        np.concatenate(ws)[:count],
        [np.concatenate(each)[:count] for each in maps],
        np.concatenate(distances)[:count],
    )


def _at_most_256(images):
    """Means of boxes of `[N, H, W, C]`, until they have about 256 pixels."""
    factor = max(images.shape[1:3]) // _LARGEST
    if factor < 2:
        return images
    return tf.nn.avg_pool2d(images, factor, factor, "VALID")


def _adam(values, first, second, gradients, rate):
    """Values and moments after a step of Adam; `rate` has its corrections."""
    low, high = _BETAS
    first = [
        low * m + (1 - low) * g for m, g in zip(first, gradients, strict=True)
    ]
    second = [
        high * v + (1 - high) * g * g
        for v, g in zip(second, gradients, strict=True)
    ]
    values = [
        x - rate * m / (tf.sqrt(v) + _EPSILON)
        for x, m, v in zip(values, first, second, strict=True)
    ]
    return values, first, second
