"""Counts the floating point operations of traced functions.

Convolutions and matrix products only, two a multiplication and addition, as
papers count a model's FLOPs; resampling filters, activations and the
optimizer are left out.
"""

import math

_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


def of_graph(graph):
    """FLOPs of a function's graph, of what outputs and side effects need."""
    return sum(map(of_operation, operations(graph)))


def operations(graph):
    """Yields what outputs and side effects need, also of functions called."""
    for operation in _needed(graph):
        if operation.type in _CALLS:
            name = operation.get_attr("f").name
            yield from operations(_function_graph(graph, name))
        else:
            yield operation


def _function_graph(graph, name):
    while graph is not None:
        for function in graph._functions.values():  # no public way
            if function.name.decode() == name:
                return function.graph
        graph = getattr(graph, "outer_graph", None)
    raise ValueError(f"no function called {name} in the graph")


def _needed(graph):
    """Operations that outputs and side effects depend on."""
    pending = [tensor.op for tensor in graph.outputs]
    pending += list(getattr(graph, "control_outputs", []))
    needed = set()
    while pending:
        operation = pending.pop()
        if operation in needed:
            continue
        needed.add(operation)
        pending += [tensor.op for tensor in operation.inputs]
        pending += operation.control_inputs
    return needed


def of_operation(operation):
    """FLOPs of one operation; 0 of one that does not count."""
    kind = operation.type
    if kind in ("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"):
        inputs, (output, *_) = operation.inputs, operation.outputs
        maps = output if kind == "Conv2D" else inputs[2]
        kernel = output if kind == "Conv2DBackpropFilter" else inputs[1]
        return 2 * math.prod(maps.shape) * math.prod(kernel.shape[:3])
    if kind in ("MatMul", "BatchMatMulV2"):
        transposed = "transpose_a" if kind == "MatMul" else "adj_x"
        inner = -2 if operation.get_attr(transposed) else -1
        size = operation.inputs[0].shape[inner]
        return 2 * math.prod(operation.outputs[0].shape) * size
    return 0
