"""Attribute classifiers, which linear separability asks about images.

They have the architecture of the discriminator; the score is the logit.
Reference: https://arxiv.org/abs/1812.04948, appendix C
"""

import pathlib
import re

import numpy as np

from stylegan_tf import snapshot_files
from stylegan_tf.features import finding, pixels, running
from stylegan_tf.interop import imported, network_files
from stylegan_tf.networks import build
from stylegan_tf.pickles import foreign_files

CLASSES = "classes"  # the folder of what tells classes; see `class_classifier`
_PAPERS = "celebahq-classifier"  # how the files of the paper's begin
# They have a layer that looks at the other images of a batch, and were shown
# so many at a time.
_PAPERS_BATCH = 4


class Classifiers:
    """One network an attribute.

    Args:
        networks: Built discriminators by attribute.
        name: What they are called in results.
        label: What results must be marked with, "" for the paper's own.
        sha256: Of their files.
        batch_size: Images at a time.
    """

    resize = "area"

    def __init__(self, networks, *, name, label, sha256="", batch_size=16):
        self.name, self.label, self.sha256 = name, label, sha256
        self.attributes = tuple(networks)
        self._runs = [
            running.batched(
                lambda images, each=each: each(prepare(images, each.config)),
                batch_size,
            )
            for each in networks.values()
        ]

    def logits(self, images):
        """How much each of `attributes` is there, float32 `[N, A]`.

        Args:
            images: uint8, or float in `[-1, 1]`, `[N, H, W, C]`.
        """
        return np.concatenate([run(images) for run in self._runs], axis=1)


def load(path):
    """The `Classifiers` in a folder, or one alone.

    Args:
        path: Of the paper's `celebahq-classifier-NN-NAME.pkl`, or of what
            tools.train_classifier wrote: a folder of either, or one of them.
    Raises:
        FileNotFoundError: If there are none, with where to get them.
        ValueError: If one can not be read.
    """
    path = pathlib.Path(path).expanduser()
    files, folders = find(path)
    networks = dict(
        map(_read_pickle, files) if files else map(_read_snapshot, folders)
    )
    papers = sorted(each.file for each in _origins())
    is_papers = [each.name for each in files] == papers
    return Classifiers(
        networks,
        name=_PAPERS if is_papers else path.name,
        label="" if is_papers else "custom",
        sha256=finding.sha256(path),
        batch_size=_PAPERS_BATCH if files else 16,
    )


def find(path):
    """Files of the paper's in a folder, else folders of ours, as two lists.

    Raises:
        FileNotFoundError: If there are none, with where to get them.
    """
    files, folders = there(path)
    if not files and not folders:
        (first, *_, last) = _origins()
        raise FileNotFoundError(
            f"There are no attribute classifiers in {path}. Train some with "
            "tools.train_classifier, or put the paper's there: "
            f"{first.file} from {first.address} to {last.file} from "
            f"{last.address} (features/bundled/addresses.tsv has all)."
        )
    return files, folders


def there(path):
    """As `find`, with two empty lists where there are none."""
    path = pathlib.Path(path).expanduser()
    files = [path] if path.is_file() else sorted(path.glob("*.pkl"))
    folders = sorted(
        each
        for each in (path, *path.glob("*"))
        if snapshot_files.is_snapshot(each) and each.name != CLASSES
    )
    return files, folders


def prepare(images, config):
    """A classifier's input `[N, S, S, C]` of images `[N, H, W, C]`."""
    x = pixels.to_rgb(images)[..., : config.image_channels] / 127.5 - 1.0
    if x.shape[1:3] != config.image_shape[:2]:
        x = pixels.resize_antialiased(x, config.resolution)
    return x


def _read_pickle(file):
    """Attribute, `male` of celebahq-classifier-00-male.pkl, and network."""
    with imported.naming(file):
        foreign_files.refuse_file(file)
        found = network_files.read_discriminator(file)
    attribute = re.sub(rf"^{_PAPERS}-\d+-", "", file.stem)
    return attribute, found.networks()["discriminator"]


def _read_snapshot(folder):
    """Attribute and network."""
    info = snapshot_files.read_info(folder)
    if "attribute" not in info:
        raise ValueError(
            f"{folder} holds no attribute classifier, only "
            f"{', '.join(info['parts'])}. tools.train_classifier writes them."
        )
    config = snapshot_files.read_config(folder)
    network = build.discriminator(config)
    snapshot_files.read_weights(folder, {"discriminator": network})
    return info["attribute"], network


def _origins():
    """Where the paper's classifiers are from."""
    return [each for each in finding.origins() if each.file.startswith(_PAPERS)]
