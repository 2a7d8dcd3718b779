"""Writes and reads the directory of one snapshot.

It holds config.json, snapshot.json and weights. Sizes and checksums in
snapshot.json tell which file was damaged after it was written.
"""

import contextlib
import hashlib
import json
import os

import keras
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import files, run_directory

INFO_FILE = "snapshot.json"
_WEIGHTS = "weights"
_WEIGHTS_FILES = ("weights.index", "weights.data-00000-of-00001")
# What TensorFlow raises; reading beyond the end of a file is an IndexError.
_UNREADABLE = (tf.errors.OpError, IndexError, RuntimeError)


class DamagedError(ValueError):
    """A snapshot lacks a file, or has one that is not what was written.

    Args:
        path: Of the snapshot.
        reason: Which file, and what is wrong with it.
    """

    def __init__(self, path, reason):
        super().__init__(path, reason)
        self.path, self.reason = path, reason
        self.source = None  # what the user gave for it, and ...
        self.older = None  # ... a whole snapshot of the run to take instead

    def __str__(self):
        text = f"The snapshot {self.path} is damaged: {self.reason}."
        if self.older:
            text += f" The one before it, {self.older}, is whole."
        return text


def write(path, parts, *, config, info):
    """Writes the snapshot `path`, and replaces an older one.

    Args:
        path: A `pathlib.Path`.
        parts: Networks, optimizers and variables by name.
        config: The resolved config of the networks.
        info: What else to remember, a dict for `read_info`.
    """
    with files.whole(path) as folder:
        folder.mkdir()
        weights = files.for_tensorflow(folder / _WEIGHTS)
        # Once they are written it asks for their size, by a name that a
        # locale of ASCII can not spell.
        with contextlib.suppress(UnicodeEncodeError):
            _checkpoint(parts).write(weights)
        (folder / run_directory.CONFIG).write_text(config_lib.to_json(config))
        info = {
            **info,
            "parts": sorted(parts),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "files": {
                name: _describe(folder / name)
                for name in (run_directory.CONFIG, *_WEIGHTS_FILES)
            },
        }
        (folder / INFO_FILE).write_text(json.dumps(info, indent=2) + "\n")


def check(path):
    """Raises `DamagedError` unless all files are as they were written.

    Snapshots of earlier versions tell no checksums of files: their tensors'
    own are looked at.
    """
    written = read_info(path).get("files")
    if written is None:
        _read_json(path, run_directory.CONFIG)
        weights = files.for_tensorflow(path / _WEIGHTS)
        try:
            reader = tf.train.load_checkpoint(weights)
            for name in reader.get_variable_to_shape_map():
                reader.get_tensor(name)
        except (*_UNREADABLE, ValueError) as error:
            raise _unreadable(path, error) from error
        return
    for name, expected in written.items():
        if not (path / name).is_file():
            raise DamagedError(path, f"{name} is missing")
        size, whole = (path / name).stat().st_size, expected.get("bytes")
        if size != whole:
            raise DamagedError(path, f"{name} has {size} of {whole} bytes")
        if _describe(path / name) != expected:
            reason = "is not what was written, by its checksum"
            raise DamagedError(path, f"{name} {reason}")


def read_weights(path, parts):
    """Fills all `parts` from the snapshot at `path`.

    Raises:
        DamagedError: If the files of weights can not be read.
        ValueError: If it lacks any of their weights.
    """
    weights = files.for_tensorflow(path / _WEIGHTS)
    try:
        status = _checkpoint(parts).read(weights).expect_partial()
        status.assert_existing_objects_matched()
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error
    except AssertionError as error:  # names every value, in full
        raise ValueError(
            f"{path} lacks weights that its config asks for: it was written "
            "by another version of stylegan_tf, or is damaged."
        ) from error


def read_config(path):
    """The config of a snapshot.

    Raises:
        DamagedError: If it is missing or no JSON.
        ValueError: If it has fields that only a newer version knows.
    """
    return config_lib.from_file(
        path / run_directory.CONFIG, _read_json(path, run_directory.CONFIG)
    )


def read_info(path):
    """The dict of snapshot.json: parts, images_seen, stage and so on.

    Raises:
        DamagedError: If it is missing or no JSON.
    """
    info = _read_json(path, INFO_FILE)
    if not isinstance(info.get("parts"), list):
        raise DamagedError(path, f"{INFO_FILE} does not tell `parts`")
    return info


def is_snapshot(path):
    """Whether `path` is a snapshot's directory."""
    return (path / INFO_FILE).is_file()


def _read_json(path, name):
    if os.path.lexists(path) and not path.is_dir():
        kind = "a file" if path.is_file() else "nothing that can be opened"
        link = "a link to " if path.is_symlink() else ""
        reason = f"it is {link}{kind}, and a folder is needed"
        raise DamagedError(path, reason)
    try:
        values = json.loads((path / name).read_bytes())
    except FileNotFoundError as error:
        raise DamagedError(path, f"{name} is missing") from error
    except ValueError as error:
        raise DamagedError(path, f"{name} is no JSON ({error})") from error
    if not isinstance(values, dict):
        raise DamagedError(path, f"{name} holds no values by name")
    return values


def _describe(file):
    """Size and checksum of a file."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return {"bytes": opened.tell(), "sha256": digest}


def _unreadable(path, error):
    """The `DamagedError` of one of TensorFlow's."""
    for name in _WEIGHTS_FILES:
        if not (path / name).is_file():
            return DamagedError(path, f"{name} is missing")
    reason = str(error).strip().splitlines()[0].rstrip(" .")
    names = " or ".join(_WEIGHTS_FILES)
    return DamagedError(path, f"{names} can not be read ({reason[:200]})")


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
