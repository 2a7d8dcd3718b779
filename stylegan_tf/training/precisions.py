"""How much faster a precision trains on this processor, by measuring it.

What a processor can do says little: on one with bfloat16 products networks of
64 maps train faster in it, and those of 32 maps slower.
"""

import functools
import time

import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import cores
from stylegan_tf.layers import equalized
from stylegan_tf.ops import fused

_SECONDS = 0.3  # for each precision
_MOST_FEATURES = 2**22  # of a slice; of larger ones a part is enough


def factor(config, precision):
    """By what `precision` trains the largest layer faster than float32.

    Args:
        config: A resolved `stylegan_tf.config.Config`.
        precision: bfloat16 or float16.
    """
    maps = config_lib.channels(config.generator, config.resolution)
    height, width, _ = config.image_shape
    rows = config.training.max_batch_per_replica or config.training.batch_size
    rows //= cores.slices(rows)
    while rows > 1 and rows * height * width * maps > _MOST_FEATURES:
        rows //= 2
    while height * width * maps > _MOST_FEATURES:
        height, width = height // 2, width // 2
    return _factor((rows, height, width, maps), precision)


@functools.cache
def _factor(shape, precision):
    return _seconds(shape, "float32") / _seconds(shape, f"mixed_{precision}")


def _seconds(shape, policy):
    """Of a convolution with what follows and its gradients, the best."""
    layer = equalized.EqualizedConv2D(
        shape[-1], 3, activation="lrelu", dtype=policy
    )
    layer.build(shape)
    x = tf.cast(tf.random.stateless_normal(shape, (0, 0)), layer.compute_dtype)

    @tf.function(autograph=False)
    def train(x):
        with fused.asked(), tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(layer(x))
        return tape.gradient(y, [x, *layer.trainable_variables])

    times, deadline = [], None
    while not times or time.perf_counter() < deadline:
        start = time.perf_counter()
        float(tf.reduce_sum(train(x)[-1]))
        end = time.perf_counter()
        if deadline is None:  # that one traced
            deadline = end + _SECONDS
        else:
            times.append(end - start)
    return min(times)
