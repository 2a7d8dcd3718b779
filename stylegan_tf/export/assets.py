"""What goes into a SavedModel beside its functions."""

import re

import numpy as np
import tensorflow as tf

from stylegan_tf import (
    files,
    generators,
    images,
    model_card,
    pictures,
    version,
)

STYLE_WEIGHTS = "style_weights.npz"
SAMPLES = "samples.png"
_WARM_UP = ("assets.extra", "tf_serving_warmup_requests")
_STYLES = re.compile(r"(affine|adain/style)/kernel$")
_GRID = 4  # rows and columns


def card(snapshot, *, functions):
    """The model card of a snapshot's averaged generator, a dict.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        functions: From `servable.functions`.
    """
    generator = generators.of_snapshot(snapshot)
    return model_card.describe(
        snapshot.config,
        image_shape=generator.image_shape,
        noise_shapes=generator.noise_shapes,
        can_truncate=generator.can_truncate,
        images_seen=snapshot.images_seen,
        stage=snapshot.stage.as_dict(),
        signatures={
            name: {
                spec.name: f"{spec.dtype.name} {list(spec.shape)}"
                for spec in tf.nest.flatten(function.input_signature)
            }
            for name, function in functions.items()
        },
        software={
            "stylegan_tf": version.__version__,
            "tensorflow": tf.__version__,
        },
    )


def style_weights(generator):
    """Kernels `[D, C]` of the learned affines by name, and `w_avg` `[D]`.

    Their singular vectors are directions in W (arXiv 2007.06600).
    """
    arrays = {
        weight.path.split("/", 1)[1]: np.array(weight)
        for weight in generator.weights
        if _STYLES.search(weight.path)
    }
    if generator.mapping.track_mean:
        arrays["w_avg"] = np.array(generator.mapping.w_avg)
    return arrays


def write(folder, snapshot, *, functions):
    """Writes the assets into `folder` and returns their paths."""
    paths = [folder / n for n in (model_card.NAME, STYLE_WEIGHTS, SAMPLES)]
    model_card.write(paths[0], card(snapshot, functions=functions))
    np.savez(paths[1], **style_weights(snapshot.ema_generator))
    samples = generators.of_snapshot(snapshot).samples(range(_GRID**2))
    images.write_png(paths[2], pictures.grid(samples, _GRID))
    return paths


def write_warm_up(folder, snapshot, *, model_name):
    """Requests that TensorFlow Serving answers before the first client's.

    Args:
        folder: Of the SavedModel.
        snapshot: A `checkpoint.Snapshot`.
        model_name: What the server calls the model.
    """
    from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

    generator = generators.of_snapshot(snapshot)
    inputs = {"z": generator.latents([0])}
    if snapshot.config.label_size:
        inputs["label"] = generator.labels([0])
    path = folder.joinpath(*_WARM_UP)
    path.parent.mkdir()
    with tf.io.TFRecordWriter(files.for_tensorflow(path)) as writer:
        for signature in ("generate", "generate_png"):
            request = predict_pb2.PredictRequest()
            request.model_spec.name = files.for_tensorflow(model_name)
            request.model_spec.signature_name = signature
            for name, array in inputs.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(array))
            log = prediction_log_pb2.PredictionLog(
                predict_log=prediction_log_pb2.PredictLog(request=request)
            )
            writer.write(log.SerializeToString())
