"""Features of real images, kept between evaluations.

What is kept is keyed by all that it depends on: the data set's files, size
of the images, detector, how many, their order and flips.
"""

import dataclasses
import hashlib
import json
import os
import pathlib
import zipfile

import numpy as np

from stylegan_tf.data import pipeline, shrunk, sources
from stylegan_tf.features import detectors
from stylegan_tf.interop import published
from stylegan_tf.metrics import fid

_BATCH_SIZE = 64
_FORMAT = 1  # changes with what the files mean


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a metric takes of the real images."""

    detector: object
    count: int | None  # of images, None for all
    is_mirrored: bool  # half of them flipped, as in training
    dtype: str | None  # of features; None: statistics for FID


class Reals:
    """The real images of one data set, at a network's resolution.

    Args:
        path: What `data.sources.open_source` opens.
        config: The network's resolved `Config`.
        seed: Of the order and the flips.
        keeps: Whether to look for, and leave, features in `folder()`.

    Attributes:
        report: Called with how many images a pass has looked at so far, and
            how many it will.
    """

    def __init__(self, path, config, *, seed=0, keeps=True):
        source = sources.open_source(path, resolution=config.resolution)
        self.source = shrunk.at_resolution(source, config.resolution)
        self.path = str(path)
        self._config, self._seed, self._keeps = config, seed, keeps
        self.report = lambda seen, total: None

    def count(self, most=None):
        """How many images there are, `most` at most."""
        return len(self.source) if most is None else min(most, len(self.source))

    def labels(self, random):
        """`draw_labels(number)` of real labels, or None without any."""
        size = self._config.label_size
        if not size:
            return None
        return _label_drawer(self.source.labels, size, random, self.path)

    def batches(self, count, is_mirrored=False, batch_size=_BATCH_SIZE):
        """Yields uint8 `[N, H, W, C]` of the first `count` in our order."""
        batches = pipeline.dataset(
            self.source,
            batch_size=batch_size,
            image_shape=self._config.image_shape,
            label_size=0,
            mirror=is_mirrored,
            seed=self._seed,
        )
        left = count
        for images, _ in batches.take(-(-count // batch_size)):
            yield images.numpy()[:left]
            left -= batch_size

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
        counts = {each: self.count(each.count) for each in missing}
        collectors = {each: Collector(each.dtype) for each in missing}
        seen, total = 0, max(counts.values())
        for images in self.batches(total, is_mirrored):
            features = {}
            for each in missing:
                left = counts[each] - seen
                if left <= 0:
                    continue
                if id(each.detector) not in features:
                    made = each.detector.features(images)
                    features[id(each.detector)] = made
                collectors[each].add(features[id(each.detector)][:left])
            seen += len(images)
            self.report(seen, total)
        found = {each: collectors[each].result() for each in missing}
        for each, value in found.items():
            self._write(each, value)
        return found

    def _file(self, wanted):
        key = {
            "format": _FORMAT,
            "files": fingerprint(self.path),
            "images": len(self.source),
            "shape": self._config.image_shape,
            "detector": detectors.describe(wanted.detector),
            "count": self.count(wanted.count),
            "mirror": wanted.is_mirrored,
            "seed": self._seed,
            "dtype": wanted.dtype,
        }
        text = json.dumps(key, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:24]
        return folder() / f"{self.source.name[:40]}-{digest}.npz"

    def _read(self, wanted):
        """What is kept, or None."""
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
        is_statistics = wanted.dtype is None
        arrays = value.arrays() if is_statistics else {"features": value}
        path = self._file(wanted)
        temporary = path.with_name(f".{os.getpid()}-{path.name}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(temporary, **arrays)
            os.replace(temporary, path)
        except OSError:  # a full or read-only disk costs time only
            temporary.unlink(missing_ok=True)


class Collector:
    """Features that come in batches, as statistics or as one array.

    Args:
        dtype: Of the array; None for `fid.Statistics`.
    """

    def __init__(self, dtype):
        self._dtype, self._parts, self._statistics = dtype, [], None

    def add(self, features):
        """Takes in `[N, F]`."""
        if self._dtype is not None:
            self._parts.append(features.astype(self._dtype))
            return
        if self._statistics is None:
            self._statistics = fid.Statistics(features.shape[1])
        self._statistics.add(features)

    def result(self):
        """`fid.Statistics`, or features `[M, F]`."""
        if self._dtype is None:
            return self._statistics
        return np.concatenate(self._parts)


def folder():
    """Where features of real images are kept."""
    given = os.environ.get(published.CACHE_VARIABLE)
    base = given or pathlib.Path.home() / ".cache" / "stylegan_tf"
    return pathlib.Path(base).expanduser() / "real_features"


def fingerprint(path):
    """What changes when the files of a data set do."""
    path = sources.BUNDLED if path == "bundled" else pathlib.Path(path)
    if not path.exists():  # tfds:NAME
        return str(path)
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        stat = file.stat()
        name = file.relative_to(path.parent).as_posix()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _label_drawer(labels, size, random, path):
    if labels is None or labels.shape[1] != size:
        found = 0 if labels is None else labels.shape[1]
        raise ValueError(
            f"The network takes labels of {size}, and those of {path} have "
            f"{found}: they are needed to draw from."
        )
    return lambda count: labels[random.randint(len(labels), size=count)]
