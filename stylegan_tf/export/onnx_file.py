"""ONNX, checked with onnxruntime."""

import os

import numpy as np

from stylegan_tf import files as files_lib
from stylegan_tf.export import files, parts

_OPSET = 17


def write(snapshot, path, *, part="full", precision="float32"):
    """Writes a part of the averaged generator; see `parts.function`.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        path: Of the file.
        part: One of `parts.PARTS`.
        precision: "float32" or "float16"; inputs and outputs stay float32.

    Returns:
        The largest difference to the network, for batches of 1 and 3.

    Raises:
        files.MismatchError: If it computes something else.
        FileExistsError: If there is something at `path`.
    """
    os.environ.setdefault("TF2ONNX_DEBUG_MODE", "0")
    import onnx
    import tf2onnx

    function = parts.function(snapshot.ema_generator, part, snapshot.stage)
    model, _ = tf2onnx.convert.from_function(
        function, input_signature=function.input_signature, opset=_OPSET
    )
    _name(model, parts.output_name(part))
    if precision == "float16":
        from onnxruntime.transformers import float16

        model = float16.convert_float_to_float16(model, keep_io_types=True)
    with files.whole(path) as temporary:
        onnx.save(model, str(temporary))
        return _difference(temporary, function, parts.TOLERANCES[precision])


def _name(model, name):
    """Gives the model's one output a name, and its batch dimension `N`."""
    (output,) = model.graph.output
    for node in model.graph.node:
        for index, each in enumerate(node.output):
            if each == output.name:
                node.output[index] = name
        for index, each in enumerate(node.input):
            if each == output.name:
                node.input[index] = name
    output.name = name
    for value in (*model.graph.input, output):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    for value in model.graph.input:
        if value.name == "truncation_psi":  # one for all, or one an image
            value.type.tensor_type.shape.dim[0].dim_param = "N_or_1"


def _difference(path, function, tolerance):
    import onnxruntime

    session = onnxruntime.InferenceSession(
        files_lib.for_tensorflow(path), providers=["CPUExecutionProvider"]
    )
    largest = 0.0
    for rows in (1, 3):
        inputs = parts.random_inputs(function, rows, seed=rows)
        (actual,) = session.run(None, inputs)
        expected = np.asarray(function(*inputs.values()))
        found = files.compare(path.name, actual, expected, tolerance)
        largest = max(largest, found)
    return largest
