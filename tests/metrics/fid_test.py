"""Fréchet distance: golden, closed forms, awkward covariances, streams."""

import numpy as np
import scipy.linalg
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import fid
from tests.helpers import support


def _covariance(random, size, rank=None, smallest=1.0):
    """A covariance with eigenvalues from `smallest` to 1, or of a rank."""
    basis = np.linalg.qr(random.standard_normal((size, size)))[0]
    values = np.geomspace(smallest, 1.0, size)
    if rank is not None:
        values[: size - rank] = 0
    return (basis * values) @ basis.T


def _by_sqrtm(mean_a, cov_a, mean_b, cov_b):
    root = scipy.linalg.sqrtm(cov_a @ cov_b)
    return np.sum((mean_a - mean_b) ** 2) + np.trace(
        cov_a + cov_b - 2 * np.real(root)
    )


def _distance(real, generated, ddof=1):
    pair = _of_blocks([real]), _of_blocks([generated])
    return fid.from_statistics(*pair, ddof=ddof)


def _of_blocks(blocks):
    statistics = fid.Statistics(blocks[0].shape[1])
    for each in blocks:
        statistics.add(each)
    return statistics


class FidTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("fid_torch", slice(None), 0),
        ("fid_torch_max200", slice(200), 0),
        ("fid_torch_same_n", slice(280), 0),
        ("fid_tf_sg1", slice(280), 1),
        ("fid_tf_sg2", slice(280), 1),
    )
    def test_it_is_that_of_the_official_code(self, name, rows, ddof):
        arrays, _ = support.golden("k8_metrics")
        generated = arrays["in/gen"]
        if name == "fid_torch_max200":
            generated = generated[rows]
        found = _distance(arrays["in/real"][rows], generated, ddof=ddof)
        expected = float(arrays[f"f64/out/{name}"])
        self.assertAllClose(found, expected, rtol=1e-7, atol=0)

    def test_the_statistics_are_those_of_the_official_code(self):
        arrays, _ = support.golden("k8_metrics")
        statistics = _of_blocks([arrays["in/real"]])
        mean, covariance = statistics.mean, statistics.covariance(ddof=0)
        expected = arrays["f64/out/mean_real"], arrays["f64/out/cov_real"]
        self.assertAllClose(mean, expected[0], rtol=1e-10, atol=1e-12)
        self.assertAllClose(covariance, expected[1], rtol=1e-10, atol=1e-12)

    def test_it_is_the_closed_form_of_covariances_that_commute(self):
        random = np.random.RandomState(0)
        basis = np.linalg.qr(random.standard_normal((12, 12)))[0]
        a, b = random.uniform(0.1, 4, (2, 12))
        means = random.standard_normal((2, 12))
        found = fid.frechet_distance(
            means[0], (basis * a) @ basis.T, means[1], (basis * b) @ basis.T
        )
        expected = np.sum((means[0] - means[1]) ** 2)
        expected += np.sum((np.sqrt(a) - np.sqrt(b)) ** 2)
        self.assertAllClose(found, expected, rtol=1e-12, atol=0)

    def test_it_is_the_closed_form_of_a_plane(self):
        random = np.random.RandomState(1)
        a, b = (_covariance(random, 2, smallest=0.1) for _ in range(2))
        b *= 3
        product = a @ b
        root = np.trace(product) + 2 * np.sqrt(np.linalg.det(product))
        expected = np.trace(a + b) - 2 * np.sqrt(root)
        zero = np.zeros(2)
        found = fid.frechet_distance(zero, a, zero, b)
        self.assertAllClose(found, expected, rtol=1e-12, atol=0)

    def test_large_samples_come_near_the_distance_of_their_gaussians(self):
        random = np.random.RandomState(2)
        real = random.standard_normal((20_000, 3)) * (1, 2, 3)
        generated = random.standard_normal((20_000, 3)) * (2, 1, 3) + (1, 0, 2)
        found = _distance(real, generated)
        self.assertAllClose(found, 1 + 4 + 1 + 1, rtol=0.03, atol=0)

    @parameterized.parameters(1e-3, 1e-8, 1e-12)
    def test_ill_conditioned_covariances_agree_with_sqrtm(self, smallest):
        random = np.random.RandomState(3)
        a, b = (_covariance(random, 40, smallest=smallest) for _ in range(2))
        means = random.standard_normal((2, 40))
        expected = _by_sqrtm(means[0], a, means[1], b)
        found = fid.frechet_distance(means[0], a, means[1], b)
        self.assertAllClose(found, expected, rtol=1e-6, atol=0)

    @parameterized.parameters((5, 5), (5, 40), (30, 12), (40, 1), (0, 7))
    def test_covariances_that_lack_rank_are_fine(self, rank_a, rank_b):
        random = np.random.RandomState(4)
        a = _covariance(random, 40, rank=rank_a)
        b = _covariance(random, 40, rank=rank_b)
        zero = np.zeros(40)
        found = fid.frechet_distance(zero, a, zero, b)
        nudge = 1e-13 * np.eye(40)  # sqrtm alone fails on singular matrices
        expected = _by_sqrtm(zero, a + nudge, zero, b + nudge)
        self.assertAllClose(found, expected, rtol=1e-5, atol=1e-5)

    def test_fewer_samples_than_features_are_fine(self):
        random = np.random.RandomState(5)
        features = random.standard_normal((20, 64))
        self.assertAllClose(_distance(features, features), 0, atol=1e-10)
        moved = _distance(features, features + 0.5)
        self.assertAllClose(moved, 64 * 0.25, rtol=1e-9, atol=0)
        # On other axes nothing overlaps: the root of the product is 0.
        pair = np.zeros((2, 20, 64))
        pair[0, :, :32], pair[1, :, 32:] = random.standard_normal((2, 20, 32))
        covariances = [np.cov(each.T) for each in pair]
        expected = sum(np.trace(each) for each in covariances)
        expected += np.sum((pair[0].mean(0) - pair[1].mean(0)) ** 2)
        self.assertAllClose(_distance(*pair), expected, rtol=1e-9, atol=0)

    def test_shapes_that_do_not_fit_are_refused(self):
        with self.assertRaisesRegex(ValueError, r"Received: \(3,\), \(2, 2\)"):
            fid.frechet_distance(np.zeros(3), np.eye(2), np.zeros(3), np.eye(3))


class StatisticsTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        random = np.random.RandomState(0)
        mixing = random.standard_normal((9, 9))
        features = random.standard_normal((2500, 9)) @ mixing + 100
        self.features = features.astype(np.float32)

    def _assert_right(self, statistics, features=None, rtol=1e-11):
        features = self.features if features is None else features
        features = features.astype(np.float64)
        self.assertEqual(statistics.count, len(features))
        self.assertAllClose(statistics.mean, features.mean(0), rtol=rtol)
        for ddof in (0, 1):
            expected = np.cov(features, rowvar=False, ddof=ddof)
            found = statistics.covariance(ddof)
            self.assertAllClose(found, expected, rtol=rtol, atol=rtol)
            self.assertAllEqual(found, found.T)

    def test_a_stream_equals_the_whole(self):
        self._assert_right(_of_blocks([self.features]))
        parts = np.split(self.features, [1, 17, 400, 401, 1500, 1500])
        self._assert_right(_of_blocks(parts))

    def test_looking_on_the_way_changes_nothing(self):
        statistics = fid.Statistics(9)
        for part in np.split(self.features, 25):
            statistics.add(part)
            self.assertEqual(statistics.mean.shape, (9,))
        self._assert_right(statistics)

    def test_a_mean_far_away_costs_no_digits(self):
        features = self.features.astype(np.float64) % 1.0 + 1e7
        self._assert_right(_of_blocks([features]), features=features, rtol=1e-8)

    def test_a_mean_that_drifts_costs_no_digits(self):
        drift = np.linspace(0, 1e3, 2500)[:, None]
        features = self.features.astype(np.float64) + drift
        blocks = np.split(features, [1, 3, 50, 700])
        self._assert_right(_of_blocks(blocks), features=features)

    def test_they_can_be_kept_and_go_on(self):
        first = _of_blocks([self.features[:1100]])
        second = fid.Statistics.from_arrays(first.arrays())
        second.add(self.features[1100:])
        self._assert_right(second)

    def test_bad_features_are_refused(self):
        statistics = fid.Statistics(9)
        with self.assertRaisesRegex(ValueError, r"\[N, 9\].*\(4, 8\)"):
            statistics.add(np.zeros((4, 8)))
        with self.assertRaisesRegex(ValueError, "at least 2 samples.*: 0"):
            statistics.covariance()
        statistics.add(np.full((4, 9), np.nan))
        with self.assertRaisesRegex(ValueError, "finite"):
            statistics.covariance()


if __name__ == "__main__":
    tf.test.main()
