"""Density and coverage, which outliers disturb less than precision, recall.

Reference: https://arxiv.org/abs/2002.09797, section 3.2
"""

import numpy as np

from stylegan_tf.metrics import neighbours


def from_features(
    real,
    generated,
    neighbourhood=5,
    *,
    rounding=None,
    block=neighbours.BLOCK,
):
    """(density, coverage), two floats.

    Density counts in how many real neighbourhoods a generated sample is,
    in units of k: 1 where both are alike, more where samples crowd. Coverage
    is the fraction of real neighbourhoods that hold a generated sample.

    Args:
        real: Features `[M, F]`.
        generated: Features `[N, F]`.
        neighbourhood: k, whose distance bounds a neighbourhood.
        rounding: As of `neighbours.blocks`.
        block: How many samples to compare at once.
    """
    real, generated = np.asarray(real), np.asarray(generated)
    options = {"rounding": rounding, "block": block}
    radii = neighbours.radii(real, neighbourhood, **options)
    inside = 0
    is_covered = np.zeros(len(real), bool)
    for rows, _, distances in neighbours.blocks(real, generated, **options):
        near_real = distances < radii[rows, None]
        inside += np.count_nonzero(near_real)
        is_covered[rows] |= near_real.any(axis=1)
    density = inside / (neighbourhood * len(generated))
    return density, float(is_covered.mean())
