"""Kernel inception distance: golden and known answers."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import kid
from tests.helpers import support


class KidTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters((1000, 5, 100), (1001, 3, 1000), (1002, 20, 50))
    def test_it_is_that_of_the_official_code(self, seed, subsets, size):
        arrays, _ = support.golden("k8_metrics")
        found = kid.from_features(
            arrays["in/real"],
            arrays["in/gen"],
            subsets=subsets,
            max_subset_size=size,
            random=np.random.RandomState(seed),
        )
        name = f"f64/out/kid_seed{seed}_subsets{subsets}_max{size}"
        self.assertAllClose(found, float(arrays[name]), rtol=1e-6, atol=0)

    def test_two_points_each_are_computed_by_hand(self):
        x, y = np.array([[1.0], [0.0]]), np.array([[2.0], [1.0]])
        within = 1 + 27  # (x0 x1 + 1)^3 and (y0 y1 + 1)^3
        between = (27 + 8 + 1 + 1) / 4
        self.assertAllClose(kid.squared_mmd(x, y), within - 2 * between)

    @pytest.mark.slow
    def test_alike_samples_are_at_no_distance_and_others_are(self):
        random = np.random.RandomState(0)
        a, b = random.standard_normal((2, 3000, 8))
        subsets = {"subsets": 30, "max_subset_size": 300}
        self.assertLess(abs(kid.from_features(a, b, **subsets)), 0.01)
        self.assertGreater(kid.from_features(a, b + 1, **subsets), 1)

    def test_the_default_is_the_same_every_time(self):
        a, b = support.normal(2, 50, 4)
        first = kid.from_features(a, b, max_subset_size=20)
        self.assertEqual(first, kid.from_features(a, b, max_subset_size=20))
        other = kid.from_features(
            a, b, max_subset_size=20, random=np.random.default_rng(1)
        )
        self.assertNotEqual(first, other)

    def test_too_few_samples_are_refused(self):
        with self.assertRaisesRegex(ValueError, r"at least 2.*\(1, 4\)"):
            kid.from_features(np.ones((1, 4)), np.ones((5, 4)))


if __name__ == "__main__":
    tf.test.main()
