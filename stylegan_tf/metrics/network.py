"""What metrics take of a generator: functions of NumPy arrays.

No truncation, float32, noise drawn afresh for every batch: the protocol of
the papers. Replicas of the current strategy share the work of a batch, and
what comes out does not depend on how many there are.
"""

import dataclasses

import numpy as np
import tensorflow as tf

from stylegan_tf import images as images_lib
from stylegan_tf.features import running
from stylegan_tf.metrics import style_mixing

BATCH_SIZE = 16


class Network:
    """A generator at one stage of its growth.

    Args:
        generator: A built `Generator`, or what has its `config`, `map` and
            `synthesize`; made under the current strategy.
        stage: `resolution` and `alpha` of a generator that still grows,
            such as `Snapshot.stage`. Images are enlarged to full size.
        batch_size: Images at once on every replica.
    """

    def __init__(self, generator, stage=None, *, batch_size=BATCH_SIZE):
        self.config = generator.config
        self.batch_size = batch_size
        self._generator = generator
        self._stage = dict(stage or {})
        self._map = running.compiled(lambda *inputs: generator.map(*inputs))
        self._images = running.compiled(self._synthesize)
        self._pairs = running.compiled(self._synthesize_pairs)

    def map(self, z, labels=None):
        """Untruncated styles `[N, L, D]` of z `[N, Z]`, NumPy."""
        inputs = [z] if labels is None else [z, labels]
        return np.asarray(self._map(*map(_float, inputs)))

    def synthesis(self, random):
        """`synthesize(ws)`: images `[N, H, W, C]`, float, about `[-1, 1]`.

        Args:
            random: A `RandomState` to draw noise from.
        """
        return lambda ws: self._in_batches(self._images, ws, random)

    def pair_synthesis(self, random):
        """`synthesize(ws)` of pairs that share their noise.

        Entry i and entry N / 2 + i of a batch are a pair, as of
        `path_length.distances`.

        Args:
            random: A `RandomState` to draw noise from.
        """

        def synthesize(ws):
            # Pairs side by side, so that no replica gets half of one.
            order = np.arange(len(ws)).reshape(2, -1).T.ravel()
            made = self._in_batches(self._pairs, ws[order], random)
            images = np.empty_like(made)
            images[order] = made
            return images

        return synthesize

    def image_maker(self, random, draw_labels=None, latents=None):
        """`make_images(count)`: uint8 images of fresh latents and noise.

        Args:
            random: A `RandomState`.
            draw_labels: Number of labels to labels `[number, label_size]`,
                of conditional generators.
            latents: How many to mix in every image, see `style_mixing`;
                None: one is all there is.
        """
        # Streams of their own: batches of any size draw the same latents.
        synthesize = self.synthesis(_stream(random))
        mix = self._mixing(latents, random) if latents else None
        z_size = self.config.generator.z_size

        def make_images(count):
            z = random.standard_normal((count, z_size))
            labels = draw_labels(count) if draw_labels else None
            ws = self.map(z, labels)
            return images_lib.to_uint8(
                synthesize(mix(ws, labels) if mix else ws)
            )

        return make_images

    def _mixing(self, latents, random):
        """`mix(ws, labels)`: later layers have styles of other latents."""
        size = self._stage.get("resolution", self.config.resolution)
        layers = dataclasses.replace(self.config, resolution=size).num_ws
        random_layers, random_z = _stream(random), _stream(random)
        z_size = self.config.generator.z_size

        def mix(ws, labels):
            starts = style_mixing.crossovers(
                random_layers, len(ws), layers, latents
            )
            z = random_z.standard_normal((len(ws), latents - 1, z_size))
            others = [self.map(each, labels) for each in z.swapaxes(0, 1)]
            return style_mixing.mix([ws, *others], starts)

        return mix

    def _in_batches(self, synthesize, ws, random):
        """Images in full size, of styles with fresh noise a batch."""
        size = self.batch_size * running.replicas()
        made = [
            np.asarray(
                synthesize(_float(ws[start : start + size]), _seeds(random))
            )
            for start in range(0, len(ws), size)
        ]
        images = np.concatenate(made)
        factor = self.config.image_shape[0] // images.shape[1]
        return images_lib.enlarge(images, factor)

    def _synthesize(self, ws, seed):
        noise = self._noise(tf.shape(ws)[0], seed[0])
        return self._generator.synthesize(
            ws, noise=noise, **self._tensor_stage()
        )

    def _synthesize_pairs(self, ws, seed):
        noise = self._noise(1, seed[0])
        if noise != "none":
            count = tf.shape(ws)[0]
            noise = [tf.repeat(each, count, axis=0) for each in noise]
        return self._generator.synthesize(
            ws, noise=noise, **self._tensor_stage()
        )

    def _noise(self, count, seed):
        """Unit normal `[count, H, W, 1]` for every layer that takes it."""
        if not self.config.generator.use_noise:
            return "none"
        return [
            tf.random.stateless_normal(
                (count, *shape, 1), seed + tf.constant([0, layer])
            )
            for layer, shape in enumerate(self.config.noise_shapes)
        ]

    def _tensor_stage(self):
        stage = dict(self._stage)
        if stage.get("alpha", 1.0) < 1.0:
            stage["alpha"] = tf.constant(stage["alpha"], tf.float32)
        return stage


def _stream(random):
    return np.random.RandomState(random.randint(2**31))


def _seeds(random):
    """A seed a replica, int32 `[R, 2]`."""
    return random.randint(2**30, size=(running.replicas(), 2)).astype(np.int32)


def _float(array):
    return np.asarray(array, np.float32)
