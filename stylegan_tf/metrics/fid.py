"""Fréchet inception distance, its statistics streamed.

Reference: https://arxiv.org/abs/1706.08500
"""

import numpy as np
import scipy.linalg
from scipy.linalg import blas

_BLOCK_ROWS = 2048


def from_features(real, generated, *, ddof=1):
    """The distance of two sets of features, `[M, F]` and `[N, F]`, a float.

    Args:
        real: Features of real images.
        generated: Features of generated images.
        ddof: As of `from_statistics`.
    """
    statistics = [Statistics(np.shape(each)[-1]) for each in (real, generated)]
    for held, features in zip(statistics, (real, generated), strict=True):
        held.add(features)
    return from_statistics(*statistics, ddof=ddof)


def from_statistics(real, generated, *, ddof=1):
    """The distance of two `Statistics`, a float.

    Args:
        real: Of features of real images.
        generated: Of features of generated images.
        ddof: Covariances are divided by count - ddof: 1 is what the
            TensorFlow repositories do, 0 what stylegan2-ada-pytorch and
            stylegan3 do. (stylegan2-ada takes 0 for the reals of
            `fid50k_full` and 1 for the rest.)
    """
    return frechet_distance(
        real.mean,
        real.covariance(ddof),
        generated.mean,
        generated.covariance(ddof),
    )


def frechet_distance(mean_a, cov_a, mean_b, cov_b):
    """Squared 2-Wasserstein distance of two Gaussians, a float.

    |mean_a - mean_b|^2 + tr(cov_a + cov_b - 2 sqrt(cov_a cov_b)). With
    cov = r r^T, the trace of the root is the sum of the singular values of
    r_a^T r_b. Unlike a root of the product, which is not symmetric, it is
    real and exact for covariances of any rank.

    Args:
        mean_a: `[F]`.
        cov_a: `[F, F]`, symmetric, positive semi-definite.
        mean_b: `[F]`.
        cov_b: `[F, F]`.
    """
    mean_a, mean_b = (np.asarray(m, np.float64) for m in (mean_a, mean_b))
    cov_a, cov_b = (np.asarray(c, np.float64) for c in (cov_a, cov_b))
    shapes = {mean_a.shape * 2, mean_b.shape * 2, cov_a.shape, cov_b.shape}
    if len(shapes) > 1 or mean_a.ndim != 1:
        raise ValueError(
            "Means must be [F] and covariances [F, F]. Received: "
            f"{mean_a.shape}, {cov_a.shape}, {mean_b.shape}, {cov_b.shape}"
        )
    product = _root(cov_a).T @ _root(cov_b)
    root_trace = scipy.linalg.svdvals(product).sum() if product.size else 0.0
    distance = np.sum(np.square(mean_a - mean_b))
    distance += np.trace(cov_a) + np.trace(cov_b) - 2 * root_trace
    return max(float(distance), 0.0)  # rounding may end below 0


class Statistics:
    """Count, mean and covariance of features that come in blocks.

    Memory is that of one `[F, F]` matrix, however many samples come. Sums
    are of float64 differences from the mean so far, so that a mean far from
    0 costs no digits.

    Args:
        size: F, length of a feature vector.
    Reference: Chan, Golub and LeVeque 1983, "Algorithms for computing the
        sample variance", equation 2.1
    """

    def __init__(self, size):
        self._count = 0
        self._mean = np.zeros(size)
        self._scatter = np.zeros((size, size), order="F")  # below, 0 above
        self._waiting = np.empty((_BLOCK_ROWS, size))
        self._waiting_rows = 0

    @classmethod
    def from_arrays(cls, arrays):
        """Restores what `arrays` returned."""
        statistics = cls(len(arrays["mean"]))
        statistics._count = int(arrays["count"])
        statistics._mean = np.asarray(arrays["mean"], np.float64)
        statistics._scatter = np.asarray(arrays["scatter"], np.float64)
        return statistics

    def arrays(self):
        """A dict of arrays to keep in a file, see `from_arrays`."""
        self._flush()
        return {
            "count": np.int64(self._count),
            "mean": self._mean.copy(),
            "scatter": self._scatter.copy(),
        }

    def add(self, features):
        """Takes in features `[N, F]`, any number of them."""
        features = np.asarray(features)
        if features.ndim != 2 or features.shape[1] != len(self._mean):
            raise ValueError(
                f"`features` must be [N, {len(self._mean)}]. "
                f"Received: shape={features.shape}"
            )
        if not self.count and len(features):
            self._mean = features.mean(axis=0, dtype=np.float64)  # a guess
        while len(features):
            free = self._waiting[self._waiting_rows :]
            taken = min(len(free), len(features))
            np.subtract(features[:taken], self._mean, out=free[:taken])
            features = features[taken:]
            self._waiting_rows += taken
            if self._waiting_rows == _BLOCK_ROWS:
                self._flush()

    @property
    def count(self):
        """How many samples came."""
        return self._count + self._waiting_rows

    @property
    def mean(self):
        """`[F]`, float64."""
        self._flush()
        return self._mean.copy()

    def covariance(self, ddof=1):
        """`[F, F]`, float64: the sum of outer products / (count - ddof)."""
        self._flush()
        if self._count <= ddof:
            raise ValueError(
                f"A covariance with ddof={ddof} takes at least {ddof + 1} "
                f"samples. Received: {self._count}"
            )
        covariance = self._scatter + self._scatter.T  # the diagonal twice
        covariance[np.diag_indices_from(covariance)] /= 2
        covariance /= self._count - ddof
        return covariance

    def _flush(self):
        rows = self._waiting[: self._waiting_rows]  # less the mean so far
        self._waiting_rows = 0
        if not len(rows):
            return
        shift = rows.mean(axis=0)
        if not np.isfinite(shift).all():
            raise ValueError(
                "Features must be finite. Received: NaN or infinity; look "
                "at the images and the detector's weights"
            )
        self._scatter = blas.dsyrk(
            1.0, rows.T, beta=1.0, c=self._scatter, lower=1, overwrite_c=1
        )
        total = self._count + len(rows)
        shift *= len(rows) / total
        # The sums are now of differences from the mean that moves by `shift`.
        self._scatter = blas.dsyr(
            -total, shift, lower=1, a=self._scatter, overwrite_a=1
        )
        self._mean = self._mean + shift
        self._count = total


def _root(covariance):
    """r `[F, R]` with r r^T = covariance, R its numerical rank."""
    values, vectors = scipy.linalg.eigh(covariance)
    noise = len(values) * np.finfo(np.float64).eps * np.abs(values).max()
    is_real = values > noise
    return vectors[:, is_real] * np.sqrt(values[is_real])
