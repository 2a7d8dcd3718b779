"""Files of networks: official ones, and ours in one file, as networks."""

import contextlib
import dataclasses
import hashlib
import pathlib
from collections.abc import Callable

from stylegan_tf import config as config_lib
from stylegan_tf.interop import fine_tuning, imported, official_files
from stylegan_tf.interop.dialects import keras_files, npz_files
from stylegan_tf.networks import growth
from stylegan_tf.pickles import foreign_files


@dataclasses.dataclass
class NetworkFile:
    """What a file holds.

    Attributes:
        path: Of the file.
        kind: As in `imported.Imported`; npz or keras for our own.
        config: Complete, for training to go on.
        build: Makes the dict of networks.
        sha256: Of the file's bytes.
        stage: See `growth.Stage`.
        augment_p: Strength of the adaptive augmentation, if it is told.
        notes: What the file does not tell, and what was taken instead.
    """

    path: pathlib.Path
    kind: str
    config: config_lib.Config
    build: Callable[[], dict]
    sha256: str
    stage: growth.Stage
    augment_p: float | None = None
    notes: list[str] = dataclasses.field(default_factory=list)

    def networks(self):
        """New Keras networks by name, as in `imported.Imported.arrays`."""
        with _named(self.path):
            return self.build()

    def provenance(self):
        """What a snapshot remembers of the file."""
        found = {"kind": self.kind, "sha256": self.sha256}
        if self.augment_p is not None:
            found["augment_p"] = self.augment_p
        if self.notes:
            found["notes"] = self.notes
        return found


def read(path):
    """The `NetworkFile` at `path`; its suffix tells ours from the others.

    Raises:
        ValueError: If it is damaged, or of a kind that is not known.
    """
    path = pathlib.Path(path)
    with _named(path):
        foreign_files.refuse_file(path)
        return _read(path, path.read_bytes())


def _read(path, content):
    sha256 = hashlib.sha256(content).hexdigest()
    if path.suffix in (".keras", ".h5"):
        config, networks = keras_files.read(path)
        return NetworkFile(
            path, "keras", config, lambda: networks, sha256, _stage(config)
        )
    if path.suffix == ".npz":
        file = npz_files.read(content)
        config = file.config
    else:
        file = official_files.read(content)
        config = fine_tuning.settle(file.config, file.kind)
    return NetworkFile(
        path=path,
        kind=file.kind,
        config=config,
        build=lambda: imported.build_networks(file),
        sha256=sha256,
        stage=_stage(config, *file.stage),
        augment_p=file.augment_p,
        notes=file.notes,
    )


@contextlib.contextmanager
def _named(path):
    """Says of which file an error tells."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{path} can not be read. {error}") from error


def _stage(config, resolution=None, alpha=1.0):
    if not config.is_progressive:
        return growth.Stage()
    return growth.Stage(resolution or config.resolution, alpha)
