"""Directions that leave others alone: conditional manipulation.

A step that is orthogonal to the normals of other attributes' planes stays at
the same distance from each of them. What comes out is orthogonal to the
others as they were, not to what comes out for those.
Reference: https://arxiv.org/abs/1907.10786, section 2.2
"""

import numpy as np

_LEAST = 1e-3  # of its length that must remain


def to(vector, others):
    """`vector` without its parts along others, `[D]` of unit length.

    Args:
        vector: `[D]`.
        others: `[K, D]`, at any angle to each other.

    Raises:
        ValueError: If it is a sum of the others, so that nothing remains.
    """
    vector = np.asarray(vector, np.float64)
    others = np.asarray(others, np.float64).reshape(-1, len(vector))
    # Of a basis: parts along each of the others would be taken twice. The
    # second round takes what rounding has left.
    basis = np.linalg.svd(others, full_matrices=False)
    basis = basis[2][basis[1] > 1e-6 * np.max(basis[1], initial=0.0)]
    rest = vector
    for _ in range(2):
        rest = rest - basis.T @ (basis @ rest)
    if np.linalg.norm(rest) < _LEAST * np.linalg.norm(vector):
        raise ValueError("nothing of it is left without the others")
    return rest / np.linalg.norm(rest)


def all_to(directions, names, names_of_others):
    """Directions of which some are orthogonal to some as these were.

    Args:
        directions: Vectors `[D]` by name.
        names: Which to change.
        names_of_others: To which; a direction is never one of its own others.

    Returns:
        Vectors by name.

    Raises:
        ValueError: If nothing of a direction is left.
    """
    found = dict(directions)
    for name in names:
        others = [directions[o] for o in names_of_others if o != name]
        try:
            found[name] = to(directions[name], others)
        except ValueError as error:
            raise ValueError(f"The direction {name!r}: {error}") from error
    return found
