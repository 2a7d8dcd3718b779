"""Weights stored in half their size, for a shorter download."""

_SMALLEST = 256  # numbers; to halve fewer is not worth a node


def halve(model):
    """Stores the large float32 weights of an ONNX model as float16.

    They are cast back where they are read, so that everything is computed in
    float32: few browsers compute in half floats, and none does so faster.
    """
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in model.graph.initializer:
        array, name = numpy_helper.to_array(tensor), tensor.name
        if array.dtype != "float32" or array.size < _SMALLEST:
            continue
        stored = f"{name}_half"
        half = numpy_helper.from_array(array.astype("float16"), stored)
        tensor.CopyFrom(half)
        casts.append(
            helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT)
        )
    nodes = [*casts, *model.graph.node]  # in the order of their use
    del model.graph.node[:]
    model.graph.node.extend(nodes)
