"""Writes metrics.jsonl and the logs of TensorBoard."""

import pathlib
import resource
import sys
import time

import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from stylegan_tf import config as config_lib
from stylegan_tf import files, run_directory

_PLAIN = (bool, int, float, str)  # what hparams can show


class Writer:
    """Writes a run's scalars and pictures.

    Args:
        config: The run's resolved config, kept as text and hparams.
        workdir: The run directory.
        images_seen: Where the run goes on; rows beyond it, of work that was
            lost with a crash, are dropped.
    """

    def __init__(self, config, workdir, images_seen=0):
        self._metrics = pathlib.Path(workdir) / run_directory.METRICS
        run_directory.truncate(self._metrics, images_seen)
        directory = pathlib.Path(workdir) / run_directory.TENSORBOARD
        self._events = tf.summary.create_file_writer(
            files.for_tensorflow(directory)
        )
        text = config_lib.to_json(config).replace("\n", "\n    ")
        with self._events.as_default(step=images_seen):
            tf.summary.text("config", "    " + text)
            hparams.hparams(
                {
                    name: value if isinstance(value, _PLAIN) else str(value)
                    for name, value in config_lib.flatten(config).items()
                }
            )

    def as_default(self):
        """A context in which `tf.summary` writes to this run's events."""
        return self._events.as_default()

    def scalars(self, scalars, images_seen):
        """Appends one row and the same scalars as events."""
        row = {"images_seen": images_seen, "time": time.time(), **scalars}
        run_directory.append(self._metrics, [row])
        with self._events.as_default(step=images_seen):
            for name, value in scalars.items():
                tf.summary.scalar(name, value)
        self._events.flush()

    def image(self, name, image, images_seen):
        """One uint8 image `[H, W, C]`; of grey + alpha only the grey."""
        if image.shape[-1] == 2:  # TensorBoard can not show it
            image = image[..., :1]
        with self._events.as_default(step=images_seen):
            tf.summary.image(name, image[None])
        self._events.flush()


def memory_gib():
    """Largest memory of the process so far, and of the first GPU if any."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 << 30 if sys.platform == "darwin" else 1 << 20
    scalars = {"memory/process_gib": peak / unit}
    if tf.config.list_logical_devices("GPU"):
        info = tf.config.experimental.get_memory_info("GPU:0")
        scalars["memory/gpu_gib"] = info["peak"] / 2**30
    return scalars
