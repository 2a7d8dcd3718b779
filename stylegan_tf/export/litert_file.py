"""LiteRT (once TensorFlow Lite), checked with its interpreter."""

import warnings

import numpy as np
import tensorflow as tf

from stylegan_tf import files as files_lib
from stylegan_tf.export import files, parts


def write(snapshot, path, *, part="full", precision="float32"):
    """Writes a part of the averaged generator; see `parts.function`.

    Args, result and errors are those of `onnx_file.write`; "float16" halves
    the file, its weights alone are rounded.
    """
    function = parts.function(snapshot.ema_generator, part, snapshot.stage)
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [function.get_concrete_function()], tf.Module()
    )
    if precision == "float16":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    content = converter.convert()
    with files.whole(path) as temporary:
        temporary.write_bytes(content)
        return _difference(temporary, function, parts.TOLERANCES[precision])


def _difference(path, function, tolerance):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it announces its move to ai-edge
        interpreter = tf.lite.Interpreter(files_lib.for_tensorflow(path))
    largest = 0.0
    for rows in (1, 3):
        inputs = parts.random_inputs(function, rows, seed=rows)
        actual = run(interpreter, inputs)
        expected = np.asarray(function(*inputs.values()))
        found = files.compare(path.name, actual, expected, tolerance)
        largest = max(largest, found)
    return largest


def run(interpreter, inputs):
    """The one output for `inputs`, arrays by name, with any batch."""
    details = {each["name"]: each for each in interpreter.get_input_details()}
    for name, array in inputs.items():
        interpreter.resize_tensor_input(details[name]["index"], array.shape)
    interpreter.allocate_tensors()
    for name, array in inputs.items():
        interpreter.set_tensor(details[name]["index"], array)
    interpreter.invoke()
    (output,) = interpreter.get_output_details()
    return interpreter.get_tensor(output["index"])
