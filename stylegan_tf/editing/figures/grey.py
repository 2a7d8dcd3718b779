"""Grey levels: how far images differ, and how bright that is shown."""

import numpy as np

_BRIGHTEST, _DARKEST = 64.0, 2.0**-10  # levels of 255 that are shown white
_BELOW_WHITE = 99.5  # percent of the pixels


def levels(images):
    """Means over the colours as they are shown, `[..., 1]`, 0 to 255.

    Args:
        images: Float `[..., C]`; alpha, of C = 2 or 4, has no part in it.
    """
    count = images.shape[-1]
    colours = images[..., : count - (count in (2, 4))]
    means = np.clip(colours, -1.0, 1.0).mean(axis=-1, keepdims=True)
    return (means + 1.0) * 127.5


def white(values):
    """What is shown white: 64, as in the articles, or its half and so on.

    Nearly all values are darker.

    Args:
        values: Levels, of either sign.
    """
    high = np.percentile(np.abs(values), _BELOW_WHITE)
    found = _BRIGHTEST
    while high <= found / 2 and found > _DARKEST:
        found /= 2
    return found
