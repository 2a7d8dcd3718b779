"""How fast a step could be if it were its convolutions alone.

Each convolution and matrix product of a graph is timed by itself, on every
core at once. A library computes small ones more slowly than the large matrix
product by which a machine's peak is measured: this is about what a program
that calls it could reach.
"""

import collections
import math
import time

import tensorflow as tf

from stylegan_tf import cores
from stylegan_tf.training.planning import flops

_SECONDS = 0.1  # that each kind is timed for, at least
_COPIES = 8  # a core in one call, so that the call does not count
_SIZES = {"Conv2DBackpropInput": 0, "Conv2DBackpropFilter": 1}  # which input


def fraction(graphs, peak):
    """The share of the peak that is left when nothing else is computed.

    Args:
        graphs: Pairs of a function's graph and how often it runs.
        peak: FLOP/s of all cores.
    """
    kinds, counts = {}, collections.Counter()
    for graph, runs in graphs:
        for operation in flops.operations(graph):
            if flops.of_operation(operation):
                kind = _kind(operation)
                kinds[kind] = operation
                counts[kind] += runs
    work = spent = 0.0
    for kind, operation in kinds.items():
        work += counts[kind] * flops.of_operation(operation)
        spent += counts[kind] * _seconds(operation)
    return work / (spent * peak / _threads())


def _kind(operation):
    """What operations that take equally long have in common."""
    attributes = operation.node_def.attr
    return (
        operation.type,
        *(f"{k}={attributes[k]}" for k in sorted(attributes) if k[0] != "_"),
        *(str(each.shape) for each in operation.inputs),
        str(operation.outputs[0].shape),
    )


def _threads():
    """How many operations run at once."""
    return cores.slices(math.lcm(*range(1, 9)))


def _seconds(operation):
    """Of one, while every core computes one."""
    attributes = operation.node_def.attr
    attributes = {k: attributes[k] for k in attributes if k[0] != "_"}
    types = [each.dtype for each in operation.outputs]
    copies = [_inputs(operation) for _ in range(_threads())]
    # Only the smallest differs within a core, so that the others are where a
    # step has them too: in its cache.
    smallest = _smallest(operation)
    others = [
        tf.unstack(tf.random.normal((_COPIES, *each.shape)))
        for each in [operation.inputs[smallest]] * _threads()
    ]

    def compute():
        graph, made = tf.compat.v1.get_default_graph(), []
        for inputs, values in zip(copies, others, strict=True):
            for value in values:
                given = [*inputs]
                given[smallest] = tf.cast(value, inputs[smallest].dtype)
                made.append(
                    graph.create_op(
                        operation.type,
                        [tf.convert_to_tensor(each) for each in given],
                        types,
                        attrs=attributes,
                    )
                )
        return [each.outputs[0] for each in made]

    concrete = tf.function(compute, autograph=False).get_concrete_function()
    concrete()
    calls, start = 0, time.perf_counter()
    while time.perf_counter() < start + _SECONDS:
        concrete()[-1].numpy()
        calls += 1
    return (time.perf_counter() - start) / (calls * _COPIES)


def _inputs(operation):
    """Random ones; a size, where one is taken, is that of the output."""
    found = [
        tf.cast(tf.random.normal(each.shape), each.dtype)
        for each in operation.inputs
    ]
    if operation.type in _SIZES:
        shape = operation.outputs[0].shape.as_list()
        found[_SIZES[operation.type]] = tf.constant(shape)
    return found


def _smallest(operation):
    """Which of the inputs is, but for sizes."""
    size = _SIZES.get(operation.type)
    numbers = [n for n in range(len(operation.inputs)) if n != size]
    return min(numbers, key=lambda n: operation.inputs[n].shape.num_elements())
