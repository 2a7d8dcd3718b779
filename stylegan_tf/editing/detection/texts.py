"""Verdicts, what they are worth, and what they do not say, in words."""

from stylegan_tf import columns, terminal
from stylegan_tf.editing.detection import measuring, verdicts


def table(detector, names, distances, judged):
    """Aligned lines: every image, its distance, and what was judged of it.

    Args:
        detector: A detector.
        names: Of the images.
        distances: Theirs.
        judged: A `verdicts.Verdict` for each.
    """
    real, generated = (len(detector[kind]) for kind in measuring.KINDS)
    by = f"{detector['distance']['label']} distance".strip()
    cells = [("image", by, "verdict", "real as near", "its as far")]
    words = {None: "cannot tell", True: "of the network", False: "not of it"}
    for name, distance, each in zip(names, distances, judged, strict=True):
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
    real, generated = (len(detector[kind]) for kind in measuring.KINDS)
    return (
        f"{terminal.counted(real, 'real image')} of {detector['dataset']}, "
        f"{generated} of "
        f"{detector['network']}; distances by {how(detector)}.\n"
        f"Threshold {detector['threshold']:.4g} ({detector['rule']}), each "
        "image judged by that of the others:\n"
        f"  false alarms  {percent(detector['false_alarms'])} of real images "
        "are called generated\n"
        f"  misses        {percent(detector['misses'])} of generated images "
        "are not found\n"
        f"Area under the ROC curve {area(detector)}. In brackets: intervals "
        "of 95 %."
    )


def limits(detector):
    """Lines on what verdicts of a detector do not say."""
    lines = [
        "It knows the images of this network alone. That an image is not of "
        "it does not make it a photograph.",
        "The rates are those of PNG files as the network makes them. Of "
        "images that were compressed (JPEG), resized, cropped or retouched it "
        "comes less near: its own are then missed more often.",
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
    if not _has_interval(detector):
        lines.append(
            "No distances overlap, which of few images says little: the "
            "intervals of the rates say how much. (Errors are counted by "
            "thresholds chosen without the image that is judged, so there may "
            "be some although no distances overlap.)"
        )
    if not verdicts.tells_apart(detector):
        lines.append(
            "The area may be 0.5, as of guesses: no verdict is given. Measure "
            "with more images, more steps or other features."
        )
    return "\n".join(f"- {line}" for line in lines)


def how(detector):
    """How distances were measured, in a few words."""
    seen, space = detector["distance"], detector["space"].upper()
    name = f"{seen['label']} features" if seen["label"] else seen["name"]
    return f"{name}, {terminal.counted(detector['steps'], 'step')} in {space}"


def area(detector):
    """The area under the ROC curve as text, with its interval if it has one.

    The bootstrap gives none where no distances overlap.
    """
    low, high = detector["area_interval"]
    interval = f" ({low:.3f} to {high:.3f})" if _has_interval(detector) else ""
    return f"{detector['area']:.3f}{interval}"


def percent(rate):
    """A rate of a detector with its interval, as text."""
    low, high = (100 * each for each in rate["interval"])
    return f"{100 * rate['rate']:.0f} % ({low:.0f} to {high:.0f} %)"


def _has_interval(detector):
    low, high = detector["area_interval"]
    return low < high
