"""Keras's own files: the whole generator, or its weights."""

import keras
import numpy as np

from stylegan_tf.export import files, parts
from stylegan_tf.networks import build


def write(snapshot, path):
    """Writes `path`, NAME.keras or NAME.weights.h5, of the generator.

    Args, result and errors are those of `onnx_file.write`.
    """
    generator = snapshot.ema_generator
    function = parts.function(generator, "full", snapshot.stage)
    with files.whole(path) as temporary:
        if str(path).endswith(".weights.h5"):
            generator.save_weights(temporary)
            loaded = build.build_generator(snapshot.config)
            loaded.load_weights(temporary)
        else:
            generator.save(temporary)
            loaded = keras.saving.load_model(temporary)
        inputs = parts.random_inputs(function, 3)
        other = parts.function(loaded, "full", snapshot.stage)
        return files.compare(
            path.name,
            np.asarray(other(*inputs.values())),
            np.asarray(function(*inputs.values())),
            parts.TOLERANCES["float32"],
        )
