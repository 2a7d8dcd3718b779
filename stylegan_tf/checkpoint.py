"""Saves and restores snapshots of runs; loads all that holds networks.

`load` takes a run directory, one snapshot, an imported network, a file of
official networks or one of ours, or the name of a published network.
"""

import dataclasses
import os
import pathlib
import warnings

import keras
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import (
    downloads,
    files,
    model_card,
    run_directory,
    snapshot_files,
    suggest,
)
from stylegan_tf.config import differences
from stylegan_tf.interop import fine_tuning, network_files
from stylegan_tf.networks import build, growth
from stylegan_tf.transfer import copying

NETWORKS = ("generator", "discriminator", "ema_generator")
OPTIONAL = ("augment_p",)  # parts of a run that its snapshot may lack
_LEAST = 0.05  # share of a network's parameters that must fit to start from
_SUFFIXES = (".pkl", ".pt", ".pth", ".safetensors", ".npz", ".keras", ".h5")
_ACCEPTED = (
    "Accepted are a run directory of tools.train, one of its snapshots, a "
    "directory of tools.import_network, an official .pkl, a .pt of the same "
    "networks or of rosinality's, our .npz, .keras or .weights.h5, the name of "
    "a published network (tools.import_network --list) and an http(s) address."
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
    stage: growth.Stage = growth.GROWN  # what its networks have grown to
    # Of imported networks: `source`, `sha256` of the file, `kind` and so on.
    provenance: dict = dataclasses.field(default_factory=dict)

    def networks(self):
        """The networks that are there, by name."""
        found = {name: getattr(self, name) for name in NETWORKS}
        return {name: each for name, each in found.items() if each is not None}


def save(workdir, parts, *, config, images_seen, stage=growth.GROWN):
    """Writes a snapshot of `parts` and returns its path.

    Args:
        workdir: Where `snapshots/` is or shall be.
        parts: Networks, optimizers and variables by name, see
            `TrainState.parts`.
        config: The run's resolved config.
        images_seen: Where the run is.
        stage: See `Snapshot.stage`.
    """
    folder = pathlib.Path(workdir) / run_directory.SNAPSHOTS
    path = folder / f"{images_seen:010d}"
    info = {"images_seen": images_seen, "stage": stage.as_dict()}
    snapshot_files.write(path, parts, config=config, info=info)
    return path


def snapshots(workdir):
    """Paths of a run's snapshots, oldest first."""
    return _numbered(pathlib.Path(workdir) / run_directory.SNAPSHOTS)


def newest(workdir):
    """The newest whole snapshot or None, and errors of damaged later ones."""
    return _newest_whole(snapshots(workdir))


def set_aside(path):
    """Renames a damaged snapshot, which is then none; returns its new path."""
    aside = path.with_name(f"{path.name}.damaged")
    files.remove(aside)
    os.replace(path, aside)
    return aside


def tidy(workdir):
    """Removes what a killed training left half-written."""
    files.tidy(workdir, run_directory.BEST)
    files.tidy(pathlib.Path(workdir) / run_directory.SNAPSHOTS, "[0-9]+")


def prune(workdir, *, keep, keep_every_kimg=0.0):
    """Deletes all but the `keep` newest and one every `keep_every_kimg`."""
    kept_periods = set()
    # A file of that name was not written here, and is not ours to delete.
    paths = [path for path in snapshots(workdir) if path.is_dir()]
    for path in paths[: max(len(paths) - max(keep, 1), 0)]:
        if keep_every_kimg:
            period = int(path.name) // int(keep_every_kimg * 1000)
            if period not in kept_periods:
                kept_periods.add(period)
                continue
        files.remove_folder(path)


def restore(path, parts, config):
    """Fills all `parts` from the snapshot at `path`; returns images_seen.

    `OPTIONAL` ones that the snapshot lacks stay as they are.

    Raises:
        DamagedError: If its files can not be read.
        ValueError: If it is of another architecture, with what differs.
    """
    path = find(path)
    differences.refuse_other(path, config, snapshot_files.read_config(path))
    info = snapshot_files.read_info(path)
    absent = set(OPTIONAL) - set(info["parts"])
    held = {name: each for name, each in parts.items() if name not in absent}
    snapshot_files.read_weights(path, held)
    return info["images_seen"]


def initialize(networks, source, config):
    """Fills networks of a new run from what `load` takes.

    The source may be of another resolution, of other channels, labels or
    widths: what fits is copied, the rest stays new (see `transfer`). Where
    there is only an averaged generator, both start from it.

    Args:
        networks: Some of `NETWORKS` by name, built of `config`.
        source: See `load`.
        config: Resolved.

    Returns:
        A `transfer.report.Copied` of every network that the source has.

    Raises:
        DamagedError: If it is a snapshot that is damaged.
        ValueError: If next to nothing fits, with what differs.
    """
    theirs = load(source)
    if _family(theirs.config) != _family(config):
        _refuse_transfer(theirs, config)
    held = theirs.networks()
    given = {"generator": theirs.ema_generator, **held}
    copied = {
        name: copying.copy(network, given[name])
        for name, network in networks.items()
        if given.get(name) is not None
    }
    for name, each in copied.items():
        part = "" if name == "discriminator" else "synthesis"
        if each.share(part) < _LEAST:
            _refuse_transfer(theirs, config)
    return copied


def words_of(source, copied):
    """Lines on what `initialize` copied, unless it was everything."""
    return [
        f"{source}, {name}: {each.text()}"
        for name, each in copied.items()
        if name != "ema_generator" and not each.is_whole
    ]


def starting_config(source):
    """The config of a run that starts from `source` and is told no other."""
    path = find(source)
    if path.is_file():
        file = network_files.read(path)
        config, stage = file.config, file.stage
    else:
        config = snapshot_files.read_config(path)
        stage = _stage(snapshot_files.read_info(path))
    return fine_tuning.from_stage(config, stage)


def load(source):
    """The `Snapshot` of a run directory (its newest) or of other networks.

    Args:
        source: A run directory, a snapshot, an imported network's directory,
            a file that `interop.network_files` reads, or the name or address
            of a published network, which is downloaded once.

    Raises:
        FileNotFoundError: If there is nothing of that name.
        DamagedError: If it is a snapshot that is damaged, with the one before.
        ValueError: If it can not be read, and why.
    """
    path = find(source)
    # Answers must not depend on the batch: float32 whatever trained it.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    if path.is_file():
        return _load_file(path, source)
    _refuse_damaged(path, source)
    config = snapshot_files.read_config(path)
    info = snapshot_files.read_info(path)
    if "ema_generator" not in info["parts"]:
        raise ValueError(
            f"{path} holds no averaged generator, only "
            f"{', '.join(info['parts'])}"
        )
    networks = {
        name: (
            build.discriminator(config)
            if name == "discriminator"
            else build.generator(config, name=name)
        )
        for name in NETWORKS
        if name in info["parts"]
    }
    snapshot_files.read_weights(path, networks)
    return Snapshot(
        path=path,
        config=config,
        images_seen=info["images_seen"],
        stage=_stage(info),
        provenance=info.get("provenance", {}),
        **networks,
    )


def find(source):
    """The snapshot or file that `source` means; see `load`.

    Of a run directory it is the newest. Published networks are downloaded.

    Raises:
        DamagedError: If a run's snapshot is no folder.
        FileNotFoundError: If there is none, with what is accepted.
    """
    path = pathlib.Path(source)
    found = _of_run(path)
    if found and not found.is_dir():
        _refuse_damaged(found, source)
    if path.is_file() or snapshot_files.is_snapshot(path):
        return path
    if found:
        return found
    if path.is_dir():
        what = f"{path} is no run directory."
        names = run_directory.CONFIG, run_directory.SNAPSHOTS
        if any((path / name).exists() for name in names):
            what = f"{path}: no snapshot yet."
        raise FileNotFoundError(f"{what}{inside(path)} {_ACCEPTED}")
    if path.exists():
        raise FileNotFoundError(
            f"{path} is neither a regular file nor a directory. {_ACCEPTED}"
        )
    if downloads.address_of(str(source)):
        return downloads.fetch(str(source))
    hint = suggest.closest(str(source), downloads.addresses())
    raise FileNotFoundError(
        f"{source}: no such file or directory.{hint} {_ACCEPTED}"
    )


def inside(path):
    """A hint of what a directory holds instead of snapshots, or nothing."""
    path = pathlib.Path(path)
    if model_card.versions(path):
        return (
            " It is a SavedModel, which tools that look at images take, such "
            "as tools.generate and tools.evaluate; here give what it was "
            "exported from."
        )
    if any(map(snapshot_files.is_snapshot, _numbered(path))):
        return f" It holds snapshots: give one, or {path.parent}."
    held = sorted(
        each
        for each in path.iterdir()
        if each.suffix in _SUFFIXES and each.is_file()
    )
    return f" It holds a file: give {held[0]}." if held else ""


def _numbered(directory):
    """All that is named as a snapshot; a copy beside them, 64.bak, is not.

    What is no folder is here as well, to be told as damaged.
    """
    found = [path for path in directory.glob("[0-9]*") if path.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.name))


