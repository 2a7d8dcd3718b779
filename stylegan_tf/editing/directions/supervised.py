"""Planes in W that part images with an attribute from those without.

The normal of a plane is the direction: along it the attribute changes.
Reference: https://arxiv.org/abs/1907.10786, section 2.1 (InterFaceGAN)
"""

import numpy as np

from stylegan_tf.metrics import separability

_ENDS = 0.1  # the fraction at each end that an SVM is fitted to
_FEWEST = 8  # images there


def svm(w, scores):
    """Normal `[D]` of the plane between the ends of `scores`, of length 1.

    As the article: it looks at the images with the highest scores and at
    those with the lowest, as many, and at none that are in doubt.

    Args:
        w: A sample, `[N, D]`.
        scores: How much the attribute is there, `[N]`.

    Raises:
        ValueError: If the images are too few, or all alike.
    """
    _refuse_alike(scores)
    count = max(round(_ENDS * len(scores)), _FEWEST)
    order = np.argsort(scores, kind="stable")
    ends = np.concatenate([order[:count], order[-count:]])
    is_there = np.arange(2 * count) >= count
    return unit(separability.linear_svm().fit(w[ends], is_there).coef_[0])


def ridge(w, scores, damping=1.0):
    """As `svm`, of the plane that predicts all scores with least squares.

    The damping keeps the normal where w really varies. Without it small axes
    of W count as much as large ones: the plane predicts a little better, and
    a step of one standard deviation along its normal changes little.

    Args:
        w: A sample, `[N, D]`.
        scores: How much the attribute is there, `[N]`.
        damping: In units of the mean variance of w's entries.

    Raises:
        ValueError: If the images are too few, or all alike.
    """
    _refuse_alike(scores)
    return unit(least_squares(w, scores, damping)[0])


def least_squares(x, y, damping):
    """Weights `[D]` and offset of x @ weights + offset, which predicts y.

    Args:
        x: `[N, D]`.
        y: `[N]`.
        damping: On the weights, in units of the mean variance of x's entries.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    centre = x.mean(axis=0)
    centred, size = x - centre, x.shape[1]
    covariance = centred.T @ centred / len(x)
    damped = damping * np.trace(covariance) / size * np.eye(size)
    # Without damping there may be fewer rows than columns.
    weights = np.linalg.lstsq(
        covariance + damped, centred.T @ (y - y.mean()) / len(x), rcond=None
    )[0]
    return weights, y.mean() - centre @ weights


def unit(vector):
    """`vector` at length 1."""
    return vector / np.linalg.norm(vector)


def _refuse_alike(scores):
    if len(scores) < 2 * _FEWEST or np.ptp(scores) == 0:
        raise ValueError(
            f"{len(scores):,} images are too few, or all alike in it: make "
            "more with --images, or leave it out with --attributes"
        )
