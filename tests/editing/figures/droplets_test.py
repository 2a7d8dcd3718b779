"""Droplets: what counts as one, and where the figure shows it."""

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import generators
from stylegan_tf.editing.figures import droplets
from tests.helpers import exports


class StrengthTest(tf.test.TestCase):
    def test_maps_have_unit_mean_square_whatever_their_scale(self):
        random = np.random.RandomState(0)
        features = random.standard_normal((2, 8, 8, 5)) * [1, 50, 3, 7, 9] + 4
        made = droplets.strength(features)
        self.assertEqual(made.shape, (2, 8, 8))
        self.assertAllClose(np.mean(np.square(made), axis=(1, 2)), [1, 1])
        self.assertAllClose(droplets.strength(3 * features - 1), made)

    def test_a_spike_in_all_maps_is_as_strong_as_can_be(self):
        features = np.zeros((1, 8, 8, 3))
        features[0, 2, 5] = [4, -1, 9]
        # One pixel of 64: (1 - 1/64) over the deviation sqrt(1/64 - 1/64^2).
        expected = (1 - 1 / 64) / np.sqrt(1 / 64 - 1 / 64**2)
        self.assertAllClose(droplets.strength(features)[0, 2, 5], expected)
        self.assertLess(expected, 8)

    def test_flat_maps_do_not_count(self):
        features = np.random.RandomState(0).standard_normal((1, 4, 4, 2))
        flat = np.concatenate([features, np.ones((1, 4, 4, 3))], axis=-1)
        self.assertAllClose(
            droplets.strength(flat), droplets.strength(features)
        )
        self.assertAllEqual(
            droplets.strength(np.ones((1, 4, 4, 3))), 0 * flat[..., 0]
        )


class DrawTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_networks_stand_beneath_each_other_with_their_peaks(self):
        networks = []
        for kind in ("stylegan", "fading"):
            generator = generators.of_snapshot(exports.snapshot(kind))
            ws = generator.map(generator.latents([1, 2]))
            networks.append((kind, generator, ws))
        figure = droplets.draw(networks, names=["seed 1", "seed 2"])
        (axes,) = figure.axes
        texts = [text.get_text() for text in axes.texts]
        for text in ("stylegan", "fading", "seed 2", "16 × 16"):
            self.assertIn(text, texts)
        self.assertLen([text for text in texts if text.endswith("σ")], 2 * 5)
        self.assertLen(axes.images, 2 * 4 + 2 * 3)


if __name__ == "__main__":
    tf.test.main()
