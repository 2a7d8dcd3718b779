"""Opens the logs of TensorBoard; measures the memory that is used."""

import pathlib
import resource
import sys

import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from stylegan_tf import config as config_lib
from stylegan_tf import files, run_directory

_PLAIN = (bool, int, float, str)  # what hparams can show


def open_logs(config, workdir, images_seen=0):
    """The `tf.summary.SummaryWriter` of a run.

    Args:
        config: The run's resolved config, kept as text and hparams.
        workdir: The run directory.
        images_seen: Where the run goes on.
    """
    directory = pathlib.Path(workdir) / run_directory.TENSORBOARD
    logs = tf.summary.create_file_writer(files.for_tensorflow(directory))
    text = config_lib.to_json(config).replace("\n", "\n    ")
    with logs.as_default(step=images_seen):
        tf.summary.text("config", "    " + text)
        hparams.hparams(
            {
                name: value if isinstance(value, _PLAIN) else str(value)
                for name, value in config_lib.flatten(config).items()
            }
        )
    return logs


def memory_gib():
    """Largest memory of the process so far, and of the first GPU if any."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 << 30 if sys.platform == "darwin" else 1 << 20
    scalars = {"memory/process_gib": peak / unit}
    if tf.config.list_logical_devices("GPU"):
        info = tf.config.experimental.get_memory_info("GPU:0")
        scalars["memory/gpu_gib"] = info["peak"] / 2**30
    return scalars
