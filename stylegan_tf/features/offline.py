"""The extractor that ships with the project, for where no other one is.

It was trained on 12,000 small cartoon faces by tools.train_extractor. Scores
that it gives are no FID, PPL or IS of a paper, and carry its `label`.
"""

import json
import pathlib

import numpy as np
import scipy.special

from stylegan_tf import commands
from stylegan_tf.features import (
    files,
    finding,
    lpips,
    offline_network,
    pixels,
    running,
)

BUNDLED = pathlib.Path(__file__).parent / "bundled" / "offline_faces.npz"
# Yes-or-no questions, the columns of `Offline.logits`.
ATTRIBUTES = ("glasses", "facial_hair", "smile", "long_hair")
_CLASSES = "hair_style"  # what stands in for the classes of ImageNet


class Offline:
    """Features, attributes and a distance of a small network.

    Images of any size are first reduced, or enlarged, to 32x32.

    Args:
        arrays: Weights by name, see `offline_network.to_arrays`.
        sha256: Of the file they are from.
        batch_size: Images at a time.
    """

    name = "offline-faces"
    label = "offline"
    resize = "area"  # how images become 32x32
    attributes = ATTRIBUTES

    def __init__(self, arrays, *, sha256="", batch_size=64):
        self.sha256, self.batch_size = sha256, batch_size
        meta = json.loads(str(arrays.get("meta_json", "{}")))
        self.accuracies = meta.get("accuracies", {})
        # So that squares of features of real faces are 1 on average.
        self._scale = 1.0 / meta.get("feature_rms", 1.0)
        self.network = offline_network.build()
        offline_network.assign(self.network, arrays)
        heads = self.network.get_layer("heads")
        self._kernel, self._bias = heads.get_weights()
        self._run = running.compiled(
            lambda images: self.network(self.prepare(images))[1] * self._scale
        )
        self._compare = running.compiled(self.tensor_distance)

    def prepare(self, images):
        """The network's input `[N, 32, 32, 3]` of images `[N, H, W, C]`."""
        x = pixels.to_rgb(images)
        x = pixels.resize_antialiased(x, offline_network.SIDE)
        return x / 127.5 - 1.0

    def features(self, images):
        """Features of images `[N, H, W, C]`, float32 `[N, 128]`."""
        return running.in_batches(self._run, images, batch_size=self.batch_size)

    def logits(self, images):
        """How much each of `attributes` is there, float32 `[N, 4]`."""
        return self.logits_of(self.features(images))

    def probabilities(self, images):
        """Of the 19 hair styles, float32 `[N, 19]`."""
        return self.probabilities_of(self.features(images))

    def logits_of(self, features):
        """`logits` of what `features` returned."""
        scores = self._scores(features)
        return np.stack(
            [scores[name][:, 1] - scores[name][:, 0] for name in ATTRIBUTES],
            axis=1,
        )

    def probabilities_of(self, features):
        """`probabilities` of what `features` returned."""
        return scipy.special.softmax(self._scores(features)[_CLASSES], axis=1)

    def distance(self, first, second):
        """Distances of two sets `[N, H, W, C]`, float32 `[N]`, 0 to 4.

        Made as LPIPS is, with equal weights and the mean of the layers. Give
        float images: as uint8, a short step in latents is lost.
        """
        return running.in_batches(
            self._compare, first, second, batch_size=self.batch_size
        )

    def tensor_distance(self, first, second):
        """`distance` of one batch of tensors; has gradients."""
        first, second = (
            self.network(self.prepare(images))[0] for images in (first, second)
        )
        layers = [
            lpips.mean_of_map(square)
            for square in lpips.squared_differences(first, second)
        ]
        return sum(layers) / len(layers)

    def _scores(self, features):
        return offline_network.split(
            features @ (self._kernel / self._scale) + self._bias
        )


def load(path=None):
    """The bundled `Offline`, or one of tools.train_extractor's file."""
    path = pathlib.Path(path or BUNDLED)
    if not path.is_file():
        command = commands.line("train_extractor", f"--output={path}")
        raise FileNotFoundError(
            f"There is no offline extractor at {path}. Make one with: {command}"
        )
    return Offline(files.read_arrays(path), sha256=finding.sha256(path))
