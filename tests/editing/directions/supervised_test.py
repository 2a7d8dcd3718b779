"""Planes in W: a made-up linear attribute gives its normal back."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.directions import supervised

_NORMAL = np.array([0.6, 0.0, -0.8, 0.0, 0.0])


class NormalTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.w = np.random.RandomState(0).randn(4_000, 5)
        self.scores = (self.w @ _NORMAL - 1.5).astype(np.float32)

    @parameterized.parameters(supervised.svm, supervised.ridge)
    def test_the_normal_of_the_plane_is_found(self, fit):
        found = fit(self.w, self.scores)
        self.assertAllClose(np.linalg.norm(found), 1.0)
        self.assertGreater(found @ _NORMAL, 0.999)
        self.assertAllClose(fit(self.w, -self.scores), -found, atol=1e-6)

    def test_without_damping_it_is_least_squares(self):
        w = self.w * [1, 2, 3, 4, 5] + 2.0
        weights, offset = supervised.least_squares(w, self.scores, 0.0)
        self.assertAllClose(w @ weights + offset, self.scores, atol=1e-5)

    def test_damping_turns_the_normal_to_where_w_varies(self):
        w = self.w * [1, 1, 0.1, 1, 1]
        sizes = [
            np.abs(supervised.ridge(w, self.scores, each)[2])
            for each in (0.0, 0.1, 1.0)
        ]
        self.assertGreater(sizes[0], 0.99)
        self.assertAllEqual(np.sort(sizes)[::-1], sizes)
        self.assertLess(sizes[2], 0.3)

    @parameterized.parameters(supervised.svm, supervised.ridge)
    def test_too_few_images_and_equal_ones_are_refused(self, fit):
        with self.assertRaisesRegex(ValueError, "15 images are too few"):
            fit(self.w[:15], self.scores[:15])
        with self.assertRaisesRegex(ValueError, "4,000 images .* all alike"):
            fit(self.w, np.ones(4_000))


if __name__ == "__main__":
    tf.test.main()
