"""ONNX, checked with onnxruntime."""

import os

from stylegan_tf import files, generators
from stylegan_tf.export import functions, output

_OPSET = 17


def write(snapshot, path, part="full", precision="float32"):
    """Writes a part of the averaged generator; see `functions.part`.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        path: Of the file.
        part: "full", "mapping" or "synthesis".
        precision: "float32" or "float16"; inputs and outputs stay float32.

    Returns:
        The largest difference to the network, for batches of 1 and 3.

    Raises:
        output.MismatchError: If it computes something else.
        FileExistsError: If there is something at `path`.
    """
    function = functions.part(generators.of_snapshot(snapshot), part)
    model = convert(function)
    if precision == "float16":
        from onnxruntime.transformers import float16

        model = float16.convert_float_to_float16(model, keep_io_types=True)
    with output.whole(path) as temporary:
        return save(model, temporary, path, function, precision)


def convert(function):
    """The ONNX model of a `tf.function` of `functions.part`."""
    _, _, tf2onnx = _libraries()
    model, _ = tf2onnx.convert.from_function(
        function, input_signature=function.input_signature, opset=_OPSET
    )
    for value in (*model.graph.input, *model.graph.output):
        # One is for all, or there is one an image.
        is_number = value.name in ("truncation_psi", "noise_strength")
        rows = "N_or_1" if is_number else "N"
        value.type.tensor_type.shape.dim[0].dim_param = rows
    return model


def save(model, temporary, path, function, precision):
    """Saves a model; the largest difference to its function.

    Args:
        model: Of `convert`.
        temporary: Where to.
        path: What it will be called, for the message.
        function: That it was made of.
        precision: As of `write`.

    Raises:
        output.MismatchError: If it computes something else.
    """
    onnx, onnxruntime, _ = _libraries()
    onnx.save(model, str(temporary))
    session = onnxruntime.InferenceSession(
        files.for_tensorflow(temporary), providers=["CPUExecutionProvider"]
    )
    return output.difference(
        path, lambda inputs: session.run(None, inputs)[0], function, precision
    )


def _libraries():
    os.environ.setdefault("TF2ONNX_DEBUG_MODE", "0")
    try:
        import onnx
        import onnxruntime
        import tf2onnx
    except ImportError as error:
        raise ImportError(
            "ONNX is written with tf2onnx and tried with onnxruntime: "
            "`pip install 'stylegan_tf[export]'`, or `make venv`."
        ) from error
    return onnx, onnxruntime, tf2onnx
