"""The detector of FID, KID and the Inception Score."""

import numpy as np
import scipy.special
import tensorflow as tf

from stylegan_tf.features import (
    files,
    finding,
    inception_names,
    inception_network,
    pixels,
    running,
)


class Inception:
    """Inception v3 of 2015-12-05.

    The original graph and NVIDIA's TorchScript resize as TensorFlow 1 did
    and scale by (x - 128) / 128; pytorch-fid, whose weights are the same,
    resizes as PyTorch does and scales to [-1, 1]. Which of them applies
    follows from the names of the arrays, unless `resize` says it.

    Args:
        arrays: Weights by name, see `inception_names`.
        sha256: Of the file they are from.
        resize: "legacy" or "half_pixel", see `pixels.resize_bilinear`.
        batch_size: Images at a time.
    """

    name = "inception-2015-12-05"
    label = ""  # what scores made with this network must be marked with

    def __init__(self, arrays, *, sha256="", resize=None, batch_size=32):
        convention = inception_names.convention_of(arrays)
        is_port = convention == "port"
        self.sha256, self.batch_size = sha256, batch_size
        self.resize = resize or ("half_pixel" if is_port else "legacy")
        self.network = inception_network.build()
        self._kernel, self._bias = inception_names.assign(self.network, arrays)
        self._run = running.compiled(
            lambda images: self.network(self.prepare(images))
        )

    def prepare(self, images):
        """The network's input `[N, 299, 299, 3]` of images `[N, H, W, C]`."""
        x = pixels.to_rgb(images)
        side = inception_network.SIDE
        if self.resize == "half_pixel":
            x = pixels.resize_bilinear(x / 255.0, side, self.resize)
            return 2.0 * x - 1.0
        x = pixels.resize_bilinear(x, side, self.resize)
        return (x - 128.0) / 128.0

    def features(self, images):
        """The last pool of images `[N, H, W, C]`, float32 `[N, 2048]`."""
        return running.in_batches(self._run, images, batch_size=self.batch_size)

    def logits(self, images, *, has_bias=False):
        """Scores of the 1008 classes, float32 `[N, 1008]`."""
        return self.logits_of(self.features(images), has_bias=has_bias)

    def probabilities(self, images, *, has_bias=False):
        """What the Inception Score takes, float32 `[N, 1008]`."""
        return self.probabilities_of(self.features(images), has_bias=has_bias)

    def logits_of(self, features, *, has_bias=False):
        """`logits` of what `features` returned.

        The Inception Score is computed without the bias.
        """
        logits = np.asarray(tf.matmul(features, self._kernel))
        return logits + self._bias if has_bias else logits

    def probabilities_of(self, features, *, has_bias=False):
        """`probabilities` of what `features` returned."""
        logits = self.logits_of(features, has_bias=has_bias)
        return scipy.special.softmax(logits, axis=1)


def load(path=None):
    """The `Inception` of a file, or of the one `finding.find` finds."""
    found = finding.find("inception", path)
    return Inception(files.read_arrays(found.path), sha256=found.sha256)
