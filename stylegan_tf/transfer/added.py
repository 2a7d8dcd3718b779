"""Parts that are new, and silent at first.

Where a network sums what its parts make, new ones start at zero: it first
gives what the other gave, and learns from there.
"""

import numpy as np

from stylegan_tf.transfer import weights


def adapted_generator(network, ours, theirs):
    """Zeros by key: of the images that a skip generator did not sum before."""
    if network.config.generator.architecture != "skip":
        return {}
    return {
        key: np.zeros(weight.shape)
        for key, weight in ours.items()
        if key.endswith("to_rgb/conv/kernel") and key not in theirs
    }


def adapted_discriminator(network, ours, other, theirs):
    """Zeros by key: of a skip discriminator, which looks at all sizes.

    A larger resolution hands on nothing, so that the image at the former one
    is all that counts; so do new looks at smaller ones.
    """
    found = {}
    if network.config.discriminator.architecture == "skip":
        largest = other.config.doublings
        for key, weight in ours.items():
            is_above = (weights.level(key) or 0) > largest
            is_silent = key.endswith("conv1/kernel") and is_above
            is_look = key.endswith("from_rgb/kernel") and not is_above
            if is_silent or (is_look and key not in theirs):
                found[key] = np.zeros(weight.shape)
    return found | _statistics(network, ours, other, theirs)


def _statistics(network, ours, other, theirs):
    """The convolution behind minibatch stddev, whose maps came or went."""
    key, maps = "+0/conv/kernel", network.epilogue.filters
    here, there = ours[key].shape, theirs[key].shape
    are_alike = other.epilogue.filters == maps and here[3] == there[3]
    is_msg = network.config.discriminator.architecture == "msg"
    if here == there or not are_alike or is_msg:
        return {}
    found = np.zeros(here)
    found[:, :, :maps] = theirs[key].used()[:, :, :maps]
    return {key: found}
