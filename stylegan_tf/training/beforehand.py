"""What can be refused before data are opened and hours pass."""

import dataclasses

from stylegan_tf import checkpoint, snapshot_files
from stylegan_tf.config import differences
from stylegan_tf.training import accumulation, devices


def refuse(config, replicas, workdir=None):
    """Raises `ValueError` or `OSError` for what would fail later.

    Args:
        config: A run's `stylegan_tf.config.Config`.
        replicas: How many share a batch.
        workdir: The run directory, if any; there may be a run in it.
    """
    config = devices.resolve(config)
    if workdir is not None:
        refuse_other_networks(config, workdir)
    accumulation.refuse_misfits(config, replicas)


def refuse_other_networks(config, workdir):
    """Raises `ValueError` if a run in `workdir` is of other networks.

    Reads no more than the config of its newest snapshot that has one. How
    many labels there are may be for the data to say: then the run is
    believed.

    Args:
        config: A `stylegan_tf.config.Config`.
        workdir: The run directory.
    """
    for path in reversed(checkpoint.snapshots(workdir)):
        try:
            theirs = checkpoint.read_config(path)
        except snapshot_files.DamagedError:
            continue  # training sets it aside and takes the one before
        if config.data.use_labels and not config.label_size:
            config = dataclasses.replace(config, label_size=theirs.label_size)
        differences.refuse_other(path, devices.resolve(config), theirs)
        return
