"""What goes into a SavedModel beside its functions."""

import json
import re

import numpy as np
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import files, images, sampling, version

MODEL_CARD = "model.json"
STYLE_WEIGHTS = "style_weights.npz"
SAMPLES = "samples.png"
_WARM_UP = ("assets.extra", "tf_serving_warmup_requests")
_STYLES = re.compile(r"(affine|adain/style)/kernel$")
_GRID = 4  # rows and columns


def model_card(snapshot, *, functions):
    """Dict of what a client has to know.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        functions: From `servable.functions`.
    """
    config, generator = snapshot.config, snapshot.ema_generator
    settings = config.generator
    return {
        "name": config.name,
        "architecture": settings.architecture,
        "resolution": config.resolution,
        "image_shape": functions["gradients"].input_signature[1].shape[1:],
        "z_size": settings.z_size,
        "w_size": settings.w_size,
        "num_ws": generator.num_ws,
        "label_size": config.label_size,
        "noise_shapes": [
            spec.shape[1:3]
            for spec in tf.nest.flatten(functions["synthesize"].input_signature)
            if re.fullmatch(r"noise_\d+", spec.name)
        ],
        "can_truncate": generator.mapping.track_mean,
        "images_seen": snapshot.images_seen,
        "stage": snapshot.stage.as_dict(),
        "seeds": "z of a seed is numpy.random.RandomState(seed).randn(1, "
        f"{settings.z_size})",
        "signatures": {
            name: {
                spec.name: f"{spec.dtype.name} {list(spec.shape)}"
                for spec in tf.nest.flatten(function.input_signature)
            }
            for name, function in functions.items()
        },
        "software": {
            "stylegan_tf": version.__version__,
            "tensorflow": tf.__version__,
        },
        "config": config_lib.to_dict(config),
    }


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
    paths = [folder / n for n in (MODEL_CARD, STYLE_WEIGHTS, SAMPLES)]
    card = model_card(snapshot, functions=functions)
    paths[0].write_text(json.dumps(card, indent=2, default=list) + "\n")
    np.savez(paths[1], **style_weights(snapshot.ema_generator))
    images.write_png(paths[2], images.grid(_samples(snapshot), _GRID))
    return paths


def write_warm_up(folder, snapshot, *, model_name):
    """Requests that TensorFlow Serving answers before the first client's.

    Args:
        folder: Of the SavedModel.
        snapshot: A `checkpoint.Snapshot`.
        model_name: What the server calls the model.
    """
    from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

    settings = snapshot.config.generator
    z = sampling.latents([0], settings.z_size)
    inputs = {"z": z}
    if snapshot.config.label_size:
        inputs["label"] = sampling.one_hot([0], snapshot.config.label_size)
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


def _samples(snapshot):
    """uint8 images of the first seeds, classes in turn."""
    config, labels = snapshot.config, None
    seeds = range(_GRID**2)
    if config.label_size:
        classes = np.arange(_GRID**2) % config.label_size
        labels = sampling.one_hot(classes, config.label_size)
    sampler = sampling.Sampler(snapshot.ema_generator)
    z = sampling.latents(seeds, config.generator.z_size)
    return sampler(z, labels, stage=snapshot.stage)
