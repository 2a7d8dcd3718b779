"""Inception score.

Reference: https://arxiv.org/abs/1606.03498, section 4
"""

import numpy as np
from scipy import special

SPLITS = 10


def from_probabilities(probabilities, *, splits=SPLITS):
    """Mean and population standard deviation over consecutive splits.

    Args:
        probabilities: Class probabilities of images, `[N, K]`.
        splits: Into how many parts the images are cut.
    """
    probabilities = np.asarray(probabilities, np.float64)
    count = len(probabilities)
    if probabilities.ndim != 2 or not 1 <= splits <= count:
        raise ValueError(
            "`probabilities` must be [N, K] and `splits` from 1 to N. "
            f"Received: shape={probabilities.shape}, splits={splits}"
        )
    bounds = [part * count // splits for part in range(splits + 1)]
    scores = [
        _score(probabilities[start:stop])
        for start, stop in zip(bounds, bounds[1:], strict=False)
    ]
    return float(np.mean(scores)), float(np.std(scores))


def _score(probabilities):
    """exp of the mean KL divergence from the mean, 0 log 0 being 0."""
    divergence = special.rel_entr(
        probabilities, probabilities.mean(axis=0, keepdims=True)
    )
    return np.exp(divergence.sum(axis=1).mean())
