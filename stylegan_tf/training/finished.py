"""A run that is done, and is asked for again."""

import contextlib
import dataclasses

from stylegan_tf import checkpoint
from stylegan_tf.config import differences
from stylegan_tf.training import beforehand, devices, inputs, lock, trained_on


def tidy(workdir):
    """Removes what a kill at the end of the run left half-written."""
    with contextlib.suppress(OSError):  # it may be there to be read only
        with lock.held(workdir):
            checkpoint.tidy(workdir)


def check(config, workdir):
    """One line if it was of other data, else ""; other networks are refused.

    As an unfinished run would; but nothing is trained, so the data may be
    gone.

    Args:
        config: A `stylegan_tf.config.Config`.
        workdir: The run directory, with snapshots.

    Raises:
        ValueError: If the config's networks are not those of the run.
    """
    beforehand.refuse_other_networks(config, workdir)
    path, note = checkpoint.find(workdir), ""
    theirs = checkpoint.read_config(path)
    try:
        source, config = inputs.open_data(config)
    except FileNotFoundError:
        if config.data.use_labels and not theirs.label_size:
            raise  # nobody knows how many
        if config.data.use_labels:
            label_size = config.label_size or theirs.label_size
            config = dataclasses.replace(config, label_size=label_size)
    else:
        now = trained_on.describe(source, config.label_size)
        note = trained_on.change(workdir, now)
    differences.refuse_other(path, devices.resolve(config), theirs)
    return note
