"""Types of fields that carry their bounds, and the check of a whole config.

`Annotated[int, "a whole number from 1", lambda n: n >= 1]` says what a value
must be, in words and as a test. NaN and infinity are numbers of no type.
"""

import dataclasses
import math
import numbers
import typing
from typing import Annotated, Literal

from stylegan_tf import suggest
from stylegan_tf.config import tables

_PLAIN = {int: numbers.Integral, float: numbers.Real, bool: bool, str: str}
_WORDS = {bool: "True or False", str: "a text"}


def table_of(kind, by_replicas=False):
    """The type of a text that `tables` reads.

    Args:
        kind: Type of the numbers, which carries its bounds.
        by_replicas: Whether there may be a table for some replicas and more.
    """
    several = ', or "1= 8:128; 8= 8:256" by replicas,' * by_replicas
    words = (
        f'a table such as "8:256 16:128"{several} with {_words(kind)} for each '
        "resolution"
    )

    def holds(text):
        try:
            found = tables.parse(text).values()
        except ValueError:
            return False
        return (by_replicas or "=" not in text) and all(
            _fits(kind, number) for table in found for number in table.values()
        )

    return Annotated[str, words, holds]


def refuse_bad(config, prefix=""):
    """Raises `ValueError` for the first field that is out of its bounds.

    Args:
        config: A dataclass, whose fields may be dataclasses.
        prefix: Of the fields' names.
    """
    kinds = typing.get_type_hints(type(config), include_extras=True)
    for name, kind in kinds.items():
        value = getattr(config, name)
        if dataclasses.is_dataclass(kind):
            refuse_bad(value, f"{prefix}{name}.")
        elif not _fits(kind, value):
            hint = ""
            if typing.get_origin(kind) is Literal:
                hint = "." + suggest.closest(str(value), typing.get_args(kind))
            raise ValueError(
                f"`{prefix}{name}` must be {_words(kind)}. "
                f"Received: {name}={value!r}{hint}"
            )


def _fits(kind, value):
    """Whether a value is of a type, and within its bounds."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        plain, _, holds = arguments
        return _fits(plain, value) and holds(value)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        is_any_length = arguments[1] is ...
        return (
            isinstance(value, tuple)
            and (is_any_length or len(value) == len(arguments))
            and all(_fits(arguments[0], each) for each in value)
        )
    if isinstance(value, bool) or kind is bool:
        return kind is type(value)
    return isinstance(value, _PLAIN[kind]) and (
        kind is str or math.isfinite(value)
    )


def _words(kind):
    """What a value of a type must be."""
    if typing.get_origin(kind) is Annotated:
        return typing.get_args(kind)[1]
    if typing.get_origin(kind) is Literal:
        return f"one of {', '.join(typing.get_args(kind))}"
    return _WORDS[kind]
