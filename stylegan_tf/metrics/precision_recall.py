"""Precision, recall, density and coverage, from nearest neighbours.

References: https://arxiv.org/abs/1904.06991, improved precision and recall;
https://arxiv.org/abs/2002.09797, section 3.2, density and coverage
"""

import numpy as np

from stylegan_tf.metrics import neighbours


def from_features(real, generated, neighbourhood=3, *, rounding=None):
    """(precision, recall), two floats in `[0, 1]`.

    Precision is the fraction of generated samples that are within the
    radius of some real one, recall the converse; the radius of a sample is
    the distance to its k-th neighbour of the same kind.

    Args:
        real: Features `[M, F]`; float16 halves their memory.
        generated: Features `[N, F]`.
        neighbourhood: k.
        rounding: As of `neighbours.blocks`. It moves samples that are on the
            edge.
    """
    real, generated = np.asarray(real), np.asarray(generated)
    real_radii, generated_radii = (
        neighbours.radii(each, neighbourhood, rounding=rounding)
        for each in (real, generated)
    )
    is_precise = np.zeros(len(generated), bool)
    is_recalled = np.zeros(len(real), bool)
    for rows, columns, distances in neighbours.blocks(
        real, generated, rounding=rounding
    ):
        near_real = distances <= real_radii[rows, None]
        is_precise[columns] |= near_real.any(axis=0)
        near_generated = distances <= generated_radii[None, columns]
        is_recalled[rows] |= near_generated.any(axis=1)
    return float(is_precise.mean()), float(is_recalled.mean())


def density_coverage(real, generated, neighbourhood=5):
    """(density, coverage), two floats; outliers disturb them less.

    Density counts in how many real neighbourhoods a generated sample is,
    in units of k: 1 where both are alike, more where samples crowd. Coverage
    is the fraction of real neighbourhoods that hold a generated sample.
    Args are those of `from_features`.
    """
    real, generated = np.asarray(real), np.asarray(generated)
    radii = neighbours.radii(real, neighbourhood)
    inside = 0
    is_covered = np.zeros(len(real), bool)
    for rows, _, distances in neighbours.blocks(real, generated):
        near_real = distances < radii[rows, None]
        inside += np.count_nonzero(near_real)
        is_covered[rows] |= near_real.any(axis=1)
    density = inside / (neighbourhood * len(generated))
    return density, float(is_covered.mean())
