"""The extractor that ships with the project, for where no other one is.

It was trained on 12,000 small cartoon faces by tools.train_extractor. Scores
that it gives are no FID, PPL or IS of a paper, and carry its `label`.
"""

import json
import pathlib

import keras
import numpy as np
import scipy.special

from stylegan_tf import files
from stylegan_tf.features import finding, lpips, pixels, running, weight_files

BUNDLED = pathlib.Path(__file__).parent / "bundled" / "offline_faces.npz"
SIDE = 32
# Filters and stride of each convolution.
_CONVOLUTIONS = ((32, 1), (64, 2), (96, 2), (128, 1), (128, 2))
# Yes-or-no questions, the columns of `Offline.logits`.
ATTRIBUTES = ("glasses", "facial_hair", "smile", "long_hair")
_CLASSES = "hair_style"  # what stands in for the classes of ImageNet
# What it was taught to tell apart: attribute and number of its classes.
HEADS = {
    **dict.fromkeys(ATTRIBUTES, 2),
    "eyewear": 3,
    "hair_length": 6,
    "hair_color": 7,
    _CLASSES: 19,
    "skin_color": 7,
    "background_color": 8,
    "clothing_color": 7,
    "eyes": 6,
    "mouth": 7,
    "facial_hair_style": 7,
    "nose": 3,
    "body": 4,
}


class Offline:
    """Features, attributes and a distance of a small network.

    Images of any size are first reduced, or enlarged, to 32x32.

    Args:
        arrays: Weights by name, see `write`.
        sha256: Of the file they are from.
        batch_size: Images at a time.
    Attributes:
        features: Features of images `[N, H, W, C]`, float32 `[N, 128]`.
        distance: Distances of two sets `[N, H, W, C]`, float32 `[N]`, 0 to 4.
            Give float images: as uint8, a short step in latents is lost.
    """

    name = "offline-faces"
    label = "offline"
    resize = "area"  # how images become 32x32
    attributes = ATTRIBUTES  # of `logits`

    def __init__(self, arrays, *, sha256="", batch_size=64):
        self.sha256 = sha256
        meta = json.loads(str(arrays.get("meta_json", "{}")))
        # So that squares of features of real faces are 1 on average.
        self._scale = 1.0 / meta.get("feature_rms", 1.0)
        self.network = build()
        for weight in self.network.weights:
            weight.assign(weight_files.get(arrays, weight.path, self.name))
        heads = self.network.get_layer("heads")
        self._kernel, self._bias = heads.get_weights()
        self.features = running.batched(
            lambda images: self.network(self.prepare(images))[1] * self._scale,
            batch_size,
        )
        self.distance = running.batched(self.tensor_distance, batch_size)

    def prepare(self, images):
        """The network's input `[N, 32, 32, 3]` of images `[N, H, W, C]`."""
        x = pixels.resize_antialiased(pixels.to_rgb(images), SIDE)
        return x / 127.5 - 1.0

    def logits(self, images):
        """How much each of `ATTRIBUTES` is there, float32 `[N, 4]`."""
        scores = self._scores(self.features(images))
        return np.stack(
            [scores[name][:, 1] - scores[name][:, 0] for name in ATTRIBUTES],
            axis=1,
        )

    def probabilities_of(self, features):
        """Of the 19 hair styles, float32 `[N, 19]`, given `features`."""
        return scipy.special.softmax(self._scores(features)[_CLASSES], axis=1)

    def tensor_distance(self, first, second):
        """`distance` of one batch of tensors; has gradients.

        Made as LPIPS is, with equal weights and the mean of the layers.
        """
        return self.distance_of_maps(self.maps(first), self.maps(second))

    def maps(self, images):
        """The five maps of a batch of images, `[N, 32 / s, 32 / s, C]`."""
        return self.network(self.prepare(images))[0]

    def distance_of_maps(self, first, second):
        """`tensor_distance` of two batches whose `maps` are there."""
        layers = [
            lpips.mean_of_map(square)
            for square in lpips.squared_differences(first, second)
        ]
        return sum(layers) / len(layers)

    def _scores(self, features):
        return split(features @ (self._kernel / self._scale) + self._bias)


def load(path=None):
    """The bundled `Offline`, or one of tools.train_extractor's file."""
    path = path or BUNDLED
    arrays = weight_files.read_arrays(path)
    return Offline(arrays, sha256=finding.sha256(path))


def build():
    """A model of `[N, 32, 32, 3]` in [-1, 1] to maps, features and scores.

    The maps are those of the five convolutions, the features their means
    `[N, 128]`, the scores `[N, S]` those of all `HEADS` side by side.
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


def write(path, network, *, meta):
    """Writes an .npz of the weights and a JSON text; no clock is in it."""
    arrays = {weight.path: weight.numpy() for weight in network.weights}
    with files.whole(path) as temporary, temporary.open("wb") as file:
        np.savez(file, meta_json=meta, **arrays)
