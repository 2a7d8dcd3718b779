"""The small network of the offline extractor: five convolutions, a mean."""

import keras
import numpy as np
from keras import ops

from stylegan_tf import files

SIDE = 32
FEATURES = 128
# Filters and stride of each convolution.
_CONVOLUTIONS = ((32, 1), (64, 2), (96, 2), (128, 1), (FEATURES, 2))
# What it was taught to tell apart: attribute and number of its classes.
HEADS = {
    "glasses": 2,
    "facial_hair": 2,
    "smile": 2,
    "long_hair": 2,
    "eyewear": 3,
    "hair_length": 6,
    "hair_color": 7,
    "hair_style": 19,
    "skin_color": 7,
    "background_color": 8,
    "clothing_color": 7,
    "eyes": 6,
    "mouth": 7,
    "facial_hair_style": 7,
    "nose": 3,
    "body": 4,
}


def build():
    """A model of `[N, 32, 32, 3]` in [-1, 1] to maps, features and scores.

    The maps are those of the five convolutions, the features `[N, 128]`, the
    scores `[N, S]` those of all `HEADS` side by side; see `split`.
    """
    x = images = keras.Input((SIDE, SIDE, 3), name="images")
    maps = []
    for index, (filters, stride) in enumerate(_CONVOLUTIONS):
        x = keras.layers.Conv2D(
            filters,
            3,
            strides=stride,
            padding="same",
            activation="relu",
            kernel_initializer="he_normal",
            name=f"conv{index + 1}",
        )(x)
        maps.append(x)
    features = keras.layers.GlobalAveragePooling2D(name="features")(x)
    scores = keras.layers.Dense(sum(HEADS.values()), name="heads")(features)
    return keras.Model(images, [maps, features, scores], name="offline")


def split(scores):
    """Scores `[N, S]` by the names of `HEADS`, `[N, number of classes]`."""
    found, start = {}, 0
    for name, count in HEADS.items():
        found[name] = scores[:, start : start + count]
        start += count
    return found


def to_arrays(network):
    """Weights of the model of `build` by name, as numpy arrays."""
    return {
        weight.path: ops.convert_to_numpy(weight.value)
        for weight in network.weights
    }


def write(path, network, *, meta):
    """Writes an .npz of the weights and a JSON text; no clock is in it."""
    with files.whole(path) as temporary, temporary.open("wb") as file:
        np.savez(file, meta_json=meta, **to_arrays(network))


def assign(network, arrays):
    """Fills the model of `build` with what `to_arrays` returned."""
    for weight in network.weights:
        if weight.path not in arrays:
            raise ValueError(
                f"The offline extractor's weights lack `{weight.path}`."
            )
        weight.assign(arrays[weight.path])
