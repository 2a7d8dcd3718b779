"""Precision, recall, density, coverage: golden and known answers."""

from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import neighbours
from stylegan_tf.metrics import precision_recall as metrics
from tests.helpers import support


def _golden(kind):
    arrays, _ = support.golden("k8_metrics")
    if kind == "pr":
        return arrays, arrays["in/real"], arrays["in/gen"]
    return arrays, arrays["in/pr_real"], arrays["in/pr_gen"]


class PrecisionRecallTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.product(
        kind=("pr", "pr_lowdim"),
        neighbourhood=(1, 3, 5),
        rounding=("float16", None),
    )
    def test_it_is_that_of_the_official_code(
        self, kind, neighbourhood, rounding
    ):
        arrays, real, generated = _golden(kind)
        precision, recall = metrics.from_features(
            real, generated, neighbourhood, rounding=rounding
        )
        expected = arrays[f"f64/out/{kind}_fp16_k{neighbourhood}"]
        ties = 0.01 if rounding == "float16" else 2.01  # samples on the edge
        self.assertNear(precision, expected[0], ties / len(generated))
        self.assertNear(recall, expected[1], ties / len(real))

    @parameterized.parameters(16, 100, 149)
    def test_blocks_change_nothing(self, block):
        _, real, generated = _golden("pr_lowdim")
        for measure in (metrics.from_features, metrics.density_coverage):
            whole = measure(real, generated)
            with mock.patch.object(neighbours, "BLOCK", block):
                self.assertEqual(measure(real, generated), whole)

    def test_equal_sets_are_perfect(self):
        a = support.normal(60, 8)
        for samples in (a, np.repeat(a, 5, axis=0), np.ones((10, 3))):
            found = metrics.from_features(samples, samples.copy())
            self.assertEqual(found, (1.0, 1.0))
        density, coverage = metrics.density_coverage(a, a.copy())
        self.assertNear(density, 1.0, 0.05)
        self.assertEqual(coverage, 1.0)

    def test_disjoint_sets_have_nothing_of_each_other(self):
        a, b = support.normal(60, 8), support.normal(40, 8, seed=1) + 50
        found = metrics.from_features(a, b)
        self.assertEqual(found, (0.0, 0.0))
        self.assertEqual(metrics.density_coverage(a, b), (0.0, 0.0))

    def test_precision_and_recall_are_told_apart(self):
        real = np.concatenate(
            [support.normal(50, 4), 100 + support.normal(50, 4, seed=1)]
        )
        half = real[:50] + 1e-4  # good images of half of the data
        self.assertEqual(metrics.from_features(real, half), (1.0, 0.5))
        self.assertEqual(metrics.from_features(half, real), (0.5, 1.0))
        coverage = metrics.density_coverage(real, half)[1]
        self.assertEqual(coverage, 0.5)

    def test_points_on_a_line_are_counted_by_hand(self):
        real = np.array([[0.0], [1.0], [3.0]])  # radii 1, 1, 2
        generated = np.array([[-0.5], [1.9], [5.5]])  # radii 2.4, 2.4, 3.6
        precision, recall = metrics.from_features(
            real, generated, neighbourhood=1
        )
        self.assertAllClose((precision, recall), (2 / 3, 1.0))
        density, coverage = metrics.density_coverage(
            real, generated, neighbourhood=1
        )
        # -0.5 is near 0; 1.9 is near 1 and 3; 5.5 is near none.
        self.assertAllClose((density, coverage), (3 / 3, 1.0))


if __name__ == "__main__":
    tf.test.main()
