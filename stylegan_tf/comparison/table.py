"""Runs side by side: a Markdown table and JSON."""

import dataclasses
import datetime
import json
import math

from stylegan_tf import columns, environment
from stylegan_tf.data import sources

_UNKNOWN = "-"


def about(config, *, command, **fields):
    """Dict of what was compared, with what, where and when.

    Args:
        config: The config of one variant; its data set and resolution count.
        command: What was typed.
        fields: More that the JSON shall hold.
    """
    now = datetime.datetime.now().astimezone()
    return {
        "command": command,
        "data": config.data.path,
        "image_count": _image_count(config),
        "image_shape": list(config.image_shape),
        "software": environment.software(),
        "machine": environment.machine(),
        **fields,
        "date": now.isoformat(sep=" ", timespec="seconds"),
    }


def markdown(runs, about):
    """A table of GitHub's Markdown, and what it was made of below.

    Args:
        runs: `runs.Run` of every variant.
        about: What `about` returned.
    """
    height, width, _ = about["image_shape"]
    software = [f"{name} {each}" for name, each in about["software"].items()]
    paragraphs = [
        table(runs),
        problems(runs),
        f"```\n{about['command']}\n```",
        f"Data: {about['data']}, {_count(about['image_count'])} images, at "
        f"{width}x{height}. Software: {', '.join(software)}. "
        f"Machine: {about['machine']}. Date: {about['date']}.",
    ]
    return "\n\n".join(each for each in paragraphs if each) + "\n"


def table(runs):
    """The aligned rows of `markdown`."""
    names = dict.fromkeys(name for run in runs for name in run.metrics)
    theirs = dict.fromkeys(name for run in runs for name in run.published)
    header = [
        "variant",
        "G parameters",
        "D parameters",
        "kimg",
        "images/s",
        "minutes",
        *names,
        *(f"{name} (paper)" for name in theirs),
    ]
    cells = (_cells(run, names, theirs) for run in runs)
    return columns.markdown([header, *cells])


def problems(runs):
    """A line for every variant that lacks something; may be empty."""
    lines = [f"- {run.variant}: {run.problem}" for run in runs if run.problem]
    return "\n".join(lines)


def to_json(runs, about):
    """One JSON object: what `about` says, and every variant's figures."""
    variants = [dataclasses.asdict(run) for run in runs]
    return json.dumps({**about, "variants": variants}, indent=2) + "\n"


def rounded(value, digits):
    """`value` with so many significant digits, never with an exponent."""
    if value is None:
        return _UNKNOWN
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(digits - 1 - magnitude, 0)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _cells(run, names, theirs):
    minutes = None if run.seconds is None else run.seconds / 60
    return [
        run.variant,
        _count(run.generator_parameters),
        _count(run.discriminator_parameters),
        rounded(run.kimg, 4),
        rounded(run.images_per_second, 3),
        rounded(minutes, 3),
        *(rounded(run.metrics.get(name), 4) for name in names),
        *(rounded(run.published.get(name), 4) for name in theirs),
    ]


def _count(value):
    return _UNKNOWN if value is None else f"{value:,}"


def _image_count(config):
    """None if the data set is not there (any more)."""
    try:
        return len(sources.open_source(config.data.path, config.resolution))
    except (OSError, ValueError):
        return None
