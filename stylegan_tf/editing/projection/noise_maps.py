"""Noise maps while they are optimised: they must stay noise.

Free maps would take over the picture, which w is to explain. So their
neighbours are kept uncorrelated at every scale, and each map at mean 0 and
standard deviation 1.

Reference: https://arxiv.org/abs/1912.04958, appendix D
"""

import numpy as np
import tensorflow as tf

_SMALLEST = 8  # pixels; smaller maps are not halved


def first(seed, shapes):
    """Normal maps, a list of float32 `[1, H, W, 1]`."""
    random = np.random.RandomState(seed)
    return [random.randn(1, *s, 1).astype(np.float32) for s in shapes]


def correlation(maps):
    """How much pixels tell of their neighbours, over all scales, `[N]`.

    A map is halved by means of 2x2 pixels down to 8x8. The article doubles
    the means, to keep their variance; its code does not, and nor do we.

    Args:
        maps: A list of `[N, H, W, 1]`.
    """
    found = 0.0
    for each in maps:
        found += _of_one_scale(each)
        while min(each.shape[1:3]) > _SMALLEST:
            each = tf.nn.avg_pool2d(each, 2, 2, "VALID")
            found += _of_one_scale(each)
    return found


def normalized(maps):
    """Maps of mean 0 and standard deviation 1, each by itself."""
    found = []
    for each in maps:
        centred = each - tf.reduce_mean(each, axis=[1, 2, 3], keepdims=True)
        square = tf.reduce_mean(centred**2, axis=[1, 2, 3], keepdims=True)
        found.append(centred / tf.sqrt(square))
    return found


def _of_one_scale(x):
    return sum(
        tf.reduce_mean(x * tf.roll(x, 1, axis=axis), axis=[1, 2, 3]) ** 2
        for axis in (1, 2)
    )
