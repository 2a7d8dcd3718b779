"""The metrics by the letters that their names begin with.

A new one is its mathematics in stylegan_tf/metrics, an evaluator beside this
file, and a line here. Published figures hold for the papers' counts only.
"""

import re

from stylegan_tf import commands, suggest
from stylegan_tf.evaluation import (
    class_agreement,
    class_score,
    fid,
    inception_score,
    kid,
    ms_ssim,
    path_length,
    precision_recall,
    separability,
    sliced_wasserstein,
)

EVALUATORS = {
    "fid": fid.Fid,
    "kid": kid.Kid,
    "is": inception_score.InceptionScore,
    "cs": class_score.ClassScore,
    "pr": precision_recall.PrecisionRecall,
    "dc": precision_recall.DensityCoverage,
    "ppl": path_length.PathLength,
    "ls": separability.Separability,
    "swd": sliced_wasserstein.SlicedWasserstein,
    "msssim": ms_ssim.MsSsim,
    "agree": class_agreement.Agreement,
}
NAMES = tuple(name for each in EVALUATORS.values() for name in each.NAMES)


def parse(name):
    """The evaluator of a metric's name.

    Raises:
        ValueError: If there is no such metric, with the closest one.
    """
    if found := _find(name):
        return found
    raise ValueError(_unknown(name))


def parse_all(text):
    """The evaluators of names with commas between, each once.

    Raises:
        ValueError: If there is no such metric, or none at all.
    """
    names = [each.strip() for each in text.split(",") if each.strip()]
    if not names:
        raise ValueError(_unknown(text))
    return tuple(parse(name) for name in dict.fromkeys(names))


def _find(name):
    """The evaluator, or None."""
    letters = re.match("[a-z]*", name)[0]
    kind = EVALUATORS.get(letters)
    match = kind and re.fullmatch(kind.ENDING, name.removeprefix(letters))
    if not match:
        return None
    groups = match.groupdict()
    thousands = groups.pop("thousands")
    count = round(1000 * float(thousands)) if thousands else kind.COUNT
    return kind.parse(name, count, **groups) if count >= 2 else None


def _unknown(name):
    hint = suggest.closest(re.sub(r"\d+(\.\d+)?k", "50k", name), NAMES)
    without_k = re.fullmatch(r"([a-z]+(?:2?_)?)([1-9]\d*)((?:_\w+)?)", name)
    if without_k:
        start, count, end = without_k.groups()
        meant = f"{start}{int(count) / 1000:g}k{end}"
        if _find(meant):
            count = f"{int(count):,}"
            hint += f" Counts are in thousands, with a k: {meant} for {count}."
    return (
        f"{name!r}: there is no such metric.{hint} Any count is taken, as in "
        "fid5k_full or ls20k. All names: "
        f"{commands.program('evaluate')} --help"
    )
