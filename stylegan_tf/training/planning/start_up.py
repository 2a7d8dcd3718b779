"""How long a run takes to its first iterations, in a process of its own."""

import time

import numpy as np

from stylegan_tf import columns
from stylegan_tf.data import source as source_lib
from stylegan_tf.training import devices, iterations, precisions
from stylegan_tf.training import state as state_lib


def measure(config, strategy, began):
    """Dict of seconds since `began`, by what was over then.

    The first iteration traces every update and runs the lazily regularised
    ones; the second has plain ones only.

    Args:
        config: A `stylegan_tf.config.Config`.
        strategy: A `tf.distribute.Strategy`.
        began: Of `time.perf_counter`.
    """
    seconds = {"TensorFlow is loaded": time.perf_counter() - began}
    config = devices.resolve(config)
    with strategy.scope():
        state = state_lib.create(config, _noise(config))
    seconds["networks are built"] = time.perf_counter() - began
    made = iterations.Iterations(state, strategy)
    for which in ("first", "second"):
        with precisions.products(config.training.precision):
            made.iterate(1)
        seconds[f"{which} iteration"] = time.perf_counter() - began
    return seconds


def to_text(seconds):
    """A table for people."""
    rows = [(what, f"{at:.1f} s") for what, at in seconds.items()]
    return columns.aligned(rows, right=(1,), indent="  ")


def _noise(config):
    """A source of a batch of noise."""
    count = config.training.batch_size
    shape = (count, *config.image_shape)
    images = np.random.RandomState(0).randint(0, 256, shape).astype(np.uint8)
    names = [f"{n}.png" for n in range(count)]
    return source_lib.Source("noise", names, images.__getitem__)
