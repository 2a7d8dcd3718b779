"""A classifier of a data set's classes, whose probabilities metrics take.

Reference: https://arxiv.org/abs/1606.03498, section 4, with ImageNet's
"""

import pathlib

import numpy as np
import scipy.special

from stylegan_tf import snapshot_files
from stylegan_tf.features import classifiers, finding, running
from stylegan_tf.networks import build

_BATCH = 64


class ClassClassifier:
    """Logits and probabilities of classes.

    Args:
        network: A built discriminator that has logits of labels.
        class_names: Of its labels.
        name: What it is called in results.
        sha256: Of its files.
    Attributes:
        attributes: Names of the classes, each a question of its own.
        features: Logits of images `[N, H, W, C]`, float32 `[N, L]`.
    """

    label = ""  # of cs; no paper has a number by that name
    resize = "area"

    def __init__(self, network, class_names, *, name, sha256=""):
        self.name, self.sha256 = name, sha256
        self.attributes = tuple(class_names)
        self.network, config = network, network.config
        self.features = running.batched(
            lambda images: network.classify(
                classifiers.prepare(images, config)
            ),
            _BATCH,
        )

    def probabilities_of(self, features):
        """Of the classes, float32 `[N, L]`, given `features`."""
        return scipy.special.softmax(features, axis=1)

    def logits(self, images):
        """How much each class is there, and no other, float32 `[N, L]`."""
        features = self.features(images)
        others = [
            scipy.special.logsumexp(np.delete(features, i, axis=1), axis=1)
            for i in range(features.shape[1])
        ]
        return features - np.stack(others, axis=1)


def is_there(path):
    """Whether there is one at `path` or in it, by its name."""
    path = pathlib.Path(path).expanduser()
    return any(
        each.name == classifiers.CLASSES and snapshot_files.is_snapshot(each)
        for each in (path / classifiers.CLASSES, path)
    )


def is_alone(path):
    """Whether `is_there`, and none of attributes."""
    return is_there(path) and not any(classifiers.there(path))


def find(path):
    """The folder of the classifier at `path` or in it.

    Raises:
        FileNotFoundError: If there is none, with what makes one.
    """
    path = pathlib.Path(path).expanduser()
    for folder in (path / classifiers.CLASSES, path):
        if snapshot_files.is_snapshot(folder):
            return folder
    raise FileNotFoundError(
        f"There is no classifier of classes in {path}. Train one: "
        f"tools.train_classifier --classes --dataset=DIR --output={path}"
    )


def load(path):
    """The `ClassClassifier` that tools.train_classifier --classes wrote.

    Raises:
        FileNotFoundError: If there is none, with what makes one.
        ValueError: If it is another network.
    """
    folder = find(path)
    names = snapshot_files.read_info(folder).get(classifiers.CLASSES)
    if not names:
        raise ValueError(
            f"{folder} holds no classifier of classes, which "
            "tools.train_classifier --classes writes."
        )
    network = build.discriminator(snapshot_files.read_config(folder))
    snapshot_files.read_weights(folder, {"discriminator": network})
    named = folder.parent if folder.name == classifiers.CLASSES else folder
    return ClassClassifier(
        network, names, name=named.name, sha256=finding.sha256(folder)
    )
