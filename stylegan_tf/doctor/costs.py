"""Memory and speed of a run on this machine, from its plan and a few steps."""

import os
import time
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from stylegan_tf.training import step
from stylegan_tf.training.planning import benchmark, flops, plan

_SECONDS = 10.0  # of steps that are timed, and the longest that are taken
_FEWEST_ROUNDS = 2
_PEAK_SHARE = 0.5  # of a matrix product's speed, which training reaches
_PROCESS_GIB = 1.2  # TensorFlow itself, and the images on their way
_MAIN = (step.update_generator, step.update_discriminator)
# Both run in most steps; penalties are reckoned by their operations.


class Costs(NamedTuple):
    """What a run takes of this machine."""

    images_per_second: float
    how: str  # that was found
    weights_gib: float  # of weights, averages and Adam's moments
    activations_gib: float  # at most

    @property
    def memory_gib(self):
        """All of it, of one replica."""
        return self.weights_gib + self.activations_gib + _PROCESS_GIB


def measure(config, replicas=1):
    """`Costs` of a config.

    Steps are taken on noise, on one replica's share of a batch, and penalties
    and other replicas are reckoned by their operations. Where a step is too
    slow to be tried, the speed of a matrix product tells.

    Args:
        config: With its sizes and, if it has labels, their number.
        replicas: How many devices share a batch, each as fast as this one.
    """
    peak = benchmark.peak_flops(config.training.precision)
    speeds = []

    def watch(config, updates):
        work = sum(
            flops.of_graph(function.graph)
            for function in plan.trace(config, updates, _MAIN).values()
        )
        if work / (_PEAK_SHARE * peak) < _SECONDS:
            speeds.append(work / _seconds(config, updates))

    made = plan.make(config, replicas, watch=watch)
    how = "from steps that were timed"
    if not speeds:
        how = f"from a matrix product's {peak / 1e9:,.0f} GFLOP/s"
    speed = replicas * (speeds[-1] if speeds else _PEAK_SHARE * peak)
    if os.getloadavg()[0] > 1.5 * len(os.sched_getaffinity(0)):
        how += ", while other programs were running"
    memory = made["memory_gib"]
    return Costs(
        speed / made["train_flops_per_image"],
        how,
        memory["weights_and_optimizers"],
        memory["activations"],
    )


def _seconds(config, updates):
    """Of an iteration without penalties, the median of some."""
    batch, start = benchmark.random_batch(config), tf.constant(0, tf.int64)
    stage = plan.grown(config)  # as it was traced
    deadline, rounds = None, []
    while len(rounds) < _FEWEST_ROUNDS or time.perf_counter() < deadline:
        began = time.perf_counter()
        for each in _MAIN:
            benchmark.wait(updates[each](batch, start, stage))
        ended = time.perf_counter()
        if deadline is None:  # the first round is slow
            deadline = ended + _SECONDS
        else:
            rounds.append(ended - began)
    return float(np.median(rounds))
