"""Snapshots: what a run directory keeps of a training run.

A snapshot is a directory with `config.json`, `snapshot.json` and a
`tf.train.Checkpoint`. It is written under a temporary name and renamed, so
that what can be seen is whole.
"""

import dataclasses
import json
import os
import pathlib
import shutil

import keras
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf.networks import build

CONFIG_FILE = "config.json"
_INFO_FILE = "snapshot.json"
_WEIGHTS = "weights"
_ARCHITECTURE = (
    "resolution",
    "base_shape",
    "image_channels",
    "label_size",
    "generator",
    "discriminator",
)


@dataclasses.dataclass
class Snapshot:
    """Networks of one moment of a run, in float32."""

    path: pathlib.Path
    config: config_lib.Config
    images_seen: int
    ema_generator: keras.Model
    generator: keras.Model | None = None
    discriminator: keras.Model | None = None
    # Of progressive networks: `resolution` and `alpha` they have grown to,
    # keyword arguments of theirs.
    stage: dict = dataclasses.field(default_factory=dict)


def save(run_directory, parts, *, config, images_seen, stage=None):
    """Writes a snapshot of `parts` and returns its path.

    Args:
        run_directory: Where `snapshots/` is or shall be.
        parts: Networks, optimizers and variables by name, see
            `TrainState.parts`.
        config: The run's resolved config.
        images_seen: Where the run is.
        stage: See `Snapshot.stage`.
    """
    directory = pathlib.Path(run_directory) / "snapshots"
    directory.mkdir(parents=True, exist_ok=True)
    final = directory / f"{images_seen:010d}"
    temporary = directory / f".{final.name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    _checkpoint(parts).write(str(temporary / _WEIGHTS))
    (temporary / CONFIG_FILE).write_text(config_lib.to_json(config))
    info = {
        "images_seen": images_seen,
        "stage": stage or {},
        "parts": sorted(parts),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }
    (temporary / _INFO_FILE).write_text(json.dumps(info, indent=2) + "\n")
    _remove(final)
    os.replace(temporary, final)
    return final


def snapshots(run_directory):
    """Paths of a run's snapshots, oldest first."""
    directory = pathlib.Path(run_directory) / "snapshots"
    return sorted(path for path in directory.glob("[0-9]*") if path.is_dir())


def prune(run_directory, *, keep, keep_every_kimg=0.0):
    """Deletes all but the `keep` newest and one every `keep_every_kimg`."""
    kept_periods = set()
    paths = snapshots(run_directory)
    for path in paths[: max(len(paths) - max(keep, 1), 0)]:
        if keep_every_kimg:
            period = int(path.name) // int(keep_every_kimg * 1000)
            if period not in kept_periods:
                kept_periods.add(period)
                continue
        _remove(path)


def restore(path, parts, config):
    """Fills all `parts` from the snapshot at `path`; returns images_seen.

    Raises:
        ValueError: If it is of another architecture, with what differs.
    """
    path = find(path)
    refuse_other_architecture(path, config)
    _read(path, parts)
    return _info(path)["images_seen"]


def refuse_other_architecture(path, config):
    """Raises `ValueError` with a table if the snapshot's networks differ."""
    rows = architecture_differences(config, read_config(path))
    if rows:
        width = max(len(field) for field, _, _ in rows)
        table = "\n".join(
            f"  {field:<{width}}  snapshot {theirs!r:<12} config {ours!r}"
            for field, ours, theirs in rows
        )
        raise ValueError(
            f"The snapshot {path} is of another architecture:\n{table}\n"
            "Train under a new --workdir, or with the snapshot's values."
        )


def held_parts(path):
    """Names of the parts that a snapshot holds."""
    return _info(find(path))["parts"]


def architecture_differences(ours, theirs):
    """Rows `(field, ours, theirs)` of what makes networks differ."""
    return [
        row
        for row in config_lib.differences(ours, theirs)
        if row[0].split(".")[0] in _ARCHITECTURE
        and not row[0].endswith(("w_avg_decay", "conv_clamp"))
    ]


def load(path):
    """The `Snapshot` of a run directory (its newest) or of one snapshot."""
    path = find(path)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    # Answers must not depend on the batch: float32 whatever trained it.
    config = read_config(path)
    config.training.precision = "float32"
    names = held_parts(path)
    if "ema_generator" not in names:
        raise ValueError(
            f"{path} holds no averaged generator, only {', '.join(names)}"
        )
    parts = {
        name: (
            build.build_discriminator(config)
            if name == "discriminator"
            else build.build_generator(config, name=name)
        )
        for name in ("ema_generator", "generator", "discriminator")
        if name in names
    }
    _read(path, parts)
    info = _info(path)
    return Snapshot(
        path=path,
        config=config,
        images_seen=info["images_seen"],
        stage=info.get("stage", {}),
        **parts,
    )


def find(path):
    """The snapshot that `path` means: itself, or a run's newest.

    Raises:
        FileNotFoundError: If there is none.
    """
    path = pathlib.Path(path)
    if (path / _INFO_FILE).is_file():
        return path
    found = snapshots(path)
    if not found:
        what = "no snapshot yet" if path.is_dir() else "no such directory"
        raise FileNotFoundError(
            f"{path}: {what}. Give a run directory of tools.train that holds "
            "`snapshots/`, or one directory of those."
        )
    return found[-1]


def read_config(path):
    """The config of a snapshot or run directory."""
    return config_lib.from_json((pathlib.Path(path) / CONFIG_FILE).read_text())


def _remove(path):
    """Deletes a snapshot, which nobody may see half of."""
    if path.exists():
        hidden = path.with_name(f".{path.name}.old")
        shutil.rmtree(hidden, ignore_errors=True)
        os.replace(path, hidden)
        shutil.rmtree(hidden)


def _read(path, parts):
    status = _checkpoint(parts).read(str(path / _WEIGHTS)).expect_partial()
    try:
        status.assert_existing_objects_matched()
    except AssertionError as error:  # names every value, in full
        raise ValueError(
            f"{path} lacks weights that its config asks for: it was written "
            "by another version of stylegan_tf, or is damaged."
        ) from error


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


def _info(path):
    return json.loads((path / _INFO_FILE).read_text())
