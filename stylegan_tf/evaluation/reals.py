"""Features of real images, kept between evaluations.

What is kept is keyed by all that it depends on: the data set's files, size
of the images, detector, how many, their order and flips.
"""

import contextlib
import copy
import dataclasses
import hashlib
import json
import pathlib
import zipfile

import numpy as np

from stylegan_tf import cache, files
from stylegan_tf.data import (
    attributes,
    holdout,
    image_files,
    pipeline,
    shapes,
    sources,
)
from stylegan_tf.evaluation import sinks
from stylegan_tf.features import detectors
from stylegan_tf.metrics import fid
from stylegan_tf.training import inputs

_BATCH_SIZE = 64
_FORMAT = 1  # changes with what the files mean


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The features of real images that a metric needs."""

    detector: object
    count: int  # of images; of more than there are, some again
    is_mirrored: bool  # half of them flipped, as in training
    dtype: str | None  # of features; None: statistics for FID


class Reals:
    """The real images of one data set, at a network's resolution.

    Args:
        path: What `data.sources.open_source` opens.
        config: The network's resolved `Config`.
        seed: Of the order and the flips.
        keeps: Whether to look for, and leave, features in the cache.
        source: What is at `path`, if it is open.

    Raises:
        ValueError: If the images, or the labels, are not of the network's
            size.

    Attributes:
        report: Called with how many images a pass has looked at so far, and
            how many it will.
    """

    def __init__(self, path, config, *, seed=0, keeps=True, source=None):
        if source is None:
            source = sources.open_source(path, resolution=config.resolution)
            source = attributes.labelled(source, config.data.attributes)
        self.source = source
        self.source.wanted_shape = config.image_shape
        _refuse_others(self.source, config)
        self.path = str(path)
        self._config, self._seed, self._keeps = config, seed, keeps
        self._class = None  # of all images, if they are of one
        self.report = lambda seen, total: None

    def of_class(self, number):
        """The `Reals` of one class alone.

        Raises:
            ValueError: If there is no image of it.
        """
        own = np.flatnonzero(self.source.classes == number)
        if not len(own):
            raise ValueError(f"{self.path} has no image of class {number}")
        part = copy.copy(self)
        part.source, part._class = holdout.take(self.source, own), number
        return part

    def count(self, most=None):
        """How many images there are, `most` at most."""
        return len(self.source) if most is None else min(most, len(self.source))

    def read(self, rows):
        """uint8 `[N, H, W, C]` and labels `[N, L]` of some images."""
        shape, size = self._config.image_shape, self._config.label_size
        return pipeline.read(self.source, rows, shape, size)

    def batches(self, count, is_mirrored=False):
        """Yields uint8 `[N, H, W, C]` of the first `count` in our order.

        After the last image they come again in another order, as in training.
        """
        batches = pipeline.dataset(
            self.source,
            batch_size=_BATCH_SIZE,
            image_shape=self._config.image_shape,
            label_size=0,
            mirror=is_mirrored,
            seed=self._seed,
        )
        batches = iter(batches)
        for left in range(count, 0, -_BATCH_SIZE):
            images, _ = inputs.next_batch(batches)
            yield images.numpy()[:left]

    def collect(self, wanted):
        """`fid.Statistics` or features `[M, F]` by `Wanted`.

        Args:
            wanted: An iterable of `Wanted`; they share passes.
        """
        found = {each: self._read(each) for each in dict.fromkeys(wanted)}
        for is_mirrored in (False, True):
            missing = [
                each
                for each, value in found.items()
                if value is None and each.is_mirrored == is_mirrored
            ]
            if missing:
                found.update(self._look(missing, is_mirrored))
        return found

    def _look(self, missing, is_mirrored):
        """One pass over the images for all that is `missing`."""
        made = {
            each: sinks.Sink(each.detector, each.count, each.dtype)
            for each in missing
        }
        total = max(each.count for each in missing)
        sinks.fill(made.values(), self._reported(total, is_mirrored))
        found = {each: sink.result() for each, sink in made.items()}
        for each, value in found.items():
            self._write(each, value)
        return found

    def _reported(self, total, is_mirrored):
        seen = 0
        for images in self.batches(total, is_mirrored):
            yield images
            seen += len(images)
            self.report(seen, total)

    def _file(self, wanted):
        key = {
            "format": _FORMAT,
            "files": fingerprint(self.path),
            "images": len(self.source),
            "shape": self._config.image_shape,
            "detector": detectors.describe(wanted.detector),
            "count": wanted.count,
            "mirror": wanted.is_mirrored,
            "seed": self._seed,
            "dtype": wanted.dtype,
        }
        if self._class is not None:
            labels = self._config.data.attributes
            key |= {"class": self._class, "attributes": labels}
        text = json.dumps(key, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:24]
        return cache.real_features() / f"{self.source.name[:40]}-{digest}.npz"

    def _read(self, wanted):
        """What an earlier evaluation kept, or None."""
        if not self._keeps:
            return None
        try:
            with np.load(self._file(wanted), allow_pickle=False) as arrays:
                if wanted.dtype is None:
                    return fid.Statistics.from_arrays(arrays)
                return arrays["features"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None  # not there, or damaged: made anew

    def _write(self, wanted, value):
        if not self._keeps:
            return
        arrays = {"features": value} if wanted.dtype else value.arrays()
        path = self._file(wanted)
        # A full or read-only disk costs time only.
        with contextlib.suppress(OSError), files.whole(path) as temporary:
            np.savez(temporary, **arrays)


def fingerprint(path):
    """A hash that changes when the files of a data set do."""
    path = sources.BUNDLED if path == "bundled" else pathlib.Path(path)
    if not path.exists():  # tfds:NAME
        return str(path)
    names = sorted(image_files.walk(path)[0]) if path.is_dir() else [""]
    digest = hashlib.sha256()
    for name in names:
        try:
            found = (path / name).stat()  # of what a link points to
            line = f"{name} {found.st_size} {found.st_mtime_ns}\n"
        except OSError:  # a dead link: reading the image says so
            line = f"{name} -\n"
        digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _refuse_others(source, config):
    """Raises `ValueError` unless images and labels are the network's."""
    if source.image_shape != config.image_shape:
        raise ValueError(
            "The real images must be of the size of the network's. "
            + shapes.mismatch(source, 0, config.image_shape)
        )
    size, names = config.label_size, config.label_names
    theirs = tuple(map(str, source.class_names or ()))
    if size and sorted(names) == sorted(theirs) and names != theirs:
        raise ValueError(
            f"The classes of {source.path} have another order than those of "
            f"the network: {', '.join(theirs)} in place of {', '.join(names)}."
        )
    if size and (
        source.label_rows is None or source.label_rows.shape[1] != size
    ):
        raise ValueError(
            f"The network takes labels of {size}, which metrics draw from the "
            f"real ones, and those of {source.path} are: "
            f"{sources.describe_labels(source)}. Give a data set with a "
            f"dataset.json, or sub-folders, of {size} classes."
        )
