"""The SavedModel: what TensorFlow Serving, and any TensorFlow, loads."""

import pathlib
import tempfile

import numpy as np
import tensorflow as tf

from stylegan_tf import files as files_lib
from stylegan_tf.export import assets, files, graphs, servable

_TOLERANCE = 1e-4


def write(snapshot, path):
    """Writes the averaged generator of a snapshot as a SavedModel.

    It is loaded again and compared with the network first.

    Args:
        snapshot: A `checkpoint.Snapshot`.
        path: Of the directory; its name is the model's.

    Returns:
        Dict of the largest difference to the network, by signature.

    Raises:
        files.MismatchError: If it computes something else.
        FileExistsError: If there is something at `path`.
    """
    path = pathlib.Path(path)
    functions = servable.functions(snapshot.ema_generator, snapshot.stage)
    module = servable.module(snapshot.ema_generator, functions)
    with (
        files.whole(path) as temporary,
        tempfile.TemporaryDirectory() as folder,
    ):
        module.assets = [
            tf.saved_model.Asset(files_lib.for_tensorflow(each))
            for each in assets.write(
                pathlib.Path(folder),
                snapshot,
                functions=functions,
            )
        ]
        signatures = {**functions, "serving_default": functions["generate"]}
        tf.saved_model.save(
            module,
            files_lib.for_tensorflow(temporary),
            signatures=signatures,
        )
        assets.write_warm_up(temporary, snapshot, model_name=path.name)
        return _differences(temporary, snapshot)


def _differences(path, snapshot):
    loaded = tf.saved_model.load(files_lib.for_tensorflow(path))
    config = snapshot.config
    z, labels = random_inputs(config, rows=2)
    inputs = {"z": z}
    if labels is not None:
        inputs["label"] = labels
    expected = snapshot.ema_generator(z, labels, **snapshot.stage)
    ws = loaded.map(**inputs)["ws"]
    found = {
        "map": files.compare(
            "map", ws, snapshot.ema_generator.map(z, labels), _TOLERANCE
        ),
        "synthesize": files.compare(
            "synthesize", loaded.synthesize(ws)["images"], expected, _TOLERANCE
        ),
    }
    levels = np.asarray(loaded.generate(**inputs)["images"], np.int32)
    pixels = np.asarray(graphs.to_uint8(expected), np.int32)
    found["generate"] = files.compare(
        "generate", levels / 255, pixels / 255, 1 / 255 + 1e-6
    )
    return found


def random_inputs(config, rows):
    """z `[rows, Z]` and one-hot labels `[rows, L]`, or None."""
    random = np.random.RandomState(0)
    z = random.randn(rows, config.generator.z_size).astype(np.float32)
    if not config.label_size:
        return z, None
    classes = random.randint(0, config.label_size, rows)
    return z, np.eye(config.label_size, dtype=np.float32)[classes]
