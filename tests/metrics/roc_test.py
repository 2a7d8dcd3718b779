"""ROC, its area, thresholds and error rates against numbers made by hand."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized
from sklearn import metrics as sklearn_metrics

from stylegan_tf.metrics import roc


class RocTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ([1, 2], [3, 4], 1.0),
        ([3, 4], [1, 2], 0.0),
        ([1, 3], [2, 4], 0.75),  # 1<2, 1<4, 3<4 of four pairs
        ([1, 2], [2, 3], 0.875),  # three pairs and a tie
        ([2, 2], [2, 2], 0.5),
        ([5], [1, 6, 7], 2 / 3),
    )
    def test_the_area_is_the_fraction_of_pairs_in_order(
        self, generated, real, expected
    ):
        self.assertAlmostEqual(roc.area(generated, real), expected)

    def test_the_curve_is_that_of_the_counts(self):
        thresholds, alarms, found = roc.curve([1.0, 3.0], [2.0, 4.0])
        self.assertAllClose(thresholds, [1, 1.5, 2.5, 3.5, 4])
        self.assertAllEqual(alarms, [0, 0, 0.5, 0.5, 1])
        self.assertAllEqual(found, [0, 0.5, 0.5, 1, 1])

    def test_the_area_is_the_one_under_the_curve_and_scikit_learns(self):
        random = np.random.RandomState(0)
        generated = random.randint(0, 12, size=50)  # with many ties
        real = random.randint(4, 16, size=70)
        _, alarms, found = roc.curve(generated, real)
        area = roc.area(generated, real)
        self.assertAlmostEqual(area, np.trapezoid(found, alarms))
        scores = -np.concatenate([generated, real])
        is_generated = np.arange(120) < 50
        self.assertAlmostEqual(
            area, sklearn_metrics.roc_auc_score(is_generated, scores)
        )

    def test_the_interval_of_the_area(self):
        random = np.random.RandomState(1)
        generated, real = random.randn(60), random.randn(60) + 1
        low, high = roc.area_interval(generated, real)
        area = roc.area(generated, real)
        self.assertBetween(area, low, high)
        # Hanley and McNeil's standard error.
        q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
        variance = area * (1 - area)
        variance += 59 * (q1 - area**2) + 59 * (q2 - area**2)
        expected = 2 * 1.96 * np.sqrt(variance) / 60
        self.assertAllClose(high - low, expected, rtol=0.15)
        again = roc.area_interval(generated, real)
        self.assertEqual((low, high), again)
        self.assertEqual(roc.area_interval([1, 2], [3, 4]), (1.0, 1.0))

    @parameterized.parameters(
        ([1, 2], [5, 6], None, 3.5),  # in the middle of the gap
        ([1, 2], [5, 6], 0.5, 3.5),  # no false alarm for nothing
        ([1, 2, 3, 8], [4, 9, 10, 11], None, 6.0),  # one error each
        ([1, 2, 3, 8], [4, 9, 10, 11], 0.0, 3.5),
        ([1, 2, 3, 8], [4, 9, 10, 11], 0.25, 8.5),
        ([1, 2, 3, 8], [4, 9, 10, 11], 0.2, 3.5),
        ([5, 6], [1, 2], None, 3.5),  # the wrong way round: all are errors
        ([5, 6], [1, 2], 0.0, 1.0),  # nothing is below it
    )
    def test_the_threshold_is_the_rules(self, generated, real, most, expected):
        self.assertEqual(roc.threshold(generated, real, most), expected)

    def test_errors_are_counted_by_thresholds_of_the_others(self):
        self.assertEqual(roc.errors([1, 2, 3], [7, 8, 9]), (0, 0))
        # Both images beside the threshold drew it to themselves: without 4 it
        # is 3.5, without 5 it is 6.
        generated, real = [1, 2, 4], [5, 8, 9]
        self.assertEqual(roc.threshold(generated, real), 4.5)
        self.assertEqual(roc.errors(generated, real), (1, 1))

    def test_chance_looks_no_better_than_chance(self):
        random = np.random.RandomState(2)
        generated, real = random.randn(2, 200)
        alarms, misses = roc.errors(generated, real)
        self.assertBetween((alarms + misses) / 400, 0.43, 0.57)

    @parameterized.parameters(
        (0, 100, (0.0, 0.036217)),  # 1 - 0.025 ** (1 / 100)
        (100, 100, (0.963783, 1.0)),
        (1, 10, (0.002529, 0.445016)),
        (5, 10, (0.187086, 0.812914)),
    )
    def test_rates_have_the_interval_of_tables(self, count, total, expected):
        self.assertAllClose(
            roc.rate_interval(count, total), expected, atol=1e-6
        )

    @parameterized.parameters(
        ([[]],), ([[1.0, np.nan]],), ([[[1.0]]],), ([[np.inf]],)
    )
    def test_what_are_no_distances_is_refused(self, sets):
        with self.assertRaisesRegex(ValueError, "finite numbers, at least one"):
            roc.area(sets[0], [1.0])


if __name__ == "__main__":
    tf.test.main()
