"""Verdicts on images by their distances, with the rates of errors measured.

A detector is a dict, kept as JSON: the settings and distances of
`detection.measure`, the threshold between them, and how often it errs.
"""

import json
import pathlib
from typing import NamedTuple

import numpy as np

from stylegan_tf import columns, files, terminal
from stylegan_tf.editing import detection
from stylegan_tf.features import detectors
from stylegan_tf.metrics import roc

NAME = "detector.json"  # in the folder of a detector
CHANCE = 0.5  # the area under the curve of a detector that guesses


class Verdict(NamedTuple):
    """What a distance says."""

    is_generated: bool | None  # None: the detector does not tell them apart
    real_as_near: int  # how many real images were at most as far
    generated_as_far: int  # how many generated ones were at least as far


def detector(settings, distances, *, most_false_alarms=None, **about):
    """The dict of a detector.

    Args:
        settings: From `detection.settings`.
        distances: From `detection.measure`.
        most_false_alarms: The rule of the threshold, see `roc.threshold`.
        **about: More to remember, such as the date.
    """
    real, generated = (distances[kind] for kind in detection.KINDS)
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
        ValueError: If none is there, or it is not measured to its end.
    """
    path = pathlib.Path(folder)
    path = path / NAME if path.is_dir() else path
    if path.is_file():
        found = detection.read_json(path)
        if "threshold" in found:
            return found
    started = (path.parent / detection.DISTANCES).is_file()
    raise ValueError(
        f"{path.parent} is not measured to its end: type the command that "
        "began it again, it goes on."
        if started
        else f"There is no detector at {folder}. tools.detect makes one, with "
        "--network, --dataset and --output."
    )


def judge(detector, distance):
    """The `Verdict` on an image by how far its projection stays from it."""
    real, generated = (np.array(detector[kind]) for kind in detection.KINDS)
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
    if not detection.is_same(detector["looks"], detection.looks(generator)):
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


def table(detector, names, distances, verdicts):
    """Aligned lines: every image, its distance, and the `Verdict` on it."""
    real, generated = (len(detector[kind]) for kind in detection.KINDS)
    by = f"{detector['distance']['label']} distance".strip()
    cells = [("image", by, "verdict", "real as near", "its as far")]
    words = {None: "cannot tell", True: "of the network", False: "not of it"}
    for name, distance, each in zip(names, distances, verdicts, strict=True):
        cells.append(
            (
                terminal.escaped(str(name)),
                f"{distance:.4f}",
                words[each.is_generated],
                f"{each.real_as_near} of {real}",
                f"{each.generated_as_far} of {generated}",
            )
        )
    return columns.aligned(cells, right=(1, 3, 4))


def summary(detector):
    """Lines on how a detector was measured and how often it errs."""
    low, high = detector["area_interval"]
    real, generated = (len(detector[kind]) for kind in detection.KINDS)
    return (
        f"{real} real images of {detector['dataset']}, {generated} of "
        f"{detector['network']}; distances by {how(detector)}.\n"
        f"Threshold {detector['threshold']:.4g} ({detector['rule']}), each "
        "image judged by that of the others:\n"
        f"  false alarms  {percent(detector['false_alarms'])} of real images "
        "are called generated\n"
        f"  misses        {percent(detector['misses'])} of generated images "
        "are not found\n"
        f"Area under the ROC curve {detector['area']:.3f} ({low:.3f} to "
        f"{high:.3f}). In brackets: intervals of 95 %."
    )


def limits(detector):
    """Lines on what verdicts of a detector do not say."""
    lines = [
        "It knows the images of this network alone. That an image is not of "
        "it does not make it a photograph.",
        "The rates are those of PNG files of the network's size. Images that "
        "were resized, cropped, compressed (JPEG) or retouched come less "
        "near: those of the network are then missed.",
        "Where few images are generated, most alarms are false ones: the "
        "rates are of each kind by itself.",
    ]
    if detector["truncation_psi"] != 1:
        psi = detector["truncation_psi"]
        lines.append(f"The generated images are those at psi {psi:g}.")
    if detector["distance"]["label"]:
        lines.append(
            "The article measures LPIPS; here it is the distance of the "
            f"{detector['distance']['label']} extractor."
        )
    if detector["area_interval"][0] == 1:
        lines.append(
            "No distances overlap, which of few images says little: the "
            "intervals of the rates say how much."
        )
    if not tells_apart(detector):
        lines.append(
            "The area may be 0.5, as of guesses: no verdict is given. Measure "
            "with more images, more steps or other features."
        )
    return "\n".join(f"- {line}" for line in lines)


def how(detector):
    """How distances were measured, in a few words."""
    seen, steps = detector["distance"], detector["steps"]
    name = f"{seen['label']} features" if seen["label"] else seen["name"]
    return f"{name}, {steps:,} steps in {detector['space'].upper()}"


def tells_apart(detector):
    """Whether it is more than chance that generated images come nearer."""
    return detector["area_interval"][0] > CHANCE


def percent(rate):
    """A rate of a detector with its interval, as text."""
    low, high = (100 * each for each in rate["interval"])
    return f"{100 * rate['rate']:.0f} % ({low:.0f} to {high:.0f} %)"


def _rate(count, total):
    low, high = roc.rate_interval(count, total)
    return {
        "count": count,
        "of": total,
        "rate": count / total,
        "interval": [low, high],
    }
