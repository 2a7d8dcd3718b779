"""Distances in blocks are those of the whole."""

from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import neighbours
from tests.helpers import support


def _whole(a, b, **options):
    distances = np.full((len(a), len(b)), np.nan)
    for rows, columns, part in neighbours.blocks(a, b, **options):
        distances[rows, columns] = part
    return distances


def _plain(a, b):
    difference = a[:, None].astype(np.float64) - b[None]
    return np.sqrt(np.sum(difference**2, axis=-1))


class NeighboursTest(tf.test.TestCase, parameterized.TestCase):
    def test_distances_are_those_of_the_official_code(self):
        arrays, _ = support.golden("k8_metrics")
        expected = arrays["out/distances_first10real_to_gen"]
        found = _whole(arrays["in/pr_real"][:10], arrays["in/pr_gen"])
        self.assertAllClose(found, expected, rtol=1e-6, atol=1e-6)

    @parameterized.parameters(1, 7, 30, 1000)
    def test_blocks_cover_every_pair(self, block):
        a, b = support.normal(23, 5), support.normal(31, 5, seed=1)
        with mock.patch.object(neighbours, "BLOCK", block):
            found = _whole(a, b)
        self.assertAllClose(found, _plain(a, b), rtol=1e-5, atol=1e-5)

    @parameterized.parameters(1, 3, 22)
    def test_radii_are_distances_to_the_kth_neighbour(self, neighbourhood):
        a = support.normal(23, 5)
        expected = np.sort(_plain(a, a), axis=1)[:, neighbourhood]
        for block in (2, 7, 100):
            with mock.patch.object(neighbours, "BLOCK", block):
                found = neighbours.radii(a, neighbourhood)
            self.assertAllClose(found, expected, rtol=1e-5, atol=1e-6)

    def test_a_mean_far_away_costs_no_digits(self):
        a, b = support.normal(2, 20, 64).astype(np.float64)
        near = _whole(a, b)
        found = _whole(a + 1e6, b + 1e6)
        self.assertAllClose(found, near, rtol=1e-7, atol=0)

    def test_copies_of_a_sample_are_at_no_distance(self):
        a = np.repeat(10 + support.normal(6, 100), 3, axis=0)
        self.assertAllEqual(neighbours.radii(a, 2), np.zeros(18))
        self.assertAllInRange(neighbours.radii(a, 3), 5, 30)

    def test_distances_are_rounded_as_the_official_code_does(self):
        a, b = np.zeros((1, 4)), np.full((1, 4), 500.3)
        exact = np.sqrt(4 * 500.3**2)
        self.assertAllClose(_whole(a, b), [[exact]], rtol=1e-12)
        rounded = np.float16(exact)
        self.assertAllEqual(_whole(a, b, rounding="float16"), [[rounded]])
        far = _whole(a, 1000 * b, rounding="float16")
        self.assertAllEqual(far, [[np.inf]])

    def test_low_precision_features_are_taken(self):
        a = support.normal(9, 5).astype(np.float16)
        found = _whole(a, a)
        self.assertAllClose(found, _plain(a, a), rtol=1e-4, atol=1e-3)

    def test_bad_arguments_are_refused(self):
        a = support.normal(4, 5)
        with self.assertRaisesRegex(ValueError, "4 of 4 samples"):
            neighbours.radii(a, 4)
        with self.assertRaisesRegex(TypeError, "'float8'"):
            _whole(a, a, rounding="float8")
        with self.assertRaisesRegex(ValueError, r"\(4, 5\) and \(4, 4\)"):
            _whole(a, a[:, :4])


if __name__ == "__main__":
    tf.test.main()
