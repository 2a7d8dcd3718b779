"""How well generated images are found again, as numbers."""

import types

import numpy as np
import tensorflow as tf

from stylegan_tf.editing.projection import self_test


class _Projector:
    """One whose w of a seed is the seed, and whose images are w."""

    generator = types.SimpleNamespace(
        latents=lambda seeds: np.float64(seeds)[:, None] - 10_000_000,
        map=lambda z, labels: np.repeat(z[:, None], 2, axis=1),
        synthesize=lambda ws: ws[:, 0],
    )

    def distances(self, images, targets, batch_size):
        return np.abs(images - targets)[:, 0]


class SelfTestTest(tf.test.TestCase):
    def test_means_over_eight_others_and_over_layers(self):
        ws = np.full((3, 2, 1), 10.0)
        found = ws + np.reshape([0.0, 1.0, 2.0, 2.0, 3.0, 5.0], (3, 2, 1))
        targets = np.full((3, 1), 20.0)
        measured = self_test.measure(_Projector(), targets, ws, found, None, 2)
        self.assertAllClose(measured["w_distance"], [0.5, 2.0, 4.0])
        # Others are 0 to 7.
        self.assertAllClose(measured["random_w_distance"], [6.5] * 3)
        self.assertAllClose(measured["random_distance"], [16.5] * 3)
