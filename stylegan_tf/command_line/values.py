"""Refuses useless values of flags; reads seeds, numbers, moves and `~`."""

import math
import os
import re

from absl import flags

flags.disclaim_key_flags()  # --seed is the tool's that defines it

_MOST_SEEDS = 1_000_000


def define_seed():
    """Defines the flag --seed of NumPy's generators."""
    return flags.DEFINE_integer(
        "seed",
        0,
        "Seed of everything that is drawn.",
        lower_bound=0,
        upper_bound=2**32 - 1,
    )


def define_width(channel_base, channel_max):
    """Defines the flags of a network's width; returns both with these values.

    `--channel_base // resolution` maps, at most `--channel_max`.
    """
    return (
        flags.DEFINE_integer(
            "channel_base", channel_base, "Width of networks.", lower_bound=1
        ),
        flags.DEFINE_integer(
            "channel_max", channel_max, "Most maps of a layer.", lower_bound=1
        ),
    )


def with_home(argument):
    """An argument with the home folder for `~`, also in a list of paths."""
    name, equals, value = "", "", argument
    if argument.startswith("-"):
        name, equals, value = argument.partition("=")
    paths = map(os.path.expanduser, value.split(","))
    return f"{name}{equals}{','.join(paths)}"


def refuse_odd():
    """Raises `ValueError` for a flag that is empty, infinite or NaN.

    Fields of a config have their own bounds.
    """
    for name in flags.FLAGS:
        flag = flags.FLAGS[name]
        if flag.using_default_value or name.startswith("config"):
            continue
        value = flag.value
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(
                f"--{name} must be a finite number. Received: {value}"
            )
        if value == "" != flag.default:  # such as of an unset shell variable
            raise ValueError(
                f"--{name}= is empty: give it a value, or leave it out. "
                "See --help."
            )


def seeds(text, name="seeds"):
    """The seeds of `1,2,5-8`, ranges inclusive, each once.

    Args:
        text: The value of a flag.
        name: The flag's name, for the message.

    Raises:
        ValueError: If the text is another one, or names over a million.
    """
    ranges = [_range(part.strip(), text, name) for part in text.split(",")]
    count = sum(map(len, ranges))
    if count > _MOST_SEEDS:
        raise ValueError(
            f"--{name} must be at most {_MOST_SEEDS:,} at once. Received: "
            f"{text}, which is {count:,}"
        )
    return list(dict.fromkeys(seed for each in ranges for seed in each))


def grid(text, count=1):
    """Rows and columns of `4x8`, with room for `count` images.

    Raises:
        ValueError: If the text is another one, or there is no room.
    """
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if not match or int(match[1]) * int(match[2]) < count:
        room = f", with room for {count} images" if count > 1 else ""
        raise ValueError(
            f"--grid must be ROWSxCOLUMNS, such as 4x8{room}. Received: {text}"
        )
    return int(match[1]), int(match[2])


def numbers(text, name, kind=float):
    """The numbers of a flag such as `1,0.5,-1`, in their order.

    Args:
        text: The value of the flag.
        name: Its name, for the message.
        kind: `float`, or `int` for whole numbers from 0.

    Raises:
        ValueError: If one is none, or infinite.
    """
    try:
        found = [kind(part) for part in text.split(",")]
    except ValueError:
        found = [math.nan]
    if not all(map(math.isfinite, found)) or (kind is int and min(found) < 0):
        example = "0,1,2" if kind is int else "1,0.5,-1"
        raise ValueError(
            f"--{name} must be numbers such as {example}. Received: {text}"
        )
    return found


def moves(text):
    """Names and amounts of `glasses:2.5,smile:-1`.

    Raises:
        ValueError: If the text is another one.
    """
    found = []
    for part in text.split(",") if text else ():
        name, _, amount = part.strip().rpartition(":")
        try:
            number = float(amount)
        except ValueError:
            number = math.nan
        if not name or not math.isfinite(number):
            raise ValueError(
                "--direction must look like glasses:2.5 or glasses:2.5,"
                f"smile:-1. Received: {text}"
            )
        found.append((name, number))
    return found


def _range(part, text, name):
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
    if not match:
        raise ValueError(f"--{name} must look like 1,2,5-8. Received: {text}")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first or last >= 2**32:
        raise ValueError(
            f"--{name} must rise and stay under 2**32. Received: {part}"
        )
    return range(first, last + 1)
