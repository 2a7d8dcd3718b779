"""What one field of a config may hold: types that carry their bounds.

NaN and infinity are within none of them.
"""

import dataclasses
import math
import numbers
import typing
from typing import Annotated

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
        """Whether a number, or every one of a tuple, is among them."""
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
class OneOf:
    """Some names."""

    names: tuple[str, ...]

    def holds(self, value):
        """Whether it is one of them."""
        return value in self.names

    def expected(self, kind):
        """All of them."""
        return f"one of {', '.join(self.names)}"


@dataclasses.dataclass(frozen=True)
class TableOf:
    """A text of `tables`: numbers of a `Range` by resolution."""

    values: Range
    kind: type = float

    def holds(self, text):
        """Whether it is such a table."""
        return "=" not in text and self._holds_all(text)

    def expected(self, kind):
        """An example, and what its values may be."""
        each = self.values.expected(_KINDS[self.kind][0])
        return f'a table such as "8:256 16:128" with {each} for each resolution'

    def _holds_all(self, text):
        try:
            found = tables.parse(text).values()
        except ValueError:
            return False
        values = [number for table in found for number in table.values()]
        is_kind = self.kind is float or all(n % 1 == 0 for n in values)
        return is_kind and all(map(self.values.holds, values))


class TablesOf(TableOf):
    """One table, or several by the fewest replicas that each is for."""

    def holds(self, text):
        """Whether it holds such tables."""
        return self._holds_all(text)

    def expected(self, kind):
        """Examples, and what the values may be."""
        several = ', or several such as "1= 8:128; 8= 8:256" by replicas'
        return super().expected(kind) + several


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

    ml_collections looks there for types, and knows no `Annotated`.
    """
    cls = dataclasses.dataclass(cls)
    plain = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        field.type = plain[field.name]
    return cls


def refuse_bad(config, prefix=""):
    """Raises `ValueError` for the first field that is out of its bounds.

    Args:
        config: A dataclass, whose fields may be such ones.
        prefix: Of the fields' names.
    """
    kinds = typing.get_type_hints(type(config), include_extras=True)
    for name, kind in kinds.items():
        value, bound = getattr(config, name), None
        if typing.get_origin(kind) is Annotated:
            kind, bound = kind.__origin__, kind.__metadata__[0]
        if dataclasses.is_dataclass(kind):
            refuse_bad(value, f"{prefix}{name}.")
        elif not _is_of(kind, value) or (bound and not bound.holds(value)):
            expected = bound.expected(_words(kind)) if bound else _words(kind)
            hint = ""
            if isinstance(bound, OneOf):
                hint = "." + suggest.closest(str(value), bound.names)
            raise ValueError(
                f"`{prefix}{name}` must be {expected}. "
                f"Received: {name}={value!r}{hint}"
            )


def _is_of(kind, value):
    """Whether `value` is of a plain type, or of a tuple of such ones."""
    if typing.get_origin(kind) is not tuple:
        is_other = isinstance(value, bool) and kind is not bool
        return isinstance(value, _KINDS[kind][1]) and not is_other
    kinds = typing.get_args(kind)
    if Ellipsis not in kinds and len(kinds) != len(value):
        return False
    return all(_is_of(kinds[0], each) for each in value)


def _words(kind):
    """A plain type in words, or a tuple of such ones."""
    if typing.get_origin(kind) is not tuple:
        return _KINDS[kind][0]
    kinds = typing.get_args(kind)
    count = "" if Ellipsis in kinds else f"{len(kinds)} "
    return f"{count}{_KINDS[kinds[0]][0].removeprefix('a ')}s"
