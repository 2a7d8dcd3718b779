"""The SavedModel: what TensorFlow Serving, and any TensorFlow, loads."""

import pathlib
import tempfile

import numpy as np
import tensorflow as tf

from stylegan_tf import files, generators, images, model_card
from stylegan_tf.export import assets, functions, output

_TOLERANCE = 1e-4


def write(snapshot, path):
    """Writes the averaged generator of a snapshot as a model's next version.

    It is loaded again and compared with the network first. Whoever watches
    the model's folder sees the version appear at once, whole.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        path: Of the model's folder; its name is the model's.

    Returns:
        The path of the version, and a dict of the largest difference to the
        network by signature.

    Raises:
        ImportError: As of `assets.library`.
        output.MismatchError: If it computes something else.
        ValueError: As of `output.next_version`.
    """
    assets.library()  # before the work
    version, name = output.next_version(path), model_card.model_name(path)
    generator = generators.of_snapshot(snapshot)
    module, made = tf.Module(name="stylegan"), functions.served(generator)
    module.weights = [weight.value for weight in generator.network.weights]
    for signature, function in made.items():
        setattr(module, signature, function)
    with (
        output.version(version) as temporary,
        tempfile.TemporaryDirectory() as folder,
    ):
        module.assets = [
            tf.saved_model.Asset(files.for_tensorflow(each))
            for each in assets.write(
                pathlib.Path(folder), name, generator, made
            )
        ]
        tf.saved_model.save(
            module,
            files.for_tensorflow(temporary),
            signatures={**made, "serving_default": made["generate"]},
        )
        assets.write_warm_up(temporary, generator, model_name=name)
        differences = _differences(temporary, snapshot)
        return files.take_number(temporary, version.parent), differences


def _differences(path, snapshot):
    """To the network run eagerly, whose sums no other graph reorders."""
    network = snapshot.ema_generator
    loaded = tf.saved_model.load(files.for_tensorflow(path))
    inputs = assets.inputs(generators.of_snapshot(snapshot), range(2))
    ws = network.map(*inputs.values())
    made = network.synthesize(ws, "const", *snapshot.stage)
    compared = {
        "map": (loaded.map(**inputs)["ws"], ws, _TOLERANCE),
        "synthesize": (loaded.synthesize(ws)["images"], made, _TOLERANCE),
        "generate": (
            np.float32(loaded.generate(**inputs)["images"]) / 255,
            images.to_uint8(made) / 255,
            1 / 255 + 1e-6,
        ),
    }
    return {
        name: output.compare(name, *each) for name, each in compared.items()
    }
