"""Types of fields that carry their bounds, and the check of a whole config.

NaN and infinity are within none of them.
"""

import dataclasses
import math
import numbers
import typing
from typing import Annotated, Literal

from stylegan_tf import suggest
from stylegan_tf.config import tables

_KINDS = {
    int: ("a whole number", numbers.Integral),
    float: ("a number", numbers.Real),
    bool: ("True or False", bool),
    str: ("a text", str),
}


@dataclasses.dataclass(frozen=True)
class Range:
    """Numbers from `least` to `most`, and between `above` and `below`."""

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    below: float = math.inf

    def holds(self, value):
        """Whether a number, or every number of a tuple, is inside."""
        if isinstance(value, tuple):
            return all(map(self.holds, value))
        is_inside = self.least <= value <= self.most
        return is_inside and self.above < value < self.below

    def expected(self, kind):
        """E.g. "a number from 0 to below 1"."""
        ends = (
            ("from", self.least),
            ("above", self.above),
            ("to", self.most),
            ("to below", self.below),
        )
        words = [f"{w} {n:,.15g}" for w, n in ends if math.isfinite(n)]
        return " ".join([kind, *words]) if words else f"{kind} that is finite"


@dataclasses.dataclass(frozen=True)
class TableOf:
    """A text of `tables`: numbers of a `Range` by resolution.

    Attributes:
        values: The range.
        kind: int or float.
        by_replicas: Whether there may be several tables.
    """

    values: Range
    kind: type = float
    by_replicas: bool = False

    def holds(self, text):
        """Whether it is such a table."""
        try:
            found = tables.parse(text)
        except ValueError:
            return False
        values = [n for table in found.values() for n in table.values()]
        return (
            (self.by_replicas or "=" not in text)
            and (self.kind is float or all(n % 1 == 0 for n in values))
            and all(map(self.values.holds, values))
        )

    def expected(self, kind):
        """Examples, and what the values may be."""
        each = self.values.expected(_KINDS[self.kind][0])
        several = ', or "1= 8:128; 8= 8:256" by replicas,'
        return (
            f'a table such as "8:256 16:128"{several * self.by_replicas} with '
            f"{each} for each resolution"
        )


@dataclasses.dataclass(frozen=True)
class TapsOf:
    """Taps of a filter, which are divided by their sum."""

    may_be_none: bool = False

    def holds(self, taps):
        """Whether they make a filter."""
        return sum(taps) != 0 or (self.may_be_none and not taps)

    def expected(self, kind):
        """E.g. "whole numbers whose sum is not 0, or ()"."""
        none = ", or ()" if self.may_be_none else ""
        return f"{kind} whose sum is not 0{none}"


def dataclass(cls):
    """`dataclasses.dataclass`, whose `fields` show types without bounds.

    ml_collections looks there for types, and knows no `Annotated` or `Literal`.
    """
    cls = dataclasses.dataclass(cls)
    plain = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        is_name = typing.get_origin(plain[field.name]) is Literal
        field.type = str if is_name else plain[field.name]
    return cls


def refuse_bad(config, prefix=""):
    """Raises `ValueError` for the first field that is out of its bounds.

    Args:
        config: A dataclass, whose fields may be such ones.
        prefix: Of the fields' names.
    """
    kinds = typing.get_type_hints(type(config), include_extras=True)
    for name, kind in kinds.items():
        value = getattr(config, name)
        if dataclasses.is_dataclass(kind):
            refuse_bad(value, f"{prefix}{name}.")
        elif refusal := _refusal(kind, value):
            expected, hint = refusal
            raise ValueError(
                f"`{prefix}{name}` must be {expected}. "
                f"Received: {name}={value!r}{hint}"
            )


def _refusal(kind, value):
    """What a value of the kind must be, and a hint; None if it is so."""
    if typing.get_origin(kind) is Literal:
        names = typing.get_args(kind)
        if value in names:
            return None
        hint = suggest.closest(str(value), names)
        return f"one of {', '.join(names)}", f".{hint}"
    bound = None
    if typing.get_origin(kind) is Annotated:
        kind, bound = typing.get_args(kind)
    if _is_of(kind, value) and (bound is None or bound.holds(value)):
        return None
    return bound.expected(_words(kind)) if bound else _words(kind), ""


def _is_of(kind, value):
    """Whether `value` is of a plain type, or of a tuple of such ones."""
    if typing.get_origin(kind) is tuple:
        first, *others = typing.get_args(kind)
        is_long = others == [...] or len(value) == 1 + len(others)
        return is_long and all(_is_of(first, each) for each in value)
    is_other = isinstance(value, bool) and kind is not bool
    return isinstance(value, _KINDS[kind][1]) and not is_other


def _words(kind):
    """A plain type in words, or a tuple of such ones."""
    if typing.get_origin(kind) is not tuple:
        return _KINDS[kind][0]
    first, *others = typing.get_args(kind)
    count = "" if others == [...] else f"{1 + len(others)} "
    return f"{count}{_KINDS[first][0].removeprefix('a ')}s"
