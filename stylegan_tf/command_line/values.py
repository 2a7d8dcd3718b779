"""What no flag of any tool may be: empty, NaN or infinite; and seeds."""

import math
import re

from absl import flags

_MOST_SEEDS = 1_000_000


def define_seed():
    """The flag --seed of NumPy's generators."""
    return flags.DEFINE_integer(
        "seed",
        0,
        "Of all that is drawn.",
        lower_bound=0,
        upper_bound=2**32 - 1,
    )


def refuse_odd(values):
    """Raises `ValueError` for the first flag that is given a value of no use.

    Fields of a config have their own bounds.

    Args:
        values: `absl.flags.FLAGS`, parsed.
    """
    for name in values:
        flag = values[name]
        if not flag.using_default_value and not name.startswith("config."):
            _refuse_odd(name, flag.value, flag.default)


def _refuse_odd(name, value, default):
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"--{name} must be a finite number. Received: {value}")
    if value == "" and default != "":  # such as of an unset shell variable
        raise ValueError(
            f"--{name}= is empty: give it a value, or leave it out. See --help."
        )


def seeds(text):
    """Seeds of `1,2,5-8`, ranges inclusive; a list of each once.

    Raises:
        ValueError: If it is no such text, or of more than a million.
    """
    ranges = [_range(part.strip(), text) for part in text.split(",")]
    count = sum(map(len, ranges))
    if count > _MOST_SEEDS:
        raise ValueError(
            f"--seeds must be at most {_MOST_SEEDS:,} at once. Received: "
            f"{text}, which is {count:,}"
        )
    return list(dict.fromkeys(seed for each in ranges for seed in each))


def _range(part, text):
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
    if not match:
        raise ValueError(f"--seeds must look like 1,2,5-8. Received: {text}")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first or last >= 2**32:
        raise ValueError(
            f"--seeds must rise and stay under 2**32. Received: {part}"
        )
    return range(first, last + 1)
