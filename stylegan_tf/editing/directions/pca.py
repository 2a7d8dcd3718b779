"""Principal components of w: the ways in which styles differ most.

Reference: https://arxiv.org/abs/2004.02546 (GANSpace)
"""

import numpy as np

from stylegan_tf.editing.directions import axes


def components(w, count):
    """Unit directions `[count, D]`, that of the largest variance first.

    Args:
        w: A sample, `[N, D]`.
        count: How many; at most D are given.

    Returns:
        The directions, and the fraction of the variance that is along each,
        `[count]`.
    """
    covariance = np.cov(np.asarray(w, np.float64), rowvar=False, bias=True)
    directions, variances = axes.leading(covariance, count)
    return directions, np.maximum(variances, 0.0) / np.trace(covariance)
