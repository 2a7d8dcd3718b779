"""The classes of a network: what they are called, which one a text means."""

import re

import numpy as np

from stylegan_tf import suggest, terminal

ROWS = 32  # of a sheet with a row a class, at most; as in the official code
_LISTED = 8  # names in a message


def names(config):
    """A name for each class of a network: `glasses`, or `class 2`."""
    called = config.label_names
    return called or tuple(f"class {n}" for n in range(config.label_size))


def file_names(config):
    """A name of a file or folder for each class, all different."""
    made = [re.sub(r"[^\w+=.-]|^\.", "_", name) for name in names(config)]
    if len({name.casefold() for name in made}) < len(made):
        made = [f"{number}-{name}" for number, name in enumerate(made)]
    return made


def shown(count):
    """Numbers of `ROWS` of `count` classes, evenly spaced; or of all."""
    places = np.linspace(0, count - 1, min(count, ROWS))
    return places.round().astype(int).tolist()


def chosen(text, config, flag="--class"):
    """The number of the class that a text means: its name, or `2`.

    Where classes are called by numbers (folders 1, 2, 3), only their names are
    known: the number of the class called 1 would be 0.

    Labels that are vectors may have several parts at once: a tuple of the
    numbers in `glasses+smile`.

    Args:
        text: What the user typed.
        config: Of a network with classes.
        flag: Where it was typed, for the message.

    Raises:
        ValueError: If there is no such class, with the closest name.
    """
    known = {name: number for number, name in enumerate(config.label_names)}
    parts = [text]
    if config.label_kind == "vectors" and text not in known:
        parts = text.split("+")
    numbers = tuple(
        _number(part.strip(), known, config, flag) for part in parts
    )
    return numbers if len(numbers) > 1 else numbers[0]


def listed(config):
    """What classes a network has, in words: `4 classes, 0 to 3: plain, ...`."""
    count, some = config.label_size, config.label_names[:_LISTED]
    kind = "parts of a label" if config.label_kind == "vectors" else "classes"
    text = f"{count} {kind}"
    if not _are_numbers(config.label_names):
        text += f", 0 to {count - 1}"
    if some:
        text += f": {', '.join(map(terminal.escaped, some))}"
        text += ", ..." * (count > len(some))
    return text


def _number(text, known, config, flag):
    if text in known:
        return known[text]
    by_number = not _are_numbers(known)
    if by_number and _is_number(text) and int(text) < config.label_size:
        return int(text)
    parts = [name for name in known if name.startswith(f"{text}/")]
    hint = suggest.closest(text, list(known))
    if parts:  # of a class that was split
        hint = f" Its parts are: {', '.join(map(terminal.escaped, parts))}."
    allowed = [f"0 to {config.label_size - 1}"] if by_number else []
    allowed += ["a name"] if known else []
    raise ValueError(
        f"{flag} must be {' or '.join(allowed)}: this network has "
        f"{listed(config)}. Received: {text}.{hint}"
    )


def _are_numbers(names):
    """Whether classes are called by numbers, which need not be theirs."""
    return any(map(_is_number, names))


def _is_number(text):
    return re.fullmatch(r"[0-9]{1,9}", text) is not None
