"""Closed-form factorisation: the steps of w that style layers feel most.

A style layer computes A w + b. Of all unit steps n, the eigenvectors of
A^T A change it most: nothing is trained, no image is made.
Reference: https://arxiv.org/abs/2007.06600
"""

import keras
import numpy as np

from stylegan_tf.editing.directions import axes
from stylegan_tf.networks import growth


def factorise(weight, count):
    """Unit directions `[count, D]`, the strongest first, and their strengths.

    Args:
        weight: A, `[C, D]`: a row for every number that styles consist of.
        count: How many; at most D are given.

    Returns:
        The directions, and |A n| of each, `[count]`.
    """
    weight = np.asarray(weight, np.float64)
    directions, values = axes.leading(weight.T @ weight, count)
    return directions, np.sqrt(np.maximum(values, 0.0))


def style_weights(generator, first=0, last=None):
    """A of the style layers `first` to `last` - 1, one below the other.

    As they are applied, with the scales of equalized learning rate. Those of
    to_rgb are left out, all of them: they recolour, and each shares its w
    with a convolution. ProGAN has no styles, but a dense layer of w.

    Args:
        generator: A `generators.Bound`.
        first: A layer of the ws.
        last: A layer of the ws; None for all.

    Returns:
        `[C, D]`.

    Raises:
        ValueError: If its weights cannot be seen, or there is no such layer.
    """
    synthesis = getattr(generator.network, "synthesis", None)
    if synthesis is None:
        raise ValueError(
            "SeFa factorises the weights of style layers, which a SavedModel "
            "does not show: give the run or the snapshot that it was exported "
            "from, or find directions by pca or supervised"
        )
    level = growth.level(generator.config, generator.stage.resolution)
    last = generator.ws_shape[0] if last is None else last
    found = [
        keras.ops.convert_to_numpy(dense.kernel).T * dense.scale
        for block in synthesis.blocks[: level + 1]
        for layer, dense in _layers(block)
        if first <= layer < last
    ]
    if not found:
        raise ValueError(
            f"No style layer but to_rgb takes its w from layers {first} to "
            f"{last - 1}: choose others with --layers"
        )
    return np.concatenate(found)


def _layers(block):
    """Yields the layers of ws, and dense layers of w, of one block."""
    if hasattr(block, "convs"):  # StyleGAN2
        first = max(2 * block.level - 1, 0)
        for layer, conv in enumerate(block.convs, first):
            yield layer, conv.conv.affine
        return
    if block.level == 0 and block.dense is not None:
        yield 0, block.dense
    for layer, epilogue in enumerate(block.epilogues, 2 * block.level):
        if epilogue.adain is not None:
            yield layer, epilogue.adain.style
