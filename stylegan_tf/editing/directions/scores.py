"""How much each attribute is there in images: what directions are fitted to."""

import collections.abc
import typing

import numpy as np

from stylegan_tf import suggest
from stylegan_tf.data import attributes as attributes_lib
from stylegan_tf.data import pipeline
from stylegan_tf.editing.directions import supervised

_BATCH = 256
_DAMPING = 1e-3  # of the probe
_HELD_OUT = 0.1  # of the labelled images


class Scorer(typing.NamedTuple):
    """Answers questions about images with numbers."""

    names: tuple  # of the attributes
    # Images [N, H, W, C] to [N, A], positive where an attribute is there.
    score: collections.abc.Callable
    about: str  # who answers, in words


def of_classifiers(detector, text=""):
    """A `Scorer` by attribute classifiers.

    Args:
        detector: `features.offline.Offline` or `features.classifiers`'.
        text: Which of its attributes, with commas between, and what to call
            them: `glasses,beard=facial_hair`; "": all.

    Raises:
        ValueError: If it knows no such attribute.
    """
    known, columns = list(detector.attributes), {}
    for item in text.split(",") if text else known:
        name, _, attribute = item.strip().partition("=")
        attribute = attribute or name
        if attribute not in known:
            raise ValueError(
                f"{detector.name} has no classifier of `{attribute}`."
                + suggest.closest(attribute, known)
                + f" It has: {', '.join(known)}"
            )
        columns[name] = known.index(attribute)
    order = list(columns.values())
    return Scorer(
        tuple(columns),
        lambda images: detector.logits(images)[:, order],
        f"the classifiers {detector.name}",
    )


def of_labels(detector, source, text="", *, count=5_000, seed=0):
    """A `Scorer` by the labels of a data set: linear probes of features.

    Args:
        detector: With `features`: images to `[N, F]`.
        source: A `data.sources.Source`.
        text: As `data.attributes.answers`.
        count: How many labelled images to look at, at most.
        seed: Of which.

    Returns:
        The `Scorer`, and the accuracy of each probe on labelled images that
        it was not fitted to, by name.

    Raises:
        ValueError: If an attribute is missing, or all images are alike in it.
    """
    questions = attributes_lib.answers(source, text)
    order = np.random.RandomState(seed).permutation(len(source))[:count]
    features = np.concatenate(
        [
            detector.features(
                pipeline.read(source, rows, source.image_shape)[0]
            )
            for rows in np.split(order, range(_BATCH, len(order), _BATCH))
        ]
    )
    planes, accuracies = [], {}
    for name, answers in questions.items():
        plane, accuracies[name] = _probe(name, features, answers[order])
        planes.append(plane)
    weights, offsets = map(np.array, zip(*planes, strict=True))
    scorer = Scorer(
        tuple(questions),
        lambda images: detector.features(images) @ weights.T + offsets,
        f"probes of {detector.name}, from the labels of {source.name}",
    )
    return scorer, accuracies


def _probe(name, features, answers):
    """Weights and offset of a plane in features, and its accuracy."""
    is_known = answers != attributes_lib.UNKNOWN
    features, signs = features[is_known], np.where(answers[is_known], 1, -1)
    if len(np.unique(signs)) < 2:
        raise ValueError(
            f"All {len(signs):,} labelled images are alike in `{name}`: leave "
            "it out with --attributes"
        )
    held_out = max(1, round(_HELD_OUT * len(signs)))
    plane = supervised.least_squares(
        features[held_out:], signs[held_out:], _DAMPING
    )
    found = features[:held_out] @ plane[0] + plane[1]
    return plane, float(np.mean((found >= 0) == (signs[:held_out] > 0)))
