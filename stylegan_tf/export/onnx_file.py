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
    os.environ.setdefault("TF2ONNX_DEBUG_MODE", "0")
    import onnx
    import onnxruntime
    import tf2onnx

    function = functions.part(generators.of_snapshot(snapshot), part)
    model, _ = tf2onnx.convert.from_function(
        function, input_signature=function.input_signature, opset=_OPSET
    )
    for value in (*model.graph.input, *model.graph.output):
        # One truncation_psi is for all, or there is one an image.
        rows = "N_or_1" if value.name == "truncation_psi" else "N"
        value.type.tensor_type.shape.dim[0].dim_param = rows
    if precision == "float16":
        from onnxruntime.transformers import float16

        model = float16.convert_float_to_float16(model, keep_io_types=True)
    with output.whole(path) as temporary:
        onnx.save(model, str(temporary))
        session = onnxruntime.InferenceSession(
            files.for_tensorflow(temporary),
            providers=["CPUExecutionProvider"],
        )
        return output.difference(
            path,
            lambda inputs: session.run(None, inputs)[0],
            function,
            precision,
        )
