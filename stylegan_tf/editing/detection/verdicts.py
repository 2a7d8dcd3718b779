"""Verdicts on images by their distances, with the rates of errors measured.

A detector is a dict, kept as JSON: the settings and distances of
`measuring.measure`, the threshold between them, and how often it errs.
"""

import json
import pathlib
from typing import NamedTuple

import numpy as np

from stylegan_tf import files
from stylegan_tf.editing import looks, records
from stylegan_tf.editing.detection import measuring
from stylegan_tf.features import detectors
from stylegan_tf.metrics import roc

NAME = "detector.json"  # in the folder of a detector
# Without which a file is of another version.
_FIELDS = (
    *measuring.KINDS,
    *("network", "looks", "image_shape", "distance", "features"),
    *("steps", "space", "seed", "batch_size", "dataset", "truncation_psi"),
    *("threshold", "rule", "false_alarms", "misses", "area", "area_interval"),
)
CHANCE = 0.5  # the area under the curve of a detector that guesses


class Verdict(NamedTuple):
    """What a distance says."""

    is_generated: bool | None  # None: the detector does not tell them apart
    real_as_near: int  # how many real images were at most as far
    generated_as_far: int  # how many generated ones were at least as far


def detector(settings, distances, *, most_false_alarms=None, **about):
    """The dict of a detector.

    Args:
        settings: From `measuring.settings`.
        distances: From `measuring.measure`.
        most_false_alarms: The rule of the threshold, see `roc.threshold`.
        **about: More to remember, such as the date.
    """
    real, generated = (distances[kind] for kind in measuring.KINDS)
    alarms, misses = roc.errors(generated, real, most_false_alarms)
    rule = "as many false alarms as misses, in fractions"
    if most_false_alarms is not None:
        rule = f"false alarms at most {most_false_alarms:g}, then least misses"
    return {
        **settings,
        "threshold": roc.threshold(generated, real, most_false_alarms),
        "rule": rule,
        "area": roc.area(generated, real),
        "area_interval": roc.area_interval(generated, real),
        "false_alarms": _rate(alarms, len(real)),
        "misses": _rate(misses, len(generated)),
        "confidence": roc.CONFIDENCE,
        **distances,
        **about,
    }


def write(folder, detector):
    """Writes a detector to its folder."""
    text = json.dumps(detector, indent=2) + "\n"
    files.write(pathlib.Path(folder) / NAME, text)


def read(folder):
    """The detector of a folder, or of its JSON.

    Raises:
        ValueError: If none is there, it is not measured to its end, or it is
            damaged.
    """
    path = pathlib.Path(folder)
    path = path / NAME if path.is_dir() else path
    if path.is_file():
        return records.read(path, _FIELDS)
    started = (path.parent / measuring.DISTANCES).is_file()
    raise ValueError(
        f"{path.parent} is not measured to its end: type the command that "
        "began it again, it goes on."
        if started
        else f"There is no detector at {folder}. tools.detect makes one, with "
        "--network, --dataset and --output."
    )


def judge(detector, distance):
    """The `Verdict` on an image by how far its projection stays from it."""
    real, generated = (np.array(detector[kind]) for kind in measuring.KINDS)
    is_below = bool(distance < detector["threshold"])
    return Verdict(
        is_below if tells_apart(detector) else None,
        int(np.sum(real <= distance)),
        int(np.sum(generated >= distance)),
    )


def refuse_other(detector, generator, features):
    """Raises `ValueError` unless these are what a detector was measured with.

    Args:
        detector: A detector.
        generator: A `generators.Bound`.
        features: What gives the distance, a `lpips.Lpips` or the like.
    """
    if not looks.is_same(detector["looks"], looks.of(generator)):
        raise ValueError(
            f"{generator.path} is another network than that of the detector, "
            f"which was {detector['network']}. Give that by --network, or "
            "measure a new detector."
        )
    wanted, given = detector["distance"], detectors.describe(features)
    if wanted != given:
        raise ValueError(
            f"The detector was measured with {wanted['name']}, sha256 "
            f"{wanted['sha256']}. Received: {given['name']}, {given['sha256']}."
            " Give the same by --features, or measure a new detector."
        )


def tells_apart(detector):
    """Whether it is more than chance that generated images come nearer."""
    return detector["area_interval"][0] > CHANCE


def _rate(count, total):
    low, high = roc.rate_interval(count, total)
    return {
        "count": count,
        "of": total,
        "rate": count / total,
        "interval": [low, high],
    }
