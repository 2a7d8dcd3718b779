"""From seeds to uint8 images, the same whatever the batch.

Sums of floats depend on how many rows are computed at once, so images are
made in batches padded to one size.
"""

import numpy as np
import tensorflow as tf

from stylegan_tf import images

BATCH_SIZE = 16


def latents(seeds, size):
    """z `[N, size]`, float32: a seed's z is that of the official tools."""
    rows = [np.random.RandomState(seed).randn(1, size) for seed in seeds]
    return np.concatenate(rows).astype(np.float32)


def random_noise(seeds, shapes, z_size):
    """A list of `[N, H, W, 1]`, what a seed's stream holds after its z."""
    rows = []
    for seed in seeds:
        random = np.random.RandomState(seed)
        random.randn(1, z_size)
        rows.append([random.randn(*shape, 1) for shape in shapes])
    return [
        np.stack(layer).astype(np.float32) for layer in zip(*rows, strict=True)
    ]


def one_hot(classes, label_size):
    """float32 `[N, label_size]` of class numbers."""
    return np.eye(label_size, dtype=np.float32)[np.asarray(classes, int)]


class Sampler:
    """Makes images with one generator.

    Args:
        generator: A built `Generator`.
        batch_size: What every batch is padded to.
        truncation_psi: Pull of w towards its mean; 1 for none.
        truncation_cutoff: Layers to truncate; None for all.
    """

    def __init__(
        self,
        generator,
        *,
        batch_size=BATCH_SIZE,
        truncation_psi=1.0,
        truncation_cutoff=None,
    ):
        self.generator = generator
        self.batch_size = batch_size

        @tf.function(autograph=False)
        def generate(z, labels, noise, stage):
            return generator(
                z,
                labels,
                truncation_psi=truncation_psi,
                truncation_cutoff=truncation_cutoff,
                noise=noise,
                **stage,
            )

        self._generate = generate

    def __call__(self, z, labels=None, noise="const", stage=None):
        """uint8 `[N, H, W, C]` of `z` `[N, Z]`.

        Args:
            z: Latents.
            labels: `[N, L]`, for conditional generators.
            noise: "const", "none" or a list of `[N, H, W, 1]`.
            stage: `resolution` and `alpha` of a generator that still grows,
                such as `Snapshot.stage`.
        """
        return np.concatenate(list(self.batches(z, labels, noise, stage)))

    def batches(self, z, labels=None, noise="const", stage=None):
        """Yields uint8 images of up to `batch_size` rows at a time."""
        stage = dict(stage or {})
        if stage.get("alpha", 1.0) < 1.0:  # one trace for all of a fade
            stage["alpha"] = tf.constant(stage["alpha"], tf.float32)
        for start in range(0, len(z), self.batch_size):
            rows = slice(start, start + self.batch_size)
            count = len(z[rows])
            inputs = (
                self._padded(z[rows]),
                None if labels is None else self._padded(labels[rows]),
                noise
                if isinstance(noise, str)
                else [self._padded(layer[rows]) for layer in noise],
                stage,
            )
            # Traced for any batch, as exports are: TensorFlow rewrites graphs
            # of known shapes further, and the last bits differ.
            specs = tf.nest.map_structure(_of_any_batch, inputs)
            made = self._generate.get_concrete_function(*specs)(*inputs)
            yield images.to_uint8(made[:count])

    def _padded(self, array):
        missing = self.batch_size - len(array)
        padding = [(0, missing)] + [(0, 0)] * (np.ndim(array) - 1)
        return tf.constant(np.pad(array, padding, mode="edge"), tf.float32)


def _of_any_batch(value):
    if not tf.is_tensor(value) or not value.shape.rank:
        return value
    return tf.TensorSpec((None, *value.shape[1:]), value.dtype)
