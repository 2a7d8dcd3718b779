"""Image channels: how to_rgb and from_rgb go over to others.

A generator in grey first makes the mean of the colours that it made; one in
colour makes its grey in all three. A discriminator sees what the one that it
came from would see. Alpha starts opaque.
"""

import numpy as np


def shown(channels, as_channels):
    """How an image is shown with other channels: `x @ matrix + offset`.

    Args:
        channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha.
        as_channels: Likewise, of the result.

    Returns:
        A matrix `[channels, as_channels]` and an offset `[as_channels]`.
    """
    colours, as_colours = (1 if n < 3 else 3 for n in (channels, as_channels))
    matrix = np.zeros([channels, as_channels])
    offset = np.zeros([as_channels])
    if colours == as_colours:
        matrix[:colours, :colours] = np.eye(colours)
    else:
        matrix[:colours, :as_colours] = 1 / colours
    if as_channels > as_colours:
        if channels > colours:
            matrix[-1, -1] = 1.0
        else:
            offset[-1] = 1.0  # opaque
    return matrix, offset


def adapted(network, ours, other, theirs):
    """Arrays as they are used, by key, of all to_rgb and from_rgb.

    Args:
        network: To be filled.
        ours: Its `weights.of`.
        other: What it starts from.
        theirs: Its `weights.of`.
    """
    here = network.config.image_channels
    there = other.config.image_channels
    if here == there:
        return {}
    found = {}
    for key in ours.keys() & theirs.keys():
        weight = theirs[key].used()
        if "/to_rgb/" in key and key.endswith(("to_rgb/bias", "kernel")):
            if "/affine/" in key:
                continue
            matrix, offset = shown(there, here)
            found[key] = weight @ matrix
            if key.endswith("bias") and _is_last(network, key):
                found[key] += offset
        elif key.endswith("from_rgb/kernel"):
            matrix, offset = shown(here, there)
            found[key] = matrix @ weight
            bias = key.replace("kernel", "bias")
            found[bias] = theirs[bias].used() + (offset @ weight)[0, 0]
    return found


def _is_last(network, key):
    """Whether nothing is added to this image: skip sums those of all sizes."""
    is_skip = network.config.generator.architecture == "skip"
    return not is_skip or f"/+{network.config.doublings}/" in key
