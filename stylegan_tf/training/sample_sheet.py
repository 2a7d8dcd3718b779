"""What a run's sheets of samples show; of classes a row each.

All images of a column have one latent: what changes from row to row is the
class alone. Labels that are vectors are shown as they come with the reals.
"""

from typing import Any, NamedTuple

import numpy as np

from stylegan_tf import classes
from stylegan_tf.data import order, pipeline


class Sheet(NamedTuple):
    """Of N = rows * columns images, row by row."""

    reals: Any  # uint8 `[N, H, W, C]`, black where a class has no image
    labels: Any  # `[N, L]`, None of runs without labels
    seeds: list  # of the latents, `[N]`
    columns: int


def has_classes(config):
    """Whether the sheets of a run have a row a class."""
    return bool(config.label_size) and config.label_kind == "classes"


def make(config, source):
    """The `Sheet` of a run; the same in every run with these data.

    Raises:
        ValueError: If the images or labels are not of the config's sizes.
    """
    rows, columns = config.training.sample_grid
    sizes = {
        "image_shape": config.image_shape,
        "label_size": config.label_size,
    }
    seed = config.training.seed
    if has_classes(config):
        return _of_classes(source, columns, seed, sizes)
    count = rows * columns
    reals, labels = pipeline.fixed_batch(source, count, seed=seed, **sizes)
    labels = labels if config.label_size else None
    return Sheet(reals, labels, list(range(count)), columns)


def _of_classes(source, columns, seed, sizes):
    pipeline.refuse_other(source, **sizes)
    rows = classes.shown(sizes["label_size"])
    labels = np.eye(sizes["label_size"], dtype=np.float32)[rows]
    shape = columns, *sizes["image_shape"]
    reals = []
    for number in rows:
        own = np.flatnonzero(source.classes == number)
        if not len(own):
            reals.append(np.zeros(shape, np.uint8))
            continue
        places = order.order(seed, np.arange(columns), len(own))
        reals.append(pipeline.read(source, own[places], shape[1:])[0])
    return Sheet(
        np.concatenate(reals),
        np.repeat(labels, columns, axis=0),
        list(range(columns)) * len(rows),
        columns,
    )
