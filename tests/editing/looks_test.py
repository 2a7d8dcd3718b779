"""Networks are told apart by how they look."""

import types

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import generators
from stylegan_tf.editing import looks


class LooksTest(tf.test.TestCase):
    def test_they_are_means_of_sixteen_parts(self):
        image = np.zeros([1, 8, 12, 3], np.uint8)
        image[0, :2, 3:6] = 7
        generator = types.SimpleNamespace(samples=lambda seeds: image)
        self.assertEqual(looks.of(generator), [0.0, 7.0] + 14 * [0.0])

    def test_rounding_makes_no_other_network(self):
        self.assertTrue(looks.is_same([1.0, 2.0], [1.1, 2.0]))
        self.assertFalse(looks.is_same([1.0, 2.0], [1.0, 3.0]))
        self.assertFalse(looks.is_same([], [1.0]))

    @pytest.mark.slow
    def test_they_tell_networks_apart(self):
        generator = generators.open("tests/fixtures/quickstart")
        before = looks.of(generator)
        self.assertTrue(looks.is_same(before, looks.of(generator)))
        kernel = generator.network.weights[-2]
        kernel.assign(1.01 * kernel)
        self.assertFalse(looks.is_same(before, looks.of(generator)))


if __name__ == "__main__":
    tf.test.main()
