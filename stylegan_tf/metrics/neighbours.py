"""Distances between many features, a block at a time.

Memory is that of a few blocks of `BLOCK` x `BLOCK` distances and of
`BLOCK` x F features, however many features there are.
"""

import numpy as np

BLOCK = 2048


def blocks(a, b, *, rounding=None, is_upper=False):
    """Yields (rows, columns, distances) that together cover `a` x `b`.

    Args:
        a: Features `[M, F]`; rows is a slice of them.
        b: Features `[N, F]`; columns is a slice of them.
        rounding: Type that Euclidean distances are rounded to: "float16" as
            in stylegan2-ada-pytorch; None: that of the features, at least
            float32.
        is_upper: Leaves out the blocks below the diagonal.
    """
    if np.ndim(a) != 2 or np.shape(a)[1:] != np.shape(b)[1:] or not len(b):
        raise ValueError(
            "Features must be [M, F] and [N, F]. "
            f"Received: {np.shape(a)} and {np.shape(b)}"
        )
    shift = np.mean(a[:BLOCK], axis=0, dtype=np.float64)  # keeps digits
    for start in range(0, len(a), BLOCK):
        rows = slice(start, min(start + BLOCK, len(a)))
        x = _shifted(a[rows], shift)
        first = start if is_upper else 0
        for start_b in range(first, len(b), BLOCK):
            columns = slice(start_b, min(start_b + BLOCK, len(b)))
            distances = _distances(x, _shifted(b[columns], shift))
            if rounding:
                with np.errstate(over="ignore"):  # as in the official code
                    distances = distances.astype(rounding).astype(np.float32)
            yield rows, columns, distances


def radii(features, neighbourhood, *, rounding=None):
    """Distance of each of `[N, F]` to its k-th neighbour, `[N]`."""
    features = np.asarray(features)
    if not 1 <= neighbourhood < len(features):
        raise ValueError(
            "`neighbourhood` must be at least 1 and less than the number of "
            f"samples. Received: {neighbourhood} of {len(features)} samples"
        )
    count = neighbourhood + 1  # a sample's nearest is itself
    nearest = np.full((len(features), count), np.inf)
    for rows, columns, distances in blocks(
        features, features, rounding=rounding, is_upper=True
    ):
        nearest[rows] = _smallest(nearest[rows], distances)
        if rows != columns:
            nearest[columns] = _smallest(nearest[columns], distances.T)
    return nearest.max(axis=1)


def _smallest(nearest, distances):
    """The smallest of both along axis 1, as many as `nearest` holds."""
    count = nearest.shape[1]
    if distances.shape[1] > count:
        distances = np.partition(distances, count - 1, axis=1)[:, :count]
    both = np.concatenate([nearest, distances], axis=1)
    return np.partition(both, count - 1, axis=1)[:, :count]


def _shifted(features, shift):
    dtype = np.result_type(features.dtype, np.float32)
    return features.astype(dtype) - shift.astype(dtype)


def _distances(x, y):
    """`[M, F]`, `[N, F]` to `[M, N]`, from |x|^2 + |y|^2 - 2 x . y.

    What is less than the rounding of the terms is 0, so that copies of a
    sample are at no distance.
    """
    norms = np.sum(x * x, axis=1)[:, None] + np.sum(y * y, axis=1)[None, :]
    squared = x @ y.T
    squared *= -2
    squared += norms
    norms *= 8 * np.finfo(x.dtype).eps
    squared[squared < norms] = 0
    return np.sqrt(squared, out=squared)
