"""An exported generator as metrics take it; only TensorFlow runs it."""

import json
import pathlib

import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import files

MODEL_CARD = pathlib.Path("assets", "model.json")


def is_here(path):
    """Whether `path` is a SavedModel."""
    return (pathlib.Path(path) / "saved_model.pb").is_file()


class SavedGenerator:
    """Has what `metrics.network.Network` needs of a generator.

    Args:
        path: The folder that tools.export wrote.
    """

    def __init__(self, path):
        card = pathlib.Path(path) / MODEL_CARD
        if not card.is_file():
            raise ValueError(
                f"{path} is a SavedModel, but not one of tools.export: there "
                f"is no {card}"
            )
        self._card = json.loads(card.read_text())
        self._model = tf.saved_model.load(files.for_tensorflow(path))
        self.config = config_lib.from_file(card, self._card["config"])
        self.images_seen = self._card["images_seen"]

    def map(self, z, labels=None):
        """Untruncated styles `[N, L, D]`."""
        inputs = [z] if labels is None else [z, labels]
        return self._model.map(*inputs)["ws"]

    def synthesize(self, ws, noise):
        """Images `[N, H, W, C]`, float.

        Args:
            ws: `[N, L, D]`.
            noise: "none", or maps `[N, H, W, 1]`; those beyond the stage that
                was exported are left out.
        """
        if isinstance(noise, str):
            made = self._model.synthesize(ws, tf.constant([noise]))
        else:
            maps = noise[: len(self._card["noise_shapes"])]
            made = self._model.synthesize(ws, tf.constant(["const"]), maps)
        return made["images"]
