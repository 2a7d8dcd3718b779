"""Draws the random inputs of the updates.

Each is a pure function of (seed, purpose, images seen, replica), so that a
run can be replayed and resumed, and replicas differ.
"""

import enum
from typing import Any, NamedTuple

import tensorflow as tf

from stylegan_tf.augment import draws as augment_draws
from stylegan_tf.augment import presets

_MAX_REPLICAS = 1 << 16
_MAX_PURPOSES = 256


class Purpose(enum.IntEnum):
    """What is drawn for; a new number is a new stream."""

    GENERATOR = 0
    PATH_LENGTH = 1
    DISCRIMINATOR = 2
    PENALTY = 3
    # Of augmentation: every batch that D judges has its own.
    AUGMENT_GENERATOR = 4
    AUGMENT_REALS = 5
    AUGMENT_FAKES = 6
    AUGMENT_R1 = 7
    AUGMENT_R2 = 8
    AUGMENT_WGAN_GP = 9
    AUGMENT_HELD_OUT = 10
    AUGMENT_OPPONENTS = 11  # reals of the generator's relativistic loss


class Draws(NamedTuple):
    """What one pass of the generator takes."""

    z: Any  # [N, Z]
    labels: Any  # [N, L] or None
    z_mix: Any  # [N, Z] or None
    crossover: Any  # int32, first layer that takes z_mix
    noise: Any  # list of [N, H, W, 1], or "const" or "none"


class Augmentation(NamedTuple):
    """`augment.draws.Draws` of what an update judges; None: as it is."""

    reals: Any = None
    fakes: Any = None
    mixtures: Any = None  # WGAN-GP's


PLAIN = Augmentation()


def generator_inputs(config, labels, purpose, images_seen):
    """`Draws` for `labels` `[N, L]`; call it inside the replica.

    Args:
        config: The run's config.
        labels: `[N, label_size]`; N is the batch of the draw.
        purpose: A `Purpose`.
        images_seen: int64 scalar tensor, where in the run.
    """
    settings = config.generator
    count = labels.shape[0]
    stream = _stream(config, purpose, images_seen)
    z = normal(stream, 0, (count, settings.z_size))
    z_mix = crossover = None
    if config.loss.style_mixing_prob:
        z_mix = normal(stream, 1, (count, settings.z_size))
        crossover = _crossover(config, stream)
    noise = "none"
    if settings.use_noise:
        noise = _noise(config, stream, count)
    return Draws(
        z=z,
        labels=labels if config.label_size else None,
        z_mix=z_mix,
        crossover=crossover,
        noise=noise,
    )


def image_noise(config, count, purpose, images_seen):
    """Unit normal `[count, H, W, C]`, the y of path lengths."""
    stream = _stream(config, purpose, images_seen)
    return normal(stream, 4, (count, *config.image_shape))


def mixing_factors(config, count, purpose, images_seen):
    """Uniform `[count, 1, 1, 1]`, WGAN-GP's points between two images."""
    stream = _stream(config, purpose, images_seen)
    return uniform(stream, 5, (count, 1, 1, 1))


def augmentation(config, count, purpose, images_seen):
    """`augment.draws.Draws` for `count` images of the config's shape."""
    transforms = presets.of(config.augment.preset)
    uniforms, normals, has_noise = augment_draws.sizes(
        transforms, config.image_shape
    )
    stream = _stream(config, purpose, images_seen)
    noise = None
    if has_noise:
        noise = normal(stream, 2, (count, *config.image_shape))
    return augment_draws.Draws(
        uniform=uniform(stream, 0, (count, uniforms)),
        normal=normal(stream, 1, (count, normals)),
        noise=noise,
    )


def uniform(stream, part, shape):
    """Numbers in `[0, 1)` of one part of a stream."""
    return tf.random.stateless_uniform(shape, _seed(stream, part), alg="philox")


def normal(stream, part, shape):
    """Unit normal numbers of one part of a stream."""
    # TF's default algorithm differs under XLA (tensorflow#121243).
    return tf.random.stateless_normal(shape, _seed(stream, part), alg="philox")


def _crossover(config, stream):
    """One crossover for the batch: uniform in [1, L), or L for no mixing."""
    kind = {"alg": "philox"}
    layers = config.num_ws
    crossover = tf.random.stateless_uniform(
        (), _seed(stream, 2), 1, layers, tf.int32, **kind
    )
    coin = tf.random.stateless_uniform((), _seed(stream, 3), **kind)
    return tf.where(coin < config.loss.style_mixing_prob, crossover, layers)


def _noise(config, stream, count):
    """Fresh noise for every layer, cut out of one draw."""
    shapes = config.noise_shapes
    sizes = [height * width for height, width in shapes]
    flat = normal(stream, 6, (count, sum(sizes)))
    return [
        tf.reshape(part, (count, height, width, 1))
        for part, (height, width) in zip(
            tf.split(flat, sizes, axis=1), shapes, strict=True
        )
    ]


def _stream(config, purpose, images_seen):
    replica = tf.distribute.get_replica_context().replica_id_in_sync_group
    position = tf.cast(images_seen, tf.int64) * _MAX_REPLICAS
    position += tf.cast(replica, tf.int64)
    return config.training.seed * _MAX_PURPOSES + int(purpose), position


def _seed(stream, part):
    key, position = stream
    return tf.stack([tf.constant(key * 16 + part, tf.int64), position])
