"""What a precision means, and how much faster it trains on this processor.

The latter is measured, since what a processor can do says little: on one with
bfloat16 products networks of 64 maps train faster in it, and those of 32 maps
slower.
"""

import contextlib
import functools
import time

import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import cores, processor
from stylegan_tf.layers import equalized
from stylegan_tf.ops import fast

_WORTHWHILE = 1.1  # what bfloat16 must gain
_FEWEST_MAPS = 64  # of which it may gain anything
_SECONDS = 0.3  # for each precision
_WITHOUT = 1 / 15  # bfloat16 on AVX2: 0.4 against 6.1 images/s at 64x64
_MOST_FEATURES = 2**22  # of a slice; of larger ones a part is enough


@contextlib.contextmanager
def products(precision):
    """Within, products of float32 numbers are as `training.precision` says.

    Those of "float32" are exact. In every other precision GPUs from Ampere on
    compute them on tensor cores, of numbers rounded to ten bits (TF32), also
    those of the blocks that low precisions leave in float32. Answers of
    networks never are: `checkpoint.load`.
    """
    experimental = tf.config.experimental
    before = experimental.tensor_float_32_execution_enabled()
    experimental.enable_tensor_float_32_execution(precision != "float32")
    try:
        yield
    finally:
        experimental.enable_tensor_float_32_execution(before)


def faster(config):
    """bfloat16 where this processor trains faster in it, else float32."""
    if _maps(config) < _FEWEST_MAPS:
        return "float32"
    return "bfloat16" if gain(config, "bfloat16") >= _WORTHWHILE else "float32"


def gain(config, precision):
    """How many times as fast as in float32 the widest images are convolved.

    Args:
        config: A `stylegan_tf.config.Config`.
        precision: bfloat16 or float16.

    Returns:
        1 where no block would have the precision. Where the processor has
        nothing for it, what was measured on such a one: trying takes long.
    """
    if not config.training.low_precision_blocks:
        return 1.0
    if processor.missing(precision, processor.flags()):
        return _WITHOUT
    maps = _maps(config)
    height, width, _ = config.image_shape
    rows = config.training.max_batch_per_replica or config.training.batch_size
    rows //= cores.slices(rows)
    while rows > 1 and rows * height * width * maps > _MOST_FEATURES:
        rows //= 2
    while height * width * maps > _MOST_FEATURES:
        height, width = height // 2, width // 2
    return _gain((rows, height, width, maps), precision)


def _maps(config):
    return config_lib.channels(config.generator, config.resolution)


@functools.cache
def _gain(shape, precision):
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
        with fast.asked(), tf.GradientTape() as tape:
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
