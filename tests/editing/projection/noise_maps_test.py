"""What keeps noise maps noise: values computed by hand."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.projection import noise_maps


def _maps(*arrays):
    return tf.constant(np.stack(arrays)[..., None], tf.float32)


class NoiseMapsTest(tf.test.TestCase, parameterized.TestCase):
    def test_correlation_of_a_small_map(self):
        # Along rows (2 + 2 + 12 + 12) / 4 = 7, down columns
        # (3 + 8 + 3 + 8) / 4 = 5.5, squared and added.
        one, zeros = [[1, 2], [3, 4]], np.zeros((2, 2))
        found = noise_maps.correlation([_maps(one, zeros)])
        self.assertAllClose(found, [79.25, 0.0])

    @parameterized.parameters((4, 2.0), (8, 2.0), (16, 4.0), (32, 6.0))
    def test_maps_are_halved_down_to_eight_pixels(self, side, expected):
        # A constant map of ones gives 1 + 1 at every scale.
        found = noise_maps.correlation([_maps(np.ones((side, side)))])
        self.assertAllClose(found, [expected])

    def test_each_scale_sees_its_own(self):
        # Full correlation (of sign -1) at 16x16; 8x8 means are all 0.
        board = np.indices((16, 16)).sum(0) % 2 * 2 - 1
        self.assertAllClose(noise_maps.correlation([_maps(board)]), [2.0])

    def test_independent_noise_has_little_of_it(self):
        (noise,) = noise_maps.first(0, [(64, 32)])
        self.assertEqual(noise.shape, (1, 64, 32, 1))
        self.assertLess(float(noise_maps.correlation([noise])[0]), 0.01)

    def test_normalized_maps_have_mean_0_and_deviation_1(self):
        maps = [np.random.RandomState(0).rand(3, 8, 8, 1) * [[[[5.0]]]] + 2.0]
        (found,) = noise_maps.normalized(maps)
        self.assertAllClose(np.mean(found, (1, 2, 3)), np.zeros(3), atol=1e-6)
        self.assertAllClose(np.std(found, (1, 2, 3)), np.ones(3))

    def test_the_same_seed_draws_the_same_maps(self):
        shapes = [(4, 4), (8, 8)]
        for one, two in zip(
            noise_maps.first(3, shapes),
            noise_maps.first(3, shapes),
            strict=True,
        ):
            self.assertAllEqual(one, two)
