"""Whether attribute classifiers see the class that was asked for.

A class is known by its name: `glasses+smile` is what has both attributes and
no other that some class is named by; what no attribute names, such as
`plain`, has none. Where every class has a classifier of its own, the surest
one decides.
"""

from typing import NamedTuple

import numpy as np


class Asked(NamedTuple):
    """What classifiers should see of each class."""

    there: np.ndarray  # bool `[L, B]`, of the attributes that names mention
    columns: np.ndarray  # which B of the A attributes those are
    is_surest: bool  # whether one of them, the surest, decides


def of_names(names, attributes, *, are_classes=True):
    """The `Asked` of classes, or of the parts of vectors, by their names.

    Args:
        names: Of the L classes.
        attributes: What the A classifiers tell.
        are_classes: Whether an image is of one class alone.

    Raises:
        ValueError: If the classifiers do not tell the classes apart.
    """
    parts = [{name, *name.split("+")} for name in names]
    if set(names) <= set(attributes):
        parts = [{name} for name in names]
    there = np.array([[each in own for each in attributes] for own in parts])
    columns = np.flatnonzero(there.any(axis=0))
    there = there[:, columns]
    kinds, counts = np.unique(there, axis=0, return_counts=True)
    if not len(columns) or (are_classes and len(kinds) < len(names)):
        alike = [
            name
            for name, row in zip(names, there, strict=True)
            if (row == kinds[counts.argmax()]).all()
        ]
        raise ValueError(
            "Classifiers must be called as the classes are, to tell them "
            f"apart. They tell {', '.join(attributes)}, and do not tell apart: "
            f"{', '.join(alike[:4])}{', ...' * (len(alike) > 4)}."
        )
    is_surest = are_classes and len(columns) == len(names)
    return Asked(there, columns, is_surest and (there.sum(1) == 1).all())


def agrees(asked, labels, logits):
    """Whether classifiers see what labels ask for, bool `[N]`.

    Args:
        asked: From `of_names`.
        labels: `[N, L]`.
        logits: Of the classifiers, `[N, A]`; above 0 is there.
    """
    wanted = labels @ asked.there > 0.5
    seen = logits[:, asked.columns]
    if asked.is_surest:
        return seen.argmax(axis=1) == wanted.argmax(axis=1)
    return ((seen > 0) == wanted).all(axis=1)
