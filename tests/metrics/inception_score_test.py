"""Inception score: golden and known answers."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import inception_score
from tests.helpers import support


class InceptionScoreTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(1, 10)
    def test_it_is_that_of_the_official_code(self, splits):
        arrays, _ = support.golden("k8_metrics")
        found = inception_score.from_probabilities(
            arrays["in/probs"], splits=splits
        )
        expected = arrays[f"f64/out/inception_score_splits{splits}"]
        self.assertAllClose(found, expected, rtol=1e-6, atol=1e-9)

    def test_sure_and_varied_is_the_number_of_classes(self):
        sure = np.tile(np.eye(5), (20, 1))
        self.assertAllClose(
            inception_score.from_probabilities(sure), (5.0, 0.0)
        )

    def test_always_the_same_is_one(self):
        same = np.tile([[0.7, 0.3, 0.0]], (40, 1))
        self.assertAllClose(
            inception_score.from_probabilities(same), (1.0, 0.0)
        )

    def test_more_splits_than_images_are_refused(self):
        with self.assertRaisesRegex(ValueError, "splits=10"):
            inception_score.from_probabilities(np.eye(5))


if __name__ == "__main__":
    tf.test.main()
