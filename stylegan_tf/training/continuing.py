"""Checks that the run in a directory is the one that is asked for.

Its networks must be the same. Its data should be: a few numbers and the pixels
of a few images tell, wherever they lie and however they are packed.
"""

import contextlib
import dataclasses
import hashlib
import json
import pathlib

import numpy as np

from stylegan_tf import (
    checkpoint,
    columns,
    files,
    run_directory,
    snapshot_files,
)
from stylegan_tf.config import differences
from stylegan_tf.training import accumulation, devices, inputs, lock

_SAMPLES = 8  # images whose pixels are looked at


def refuse(config, replicas, workdir=None):
    """Refuses what would fail later, before data are opened and hours pass.

    Args:
        config: A run's `stylegan_tf.config.Config`.
        replicas: How many share a batch.
        workdir: The run directory, if any; there may be a run in it.

    Raises:
        ValueError: If batches do not fit, or if that run is of other networks.
        OSError: If that run can not be read.
    """
    config = devices.resolve(config)
    if workdir is not None:
        refuse_other_networks(config, workdir)
    accumulation.refuse_misfits(config, replicas)


def refuse_other_networks(config, workdir, **advice):
    """Raises `ValueError` if a run in `workdir` is of other networks.

    Reads no more than the config of its newest snapshot that has one. How
    many labels there are may be for the data to say: then the run is
    believed.

    Args:
        config: What is asked for.
        workdir: The run directory.
        **advice: `otherwise` of `differences.refuse_other`.
    """
    path, theirs = _newest(workdir)
    if theirs is None:
        return
    if config.data.uses_labels and not config.label_size:
        config = dataclasses.replace(config, label_size=theirs.label_size)
    differences.refuse_other(path, devices.resolve(config), theirs, **advice)


def refuse_other_settings(config, workdir):
    """Raises `ValueError` if a run in `workdir` was trained otherwise.

    Training may go on so, but a comparison would call it what it is not.
    """
    _, theirs = _newest(workdir)
    rows = differences.of_settings(config, theirs) if theirs else []
    if rows:
        cells = [(f, f"trained {old}", f"asked {new}") for f, new, old in rows]
        raise ValueError(
            f"{workdir} was trained with other settings, and is not trained "
            f"anew:\n{columns.aligned(cells, indent='  ')}\n"
            "Take another --output, or the settings that it has."
        )


def _newest(workdir):
    """Path and config of the newest snapshot that has one, or two Nones."""
    for path in reversed(checkpoint.snapshots(workdir)):
        try:
            return path, snapshot_files.read_config(path)
        except snapshot_files.DamagedError:
            continue  # training sets it aside and takes the one before
    return None, None


def check_finished(config, workdir):
    """Looks at a run that is done and is asked for again.

    As an unfinished one it is refused if it is of other networks, and tidied
    if a kill at its end left something half-written. Its data may be gone.

    Returns:
        One line if it was of other data, else "".
    """
    with contextlib.suppress(OSError):  # it may be there to be read only
        with lock.held(workdir):
            checkpoint.tidy(workdir)
    refuse_other_networks(config, workdir)
    theirs = snapshot_files.read_config(checkpoint.find(workdir))
    try:
        source, config = inputs.open_data(config)
    except FileNotFoundError:
        if config.data.uses_labels and not theirs.label_size:
            raise  # nobody knows how many
        return ""
    refuse_other_networks(config, workdir)  # with the labels of the data
    return other_data(workdir, describe(source, config.label_size))


def describe(source, label_size):
    """Dict of a data set.

    Args:
        source: A `data.sources.Source`.
        label_size: Of the labels that are used; 0 means none.
    """
    places = np.linspace(0, len(source) - 1, _SAMPLES).astype(int)
    digest = hashlib.sha256()
    for index in np.unique(places):
        digest.update(source.image(index).tobytes())
        if label_size:
            digest.update(source.label_rows[index].tobytes())
    described = {
        "path": source.path,
        "images": len(source),
        "shape": list(source.image_shape),
        "label_size": label_size,
        "samples": digest.hexdigest()[:16],
    }
    if source.held_out is not None:
        described["held_out"] = len(source.held_out)
    return described


def other_data(workdir, now):
    """One line if the run in `workdir` saw other data so far, else "".

    Args:
        workdir: The run directory; older ones tell nothing of their data.
        now: What `describe` says of the data to go on with.
    """
    try:
        path = pathlib.Path(workdir) / run_directory.DATA
        before = json.loads(path.read_text())
    except (OSError, ValueError):
        return ""
    if {**before, "path": ""} == {**now, "path": ""}:
        return ""
    return (
        f"{workdir} was trained on other data so far: {_words(before)}. Now "
        f"asked for: {_words(now)}."
    )


def remember(workdir, now):
    """Writes what `describe` says into the run directory."""
    path = pathlib.Path(workdir) / run_directory.DATA
    files.write(path, json.dumps(now, indent=2) + "\n")


def _words(described):
    height, width, channels = described["shape"]
    held_out = described.get("held_out", 0)
    return (
        f"{described['images']:,} images of {width}x{height}x{channels} from "
        f"{described['path']}" + f", {held_out:,} held out" * bool(held_out)
    )
