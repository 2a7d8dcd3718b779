"""Files of networks: official ones, and ours in one file, as networks."""

import dataclasses
import hashlib
import pathlib

from stylegan_tf import config as config_lib
from stylegan_tf.interop import (
    fine_tuning,
    imported,
    keras_files,
    npz_files,
    official_files,
)


@dataclasses.dataclass
class NetworkFile:
    """What a file holds.

    Attributes:
        kind: As in `imported.Imported`; npz or keras for our own.
        config: Complete, for training to go on.
        networks: Keras networks by name, as in `Imported.arrays`.
        stage: `resolution` and `alpha` of progressive networks.
        sha256: Of the file's bytes.
        augment_p: Strength of the adaptive augmentation, if it is told.
    """

    kind: str
    config: config_lib.Config
    networks: dict
    stage: dict
    sha256: str
    augment_p: float | None = None

    def provenance(self):
        """What a snapshot remembers of the file."""
        found = {"kind": self.kind, "sha256": self.sha256}
        if self.augment_p is not None:
            found["augment_p"] = self.augment_p
        return found


def read(path):
    """The `NetworkFile` at `path`; its suffix tells ours from the others.

    Raises:
        ValueError: If it is damaged, or of a kind that is not known.
    """
    path = pathlib.Path(path)
    content = path.read_bytes()
    try:
        return _read(path, content)
    except ValueError as error:
        raise ValueError(f"{path} can not be read. {error}") from error


def _read(path, content):
    sha256 = hashlib.sha256(content).hexdigest()
    if path.suffix in (".keras", ".h5"):
        config, networks = keras_files.read(path)
        return NetworkFile("keras", config, networks, _stage(config), sha256)
    if path.suffix == ".npz":
        file = npz_files.read(content)
        config = file.config
    else:
        file = official_files.read(content)
        config = fine_tuning.settle(file.config, file.kind)
    return NetworkFile(
        kind=file.kind,
        config=config,
        networks=imported.build_networks(file),
        stage=_stage(config, *file.stage),
        sha256=sha256,
        augment_p=file.augment_p,
    )


def _stage(config, resolution=None, alpha=1.0):
    if not config.is_progressive:
        return {}
    return {"resolution": resolution or config.resolution, "alpha": alpha}
