"""Splits the classes of a data set into sub-classes that look alike.

Reference: https://arxiv.org/abs/1709.07359
"""

import dataclasses
import warnings

import numpy as np

from stylegan_tf.data import decode, labels

PARENTS = "parent_classes"  # of the classes, in dataset.json
_BATCH = 256
_STARTS = 3  # k-means begins so often, and the best end is taken


def features_of_results(results, detector):
    """Indices `[M]` and features `[M, F]` of what `results` keep.

    Args:
        results: From `prepare.converted`, or lists of them.
        detector: With `features(images)`.
    """
    indices, features, batch = [], [], []

    def look():
        images = [decode.pixels(result.data) for result in batch]
        features.append(detector.features(np.stack(images)))
        indices.extend(result.index for result in batch)
        batch.clear()

    for result in results:
        if result.data is not None:
            batch.append(result)
        if len(batch) == _BATCH:
            look()
    if batch:
        look()
    if not features:
        raise ValueError("There are no images that can be used to split.")
    return np.array(indices), np.concatenate(features)


def split(source, indices, features, *, parts, seed=0, by=""):
    """The `Source` with `parts` sub-classes in the place of every class.

    The most frequent one of a class is its first. They are called `coat/0`,
    `coat/1` and so on; metadata tell the class of each, as `parent_classes`.
    Without labels, the sub-classes are those of the whole.

    Args:
        source: A `Source` whose labels are classes, or without labels.
        indices: Of its images that count, int `[M]`; others get class 0.
        features: Of these images, `[M, F]`.
        parts: How many sub-classes a class gets.
        seed: Of k-means.
        by: What made the features, for a note.

    Raises:
        ValueError: If labels are no classes, or a class has too few images.
    """
    parents, names = _classes(source, indices)
    members = [np.flatnonzero(parents == i) for i in range(len(names))]
    _refuse_small(members, names, parts)
    made = np.zeros(len(source), np.int64)
    for parent, rows in enumerate(members):
        found = cluster(features[rows], parts, seed=seed)
        if len(np.unique(found)) < parts:
            raise ValueError(
                f"The {len(rows):,} images of {names[parent]} are too much "
                f"alike for {parts} parts: some have the same features. "
                "Remove copies (tools.doctor --dataset lists them), or take "
                "other --split_features."
            )
        made[indices[rows]] = parent * parts + found
    sizes = np.bincount(made[indices], minlength=len(names) * parts)
    note = (
        f"{len(names)} classes in {parts} parts each, of {sizes.min():,} to "
        f"{sizes.max():,} images" + f", by {by}" * bool(by)
    )
    if sizes.min() < labels.FEW_OF_A_CLASS:
        note += (
            f"; a part of under {labels.FEW_OF_A_CLASS} is too small to learn"
        )
    metadata = dict(source.metadata)
    metadata.pop("class_names", None)
    numbers = range(parts)
    made_names = [f"{name}/{i}" for name in names for i in numbers]
    if source.given_labels is None:
        made_names = list(map(str, numbers))
    else:
        metadata[PARENTS] = [name for name in names for _ in numbers]
    return dataclasses.replace(
        source,
        given_labels=made,
        class_names=made_names,
        metadata=metadata,
        label_notes=[*source.label_notes, note],
    )


def cluster(features, parts, *, seed=0):
    """The cluster of each of `[M, F]`, int `[M]`; 0 is the largest.

    Raises:
        ImportError: Without scikit-learn.
    """
    try:
        from sklearn import cluster as clustering
    except ImportError as error:
        raise ImportError(
            "Classes are split with scikit-learn: pip install "
            "'stylegan_tf[data]'"
        ) from error
    means = clustering.KMeans(parts, n_init=_STARTS, random_state=seed)
    with warnings.catch_warnings():  # of fewer clusters, which `split` refuses
        warnings.simplefilter("ignore")
        found = means.fit_predict(np.asarray(features, np.float64))
    sizes = np.bincount(found, minlength=parts)
    return np.argsort(np.argsort(-sizes, kind="stable"))[found]


def _classes(source, indices):
    """int `[M]` of the images that count, and names of all classes."""
    given = source.given_labels
    if given is None:
        return np.zeros(len(indices), np.int64), ["all"]
    if not source.is_classes:
        raise ValueError(
            "--split_classes splits classes. The labels of "
            f"{source.path} are vectors of {given.shape[1]}."
        )
    names = source.class_names or range(source.label_rows.shape[1])
    return source.classes[indices], list(map(str, names))


def _refuse_small(members, names, parts):
    small = [i for i, rows in enumerate(members) if len(rows) < parts]
    if not small:
        return
    first = small[0]
    raise ValueError(
        f"{len(small)} of {len(names)} classes have fewer images than the "
        f"{parts} parts of --split_classes={parts}. The first, "
        f"{names[first]}, has {len(members[first])}. "
        + "Give a smaller number, or leave" * (parts > 2)
        + "Leave" * (parts <= 2)
        + " these classes out."
    )
