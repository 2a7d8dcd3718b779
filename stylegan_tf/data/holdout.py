"""Splits a data set into images to train on and images to keep from it."""

import dataclasses

import numpy as np

from stylegan_tf.data import order

_SEED = 0  # not the run's: runs of other seeds hold the same images out


def split(source, share):
    """(training `Source`, held-out `Source`); both know the whole.

    Which images are held out depends on how many there are and on nothing
    else; those of a smaller share are among those of a larger one.

    Args:
        source: A `data.source.Source`.
        share: Of the images to hold out, above 0 and below 1.

    Raises:
        ValueError: If a side would be without an image.
    """
    total = len(source)
    count = round(share * total)
    if not 0 < count < total:
        raise ValueError(
            "`data.holdout` must leave an image or more on either side. "
            f"Received: holdout={share:g}, which is {count} of {total:,} images"
        )
    shuffled = order.order(_SEED, np.arange(total), total)
    return tuple(
        take(source, np.sort(rows))
        for rows in (shuffled[count:], shuffled[:count])
    )


def take(source, indices):
    """`Source` of the images at `indices`, ints `[M]`, with their labels."""
    given, attributes = source.given_labels, source.attributes
    return dataclasses.replace(
        source,
        names=[source.names[index] for index in indices],
        fetch=lambda index: source.fetch(int(indices[index])),
        given_labels=None if given is None else given[indices],
        metadata=source.metadata
        | {
            "labels": None,  # `given_labels` has them
            "attributes": {
                name: [values[index] for index in indices]
                for name, values in attributes.items()
            },
        },
        whole=source,
        indices=indices,
    )


def whole(source):
    """The `Source` that this one is a part of, or itself."""
    return source if source is None else source.whole or source
