"""Copies into a network what fits of another one.

A weight is copied from the one that plays the same part (`weights.of`), if
it has its shape; what other colours, labels or sizes ask for is adapted.
"""

import numpy as np

from stylegan_tf.transfer import added, classes, colours, report, weights


def copy(network, other):
    """Fills `network` with what fits of `other`.

    Both are generators or both discriminators, of one family. What does not
    fit stays as it is. Equal networks end bit-equal.

    Returns:
        A `report.Copied`.
    """
    ours, theirs = weights.of(network), weights.of(other)
    values = {
        key: _rescaled(theirs[key], weight)
        for key, weight in ours.items()
        if key in theirs and theirs[key].shape == weight.shape
    }
    states = dict.fromkeys(values, report.COPIED)
    for key, value in _adapted(network, ours, other, theirs).items():
        if value is None:
            values.pop(key, None)
            states.pop(key, None)
        if np.shape(value) != ours[key].shape:
            continue  # of another width as well
        values[key] = np.float32(value / ours[key].factor)
        # Zeros in the place of what was not there are new all the same.
        states[key] = report.ADAPTED if key in theirs else report.SILENT
    if not _is_same_mapping(network, other, values):
        for each in (values, states):
            each.pop("mapping/w_avg", None)  # it is the mean of another w
    network.set_weights(
        [values.get(key, weight.stored()) for key, weight in ours.items()]
    )
    return report.Copied(
        rows=[
            report.Row(
                weight.path,
                weight.variable.trainable,
                int(np.prod(weight.shape)),
                states.get(key, report.NEW),
            )
            for key, weight in ours.items()
        ],
        left=[each.path for key, each in theirs.items() if key not in ours],
    )


def _rescaled(theirs, ours):
    """The array to store so that it is used as it was."""
    if theirs.factor == ours.factor:
        return theirs.stored()
    return np.float32(theirs.used() / ours.factor)


def _adapted(network, ours, other, theirs):
    """Arrays as they are used, by key, of what needs more than a copy."""
    pair = network, ours, other, theirs
    if hasattr(network, "synthesis"):
        found = classes.adapted_generator(*pair)
        found |= added.adapted_generator(network, ours, theirs)
    else:
        found = classes.adapted_discriminator(*pair)
        found |= added.adapted_discriminator(*pair)
    return found | colours.adapted(*pair)


def _is_same_mapping(network, other, values):
    """Whether w is distributed as it was."""
    depths = [each.config.generator.mapping_layers for each in (network, other)]
    dense = [
        key for key in weights.of(network) if key.startswith("mapping/dense")
    ]
    return depths[0] == depths[1] and all(key in values for key in dense)
