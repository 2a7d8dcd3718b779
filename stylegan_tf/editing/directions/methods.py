"""The three ways to directions: each gives `direction_files.Direction`s."""

import numpy as np

from stylegan_tf.editing import direction_files
from stylegan_tf.editing.directions import orthogonal, pca, sefa, supervised


def by_sefa(generator, w, layers, count):
    """The steps that style layers feel most, `sefa0` the most.

    Args:
        generator: A `generators.Bound` with weights.
        w: A sample, `[N, D]`, for the spreads.
        layers: First layer, and the one after the last.
        count: How many; at most D are given.
    """
    weight = sefa.style_weights(generator, *layers)
    vectors, _ = sefa.factorise(weight, count)
    return _directions(_numbered("sefa", vectors), w, layers)


def by_pca(generator, w, layers, count):
    """The ways in which w differ most, `pca0` the most; as `by_sefa`.

    Raises:
        ValueError: If w is z, which differs as much in all of them.
    """
    if not generator.config.generator.mapping_layers:
        raise ValueError(
            "Without a mapping network w is z, which has no principal "
            "components: find directions by sefa or supervised"
        )
    vectors, fractions = pca.components(w, count)
    return _directions(_numbered("pca", vectors), w, layers)


def by_scores(w, scores, names, layers, *, fit=supervised.ridge, given=None):
    """Normals of the planes that part images by their scores.

    Args:
        w: A sample, `[N, D]`.
        scores: Of the images, `[N, A]`.
        names: Of the attributes.
        layers: As of `by_sefa`.
        fit: `supervised.ridge` or `svm`.
        given: Whether an attribute must be there, by name: the planes of
            others are fitted to such images only.

    Raises:
        ValueError: If all images are alike in one.
    """
    vectors, is_there = {}, dict(zip(names, scores.T >= 0, strict=True))
    for name, column in zip(names, scores.T, strict=True):
        rows = np.full(len(w), True)
        for other, wanted in (given or {}).items():
            if other != name:
                rows &= is_there[other] == wanted
        try:
            vectors[name] = fit(w[rows], column[rows])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return _directions(vectors, w, layers)


def made_orthogonal(directions, w, others):
    """Directions, each made orthogonal to others; as `orthogonal.all_to`.

    Args:
        directions: `Direction`s.
        w: A sample, `[N, D]`, for the new spreads.
        others: Names of those to whose vectors, as given, the rest are made
            orthogonal.
    """
    vectors = {each.name: each.vector for each in directions}
    vectors = orthogonal.all_to(vectors, list(vectors), others)
    return [
        each._replace(
            vector=vectors[each.name], spread=_spread(w, vectors[each.name])
        )
        for each in directions
    ]


def _numbered(name, vectors):
    return {f"{name}{index}": each for index, each in enumerate(vectors)}


def _directions(vectors, w, layers):
    return [
        direction_files.Direction(name, vector, *layers, _spread(w, vector))
        for name, vector in vectors.items()
    ]


def _spread(w, vector):
    """Standard deviation of w along a vector."""
    return float(np.std(w @ vector))