def _of_run(path):
    """A run's newest snapshot, or `path` if it is one of a run; or None."""
    is_inside = path.absolute().parent.name == run_directory.SNAPSHOTS
    if is_inside and path.name.isdecimal() and os.path.lexists(path):
        return path
    return (snapshots(path) or [None])[-1]


def _newest_whole(paths):
    """The last whole snapshot of `paths` or None; errors of those behind it."""
    errors = []
    for path in reversed(paths):
        try:
            snapshot_files.check(path)
        except snapshot_files.DamagedError as error:
            errors.append(error)
        else:
            return path, errors
    return None, errors


def _refuse_damaged(path, source):
    """Raises `DamagedError`, with what to take instead, if `path` is so."""
    try:
        snapshot_files.check(path)
    except snapshot_files.DamagedError as error:
        beside = _numbered(path.parent)
        before = beside[: beside.index(path)] if path in beside else []
        error.source, (error.older, _) = str(source), _newest_whole(before)
        raise


def _family(config):
    """What the weights of a config's networks mean: that of their paper."""
    names = config.generator.architecture, config.discriminator.architecture
    olds = ("progan", "stylegan")
    return [name if name in olds else "stylegan2" for name in names]


def _refuse_transfer(theirs, config):
    differences.refuse_other(
        theirs.path,
        config,
        theirs.config,
        "Train from the start, without --init_from",
    )


def _stage(info):
    return growth.Stage(**info.get("stage", {}))


def _load_file(path, source):
    file = network_files.read(path)
    networks = file.networks()
    networks.setdefault("ema_generator", networks.get("generator"))
    for note in file.notes:
        warnings.warn(f"{path}: {note}", stacklevel=3)
    provenance = {"source": str(source), **file.provenance()}
    if address := downloads.address_of(str(source)):
        provenance["address"] = address
    return Snapshot(
        path=path,
        config=file.config,
        images_seen=0,
        stage=file.stage,
        provenance=provenance,
        **networks,
    )
