"""LiteRT (once TensorFlow Lite), checked with its interpreter."""

import functools
import warnings

import tensorflow as tf

from stylegan_tf import files, generators
from stylegan_tf.export import functions, output


def write(snapshot, path, part="full", precision="float32"):
    """Writes a part of the averaged generator; see `functions.part`.

    Args, result and errors are those of `onnx_file.write`; "float16" halves
    the file, its weights alone are rounded.
    """
    function = functions.part(generators.of_snapshot(snapshot), part)
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [function.get_concrete_function()], tf.Module()
    )
    if precision == "float16":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    content = converter.convert()
    with output.whole(path) as temporary:
        temporary.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it announces its move to ai-edge
            interpreter = tf.lite.Interpreter(files.for_tensorflow(temporary))
        run = functools.partial(_run, interpreter)
        return output.difference(path, run, function, precision)


def _run(interpreter, inputs):
    """The one output for `inputs`, arrays by name, with any batch."""
    details = {each["name"]: each for each in interpreter.get_input_details()}
    for name, array in inputs.items():
        interpreter.resize_tensor_input(details[name]["index"], array.shape)
    interpreter.allocate_tensors()
    for name, array in inputs.items():
        interpreter.set_tensor(details[name]["index"], array)
    interpreter.invoke()
    (result,) = interpreter.get_output_details()
    return interpreter.get_tensor(result["index"])
