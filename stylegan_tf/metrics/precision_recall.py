"""Improved precision and recall, from nearest neighbours.

Reference: https://arxiv.org/abs/1904.06991
"""

import numpy as np

from stylegan_tf.metrics import neighbours


def from_features(
    real,
    generated,
    neighbourhood=3,
    *,
    rounding=None,
    block=neighbours.BLOCK,
):
    """(precision, recall), two floats in `[0, 1]`.

    Precision is the fraction of generated samples that are within the
    radius of some real one, recall the converse; the radius of a sample is
    the distance to its k-th neighbour of the same kind.

    Args:
        real: Features `[M, F]`; float16 halves their memory.
        generated: Features `[N, F]`.
        neighbourhood: k.
        rounding: None, or how the official code rounds distances:
            "float16" (stylegan2-ada-pytorch) or "float16_squared"
            (stylegan2). It moves samples that are on the edge.
        block: How many samples to compare at once.
    """
    real, generated = np.asarray(real), np.asarray(generated)
    options = {"rounding": rounding, "block": block}
    real_radii = neighbours.radii(real, neighbourhood, **options)
    generated_radii = neighbours.radii(generated, neighbourhood, **options)
    is_precise = np.zeros(len(generated), bool)
    is_recalled = np.zeros(len(real), bool)
    for rows, columns, distances in neighbours.blocks(
        real, generated, **options
    ):
        near_real = distances <= real_radii[rows, None]
        is_precise[columns] |= near_real.any(axis=0)
        near_generated = distances <= generated_radii[None, columns]
        is_recalled[rows] |= near_generated.any(axis=1)
    return float(is_precise.mean()), float(is_recalled.mean())
