"""A SavedModel's assets: model card, style weights, samples, warm-up."""

import json
import re

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2
from tensorflow.core.protobuf import saved_model_pb2

from stylegan_tf import files, images, model_card, pictures, version

SAMPLES = "samples.png"
_WARM_UP = ("assets.extra", "tf_serving_warmup_requests")
_STYLES = re.compile(r"(affine|adain/style)/kernel$")
_GRID = 4  # rows and columns


def write(folder, name, generator, functions):
    """Writes the assets into `folder` and returns their paths.

    Args:
        folder: A `pathlib.Path`.
        name: The model's.
        generator: A `generators.Bound` of a Keras generator.
        functions: From `functions.served`.
    """
    names = (model_card.NAME, model_card.STYLE_WEIGHTS, SAMPLES)
    paths = [folder / name for name in names]
    signatures = {
        signature: {
            spec.name: f"{spec.dtype.name} {list(spec.shape)}"
            for spec in tf.nest.flatten(function.input_signature)
        }
        for signature, function in functions.items()
    }
    software = {
        "stylegan_tf": version.__version__,
        "tensorflow": tf.__version__,
    }
    card = model_card.describe(name, generator, signatures, software)
    paths[0].write_text(json.dumps(card, indent=2) + "\n")
    np.savez(paths[1], **style_weights(generator.network))
    samples = generator.samples(range(_GRID**2))
    images.write_png(paths[2], pictures.grid(samples, _GRID))
    return paths


def library():
    """The modules that warm-up requests are made of.

    Raises:
        ImportError: If they are not installed.
    """
    try:
        from tensorflow_serving.apis import predict_pb2, prediction_log_pb2
    except ImportError as error:
        raise ImportError(
            "Warm-up requests of a SavedModel are made with "
            "tensorflow-serving-api: `pip install 'stylegan_tf[export]'`, or "
            "`make venv`."
        ) from error
    return predict_pb2, prediction_log_pb2


def inputs(generator, seeds):
    """z of seeds, and labels of classes in turn if there are any, by name."""
    labels = generator.labels(range(len(seeds)))
    return {
        "z": generator.latents(seeds),
        **({} if labels is None else {"label": labels}),
    }


def style_weights(network):
    """Kernels `[D, C]` of the learned affines by name, and `w_avg` `[D]`.

    Their singular vectors are directions in W (arXiv 2007.06600).
    """
    arrays = {
        weight.path.split("/", 1)[1]: np.array(weight)
        for weight in network.weights
        if _STYLES.search(weight.path)
    }
    if network.mapping.track_mean:
        arrays["w_avg"] = np.array(network.mapping.w_avg)
    return arrays


def write_warm_up(folder, generator, *, model_name):
    """A request of each signature, for servers to answer before any client's.

    The first of a signature takes TensorFlow Serving 0.4 to 1.2 s (32x32, two
    cores), the first of another number of rows 0.03 s. Each names all inputs,
    of a row each: old servers know no defaults, and those that batch refuse
    inputs of unequal rows. A request that fails would keep the model unloaded.

    Args:
        folder: Of the SavedModel.
        generator: As of `write`.
        model_name: What the server calls the model.
    """
    predict_pb2, prediction_log_pb2 = library()
    path = folder.joinpath(*_WARM_UP)
    path.parent.mkdir()
    given = inputs(generator, [0])
    given |= {"z_mix": given["z"], "ws": generator.map(*given.values())}
    with tf.io.TFRecordWriter(files.for_tensorflow(path)) as writer:
        for name, definition in sorted(_definitions(folder).items()):
            request = predict_pb2.PredictRequest()
            request.model_spec.name = files.for_tensorflow(model_name)
            request.model_spec.signature_name = name
            for each, info in definition.inputs.items():
                proto = _row(given.get(each), definition.defaults[each], info)
                request.inputs[each].CopyFrom(proto)
            log = prediction_log_pb2.PredictionLog(
                predict_log=prediction_log_pb2.PredictLog(request=request)
            )
            writer.write(log.SerializeToString())


def _definitions(folder):
    """The SignatureDefs of a SavedModel by name, without TensorFlow's own."""
    saved = saved_model_pb2.SavedModel.FromString(
        (folder / "saved_model.pb").read_bytes()
    )
    (graph,) = saved.meta_graphs
    found = graph.signature_def.items()
    return {name: each for name, each in found if not name.startswith("__")}


def _row(array, default, info):
    """A TensorProto of one row: of `array`, by default, or else of zeros."""
    if array is not None:
        return tf.make_tensor_proto(array)
    if default.tensor_shape.dim and default.tensor_shape.dim[0].size:
        return default
    zeros = tensor_pb2.TensorProto(dtype=info.dtype, float_val=[0.0])  # of all
    zeros.tensor_shape.CopyFrom(info.tensor_shape)
    zeros.tensor_shape.dim[0].size = 1
    return zeros
