"""Where the time of training goes: a trace for TensorBoard, and its sums.

The kinds are sums over the threads of the processor. What is left of the
cores' time is waiting, dispatch and Python: the host's.
"""

import collections
import itertools
import os
import pathlib
import time

import tensorflow as tf

from stylegan_tf import columns
from stylegan_tf.training import precisions, step
from stylegan_tf.training import state as state_lib
from stylegan_tf.training.planning import benchmark

# Operations by what they begin with, once `_Mkl` and `Native` are taken away.
# XLA's clusters are what `ops.fused` makes of what follows a convolution.
_KINDS = {
    "convolutions": ("Conv2D", "MatMul", "BatchMatMul", "FusedMatMul"),
    "FIR filters": ("DepthwiseConv2d",),
    "epilogues, fused": ("XLA",),
    "activations": ("LeakyRelu", "Relu", "Tanh", "Softplus", "Sigmoid"),
    "reductions": ("Sum", "Mean", "Max", "BiasAddGrad"),
    "random numbers": ("Stateless", "Random"),
    "optimizer": ("ResourceApply",),
    "copies": (
        *("Pad", "Slice", "StridedSlice", "Transpose", "Pack", "Unpack"),
        *("Concat", "Tile", "BroadcastTo", "Split", "Cast", "Gather"),
    ),
    "element by element": (
        *("Mul", "Add", "Sub", "Square", "Sqrt", "Rsqrt", "RealDiv", "Neg"),
        *("Select", "Pow", "Abs", "Exp", "Maximum", "Minimum"),
    ),
}
_CLUSTER = "ExecutorState::ProcessAsync::Start"


def trace(config, strategy, folder, *, iterations=16):
    """A list of (kind, share of the cores' time, operations an iteration).

    The iterations are those of a run's first, with all that is lazy in them.

    Args:
        config: A resolved `stylegan_tf.config.Config`.
        strategy: A `tf.distribute.Strategy`.
        folder: Gets the trace, for TensorBoard's profile plugin.
        iterations: How many are traced.
    """
    with strategy.scope():
        state = state_lib.create(config)
    updates = step.traced(state, strategy, config=config)
    batch, start = benchmark.random_batch(config), tf.constant(0, tf.int64)

    def iterate(number):
        with precisions.products(config.training.precision):
            for update in itertools.chain(*step.of_iteration(config, number)):
                benchmark.wait(updates[update](batch, start))
        updates[step.update_average](tf.constant(0.9))

    for number in range(iterations):  # traces, warms up
        iterate(number)
    begin = time.perf_counter()
    with tf.profiler.experimental.Profile(str(folder)):
        for number in range(iterations):
            iterate(number)
        seconds = time.perf_counter() - begin
    available = seconds * len(os.sched_getaffinity(0))
    return _rows(_operations(folder), available, iterations)


def to_text(rows):
    """A table for people."""
    lines = [("kind", "share of the cores' time", "operations an iteration")]
    lines += [
        (kind, f"{share:.1%}", f"{count:,.0f}") for kind, share, count in rows
    ]
    return columns.aligned(lines, right=(1, 2), indent="  ")


def _rows(operations, available, iterations):
    seconds, counts = collections.Counter(), collections.Counter()
    for name, duration in operations:
        kind = kind_of(name)
        seconds[kind] += duration
        counts[kind] += 1
    rows = [
        (kind, spent / available, counts[kind] / iterations)
        for kind, spent in seconds.most_common()
    ]
    rest = max(1 - sum(share for _, share, _ in rows), 0.0)
    return [*rows, ("host, and waiting", rest, 0)]


def kind_of(operation):
    """What an operation's type, `_MklNativeConv2D`, is counted under."""
    name = operation.removeprefix("_Mkl").removeprefix("Native")
    for kind, beginnings in _KINDS.items():
        if name.startswith(beginnings):
            return kind
    return "others"


def _operations(folder):
    """Yields type and seconds of every operation that the trace holds."""
    # TensorFlow has no public reader of what its profiler writes.
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    newest = max(
        pathlib.Path(folder).rglob("*.xplane.pb"),
        key=lambda path: path.stat().st_mtime,
    )
    space = xplane_pb2.XSpace.FromString(newest.read_bytes())
    for plane in space.planes:
        if plane.name != "/host:CPU":
            continue
        names = {n: each.name for n, each in plane.event_metadata.items()}
        for line in plane.lines:
            for event in line.events:
                name, duration = names[event.metadata_id], event.duration_ps
                node, colon, kind = name.rpartition(":")
                if name == _CLUSTER:
                    yield "XLA", duration / 1e12
                elif colon and kind.isidentifier() and not node.endswith(":"):
                    yield kind, duration / 1e12
