"""The axes along which a quadratic form is largest: SeFa's and PCA's one."""

import numpy as np


def leading(matrix, count):
    """Unit eigenvectors `[count, D]`, largest eigenvalue first, and these.

    An eigenvector may be turned around: here its largest entry is positive,
    so that a direction does not depend on the machine.

    Args:
        matrix: Symmetric, `[D, D]`.
        count: How many; at most D are given.
    """
    values, vectors = np.linalg.eigh(np.asarray(matrix, np.float64))
    values, vectors = values[::-1][:count], vectors.T[::-1][:count]
    largest = np.argmax(np.abs(vectors), axis=1)[:, None]
    return vectors * np.sign(np.take_along_axis(vectors, largest, 1)), values
