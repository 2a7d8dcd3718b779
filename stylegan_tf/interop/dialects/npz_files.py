"""Writes and reads networks as one .npz of arrays with official names.

Names are those of `G_ema`, `G` and `D` of stylegan2-ada-pytorch, such as
"G_ema/synthesis.b4.const"; `meta_json` has the config. Others can convert
them without this package.
"""

import io
import json
import zipfile

import numpy as np

from stylegan_tf import config as config_lib
from stylegan_tf import files
from stylegan_tf.interop import imported, weights
from stylegan_tf.pickles import refusal

_NAMES = {"ema_generator": "G_ema", "generator": "G", "discriminator": "D"}
_META = "meta_json"
_MOST_UNPACKED = 20  # times the file; ours are not compressed


def write(snapshot, path, convention=None):
    """Writes the networks of a snapshot to `path`, a .npz, whole or not.

    Args:
        snapshot: A `stylegan_tf.checkpoint.Snapshot`.
        path: Where to; a file that is there is replaced.
        convention: "torch", or "tensorflow" for its names and layouts; by
            default torch where the network exists there. See
            `weights.entries`.
    """
    config = snapshot.config
    if convention is None:
        convention = "tensorflow" if config.is_progressive else "torch"
    arrays = {
        f"{_NAMES[name]}/{key}": np.array(array, order="C")
        for name, network in snapshot.networks().items()
        for key, array in weights.arrays(network, convention).items()
    }
    meta = {
        "convention": convention,
        "config": config_lib.to_dict(config),
        "stage": snapshot.stage.as_dict(),
    }
    arrays[_META] = np.array(json.dumps(meta))
    with files.whole(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, **arrays)


def read(content):
    """The `Imported` of the bytes of such a file.

    Raises:
        ValueError: If it is damaged or none of ours.
    """
    with refusal.explaining(
        "This .npz is none that `npz_files.write` wrote, or is damaged"
    ):
        _refuse_bomb(content)
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        meta = json.loads(str(arrays.pop(_META)))
        config = config_lib.resolve(config_lib.from_dict(meta["config"]))
        return _imported(config, meta["convention"], meta["stage"], arrays)


def _refuse_bomb(content):
    """Refuses a file that grows beyond measure when it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(each.file_size for each in archive.infolist())
    if unpacked > _MOST_UNPACKED * len(content):
        raise ValueError(f"it would unpack to {unpacked} bytes")


def _imported(config, convention, stage, arrays):
    ours, networks = {theirs: name for name, theirs in _NAMES.items()}, {}
    for key, array in arrays.items():
        theirs, name = key.split("/", 1)
        networks.setdefault(ours[theirs], {})[name] = array
    for name, own in networks.items():
        imported.check_amount(config, name, own)
    lod = 0.0
    if stage:
        doublings = np.log2(config.resolution / stage["resolution"])
        lod = float(doublings + 1.0 - stage["alpha"])
    return imported.Imported("npz", convention, config, networks, lod)
