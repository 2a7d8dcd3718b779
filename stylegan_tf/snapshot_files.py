"""The directory of one snapshot: config.json, snapshot.json, weights.

It is written under a temporary name and renamed, so that what can be seen is
whole.
"""

import json
import os
import shutil

import keras
import tensorflow as tf

from stylegan_tf import config as config_lib

CONFIG_FILE = "config.json"
INFO_FILE = "snapshot.json"
_WEIGHTS = "weights"


def write(path, parts, *, config, info):
    """Writes the snapshot `path`, in place of one that is there.

    Args:
        path: A `pathlib.Path`.
        parts: Networks, optimizers and variables by name.
        config: The resolved config of the networks.
        info: What else to remember, a dict for `read_info`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    _checkpoint(parts).write(str(temporary / _WEIGHTS))
    (temporary / CONFIG_FILE).write_text(config_lib.to_json(config))
    info = {
        **info,
        "parts": sorted(parts),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }
    (temporary / INFO_FILE).write_text(json.dumps(info, indent=2) + "\n")
    remove(path)
    os.replace(temporary, path)


def remove(path):
    """Deletes a snapshot, which nobody may see half of."""
    if path.exists():
        hidden = path.with_name(f".{path.name}.old")
        shutil.rmtree(hidden, ignore_errors=True)
        os.replace(path, hidden)
        shutil.rmtree(hidden)


def read_weights(path, parts):
    """Fills all `parts` from the snapshot at `path`.

    Raises:
        ValueError: If it lacks any of their weights.
    """
    status = _checkpoint(parts).read(str(path / _WEIGHTS)).expect_partial()
    try:
        status.assert_existing_objects_matched()
    except AssertionError as error:  # names every value, in full
        raise ValueError(
            f"{path} lacks weights that its config asks for: it was written "
            "by another version of stylegan_tf, or is damaged."
        ) from error


def read_config(path):
    """The config of a snapshot or run directory."""
    return config_lib.from_json((path / CONFIG_FILE).read_text())


def read_info(path):
    """The dict of snapshot.json: parts, images_seen, stage and so on."""
    return json.loads((path / INFO_FILE).read_text())


def is_snapshot(path):
    """Whether `path` is a snapshot's directory."""
    return (path / INFO_FILE).is_file()


def _checkpoint(parts):
    """Every variable of `parts` by its path.

    Not the Keras objects: tf.train.Checkpoint does not look into their lists
    of layers, and leaves those weights out without a word.
    """
    nodes = {}
    for name, part in parts.items():
        if isinstance(part, tf.Variable):
            nodes[name] = part
            continue
        variables = getattr(part, "weights", None) or part.variables
        # Rates belong to the config, which may change from run to run.
        nodes[name] = tf.train.Checkpoint(
            **{
                v.path.split("/", 1)[-1]: v.value
                for v in variables
                if not v.path.endswith("/learning_rate")
            }
        )
    return tf.train.Checkpoint(**nodes)
