"""What metrics take of a generator: functions of NumPy arrays.

No truncation, float32, noise drawn afresh for every batch: the protocol of
the papers.
"""

import numpy as np
import tensorflow as tf

from stylegan_tf import images as images_lib


def mapping(generator):
    """`map_latents(z, labels)`: untruncated styles `[N, L, D]`, NumPy."""

    @tf.function(autograph=False)
    def mapped(z, labels):
        return generator.map(z, labels)

    def map_latents(z, labels=None):
        return mapped(_tensor(z), None if labels is None else _tensor(labels))

    return lambda z, labels=None: map_latents(z, labels).numpy()


def synthesis(generator, random, *, is_noise_shared=False, stage=None):
    """`synthesize(ws)`: images `[N, H, W, C]`, float, about `[-1, 1]`.

    Args:
        generator: A built `Generator`.
        random: A `RandomState` to draw noise from.
        is_noise_shared: All images of a batch get the same noise, which
            path lengths need.
        stage: `resolution` and `alpha` of a generator that still grows,
            such as `Snapshot.stage`.
    """
    stage = dict(stage or {})
    if stage.get("alpha", 1.0) < 1.0:
        stage["alpha"] = tf.constant(stage["alpha"], tf.float32)
    config = generator.config
    shapes = config.noise_shapes if config.generator.use_noise else ()

    @tf.function(autograph=False)
    def synthesized(ws, noise):
        return generator.synthesize(ws, noise=noise, **stage)

    def synthesize(ws):
        count = 1 if is_noise_shared else len(ws)
        noise = [
            np.broadcast_to(
                random.standard_normal((count, *shape, 1)),
                (len(ws), *shape, 1),
            )
            for shape in shapes
        ]
        made = synthesized(
            _tensor(ws), [_tensor(each) for each in noise] or "none"
        )
        return made.numpy()

    return synthesize


def image_maker(generator, random, *, draw_labels=None, stage=None):
    """`make_images(count)`: uint8 images of fresh latents and noise.

    Args:
        generator: A built `Generator`.
        random: A `RandomState`.
        draw_labels: Number of labels to labels `[number, label_size]`, of
            conditional generators.
        stage: As of `synthesis`.
    """
    map_latents = mapping(generator)
    synthesize = synthesis(generator, random, stage=stage)

    def make_images(count):
        z = random.standard_normal((count, generator.config.generator.z_size))
        labels = draw_labels(count) if draw_labels else None
        return images_lib.to_uint8(synthesize(map_latents(z, labels)))

    return make_images


def _tensor(array):
    return tf.constant(array, tf.float32)
