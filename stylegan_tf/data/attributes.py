"""Attributes of images: yes-or-no questions, and labels made of them.

Both are asked for in one grammar: `glasses`, or `hair=hair_length:2|3`, which
is there where the field has one of the values.
"""

import dataclasses
from typing import NamedTuple

import numpy as np

from stylegan_tf import suggest

UNKNOWN = -1
_MOST_KINDS = 1000  # values of a field that are columns of a label
_KINDS_ASKED = 32  # ... of a text that becomes questions without being named


class _Field(NamedTuple):
    """An attribute of every image: a number, or one of a few kinds."""

    values: np.ndarray  # float `[M]`; or int `[M]`, negative where unknown
    texts: dict  # what each kind is called, by its value; None of numbers

    @property
    def is_words(self):
        """Whether its kinds are texts."""
        return any(str(value) != text for value, text in self.texts.items())

    @property
    def is_question(self):
        """Whether it is there or not, as far as it is known."""
        return self.texts.keys() <= {0, 1} and not self.is_words


class _Asked(NamedTuple):
    """An item of what was asked for."""

    name: str
    field: _Field
    chosen: list | None  # values that are a yes, None without a rule


def answers(source, text=""):
    """Answers by attribute, int `[M]`: 1, 0 or `UNKNOWN`.

    Args:
        source: A `data.sources.Source` with attributes, or with classes.
        text: Which, with commas between; "": all. A field of more than two
            values becomes a question for each.

    Raises:
        ValueError: If the data set lacks one, or has none at all.
    """
    fields = {n: f for n, f in _fields(source).items() if f.texts}
    if not text:
        fields = {
            name: field
            for name, field in fields.items()
            if len(field.texts) <= _KINDS_ASKED or not field.is_words
        }
    if not fields:
        raise ValueError(_none(source))
    found = {}
    for name, field, chosen in _parse(source, text, fields):
        is_known = field.values >= 0
        if chosen:
            wanted = {name: chosen}
        elif field.is_question:
            wanted = {name: [1]}
        else:
            wanted = {f"{name}_{t}": [v] for v, t in field.texts.items()}
        for each, values in wanted.items():
            is_there = np.isin(field.values, values).astype(np.int32)
            found[each] = np.where(is_known, is_there, UNKNOWN)
    return found


def labelled(source, text):
    """The `Source` with labels made of attributes.

    A question is one column of 0 and 1, a number one column as it is, what
    has more kinds a column for each; their names are `class_names`. One
    attribute alone makes classes, also of a question: `no glasses`, `glasses`.

    Args:
        source: A `data.sources.Source` with attributes, or with classes.
        text: Which, as of `answers`; "" leaves the labels as they are.

    Raises:
        ValueError: If the data set lacks one, or has images without it.
    """
    if not text:
        return source
    try:
        asked = _parse(source, text, _fields(source))
    except ValueError as error:
        raise ValueError(
            f"{str(error).removesuffix('.')}. It was asked for by "
            f"--config.data.attributes={text}; without labels: "
            "--config.data.attributes="
        ) from error
    parts = [_part(source, each) for each in asked]
    names = [name for some, _ in parts for name in some]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(
            f"Labels must have different names. Received twice: {twice[0]}. "
            "Give one of them another, as in hair=hair_length:2|3."
        )
    labels = np.concatenate([columns for _, columns in parts], 1)
    if len(asked) == 1 and asked[0].field.texts:
        if len(names) == 1:
            names = [f"no {names[0]}", names[0]]
            labels = np.concatenate([1 - labels, labels], 1)
        labels = labels.argmax(1)
    return dataclasses.replace(
        source, given_labels=labels, class_names=names, label_notes=[]
    )


def names(source):
    """Of the attributes that labels can be made of."""
    fields = {name: _field(v) for name, v in source.attributes.items()}
    return [name for name, field in fields.items() if field]


def _part(source, asked):
    """Names of an attribute's columns, and the columns, float32 `[M, L]`."""
    name, field, chosen = asked
    values = field.values
    if field.texts is None:
        return [name], values[:, None].astype(np.float32)
    unknown = int((values < 0).sum())
    if chosen or field.is_question:
        if unknown:
            raise ValueError(
                f"{source.path}: {unknown:,} of {len(values):,} images do not "
                f"tell `{name}` (a value below 0, or none), and a label must. "
                "Mend dataset.json, or take another attribute."
            )
        is_there = np.isin(values, chosen or [1])
        return [name], is_there[:, None].astype(np.float32)
    kinds = {**field.texts, **({UNKNOWN: "unknown"} if unknown else {})}
    if len(kinds) > _MOST_KINDS:
        raise ValueError(
            f"{source.path}: `{name}` has {len(kinds):,} values, and a label "
            f"at most {_MOST_KINDS:,}. Take some together, as in "
            "hair=hair_length:2|3."
        )
    columns = np.maximum(values, UNKNOWN)[:, None] == [*kinds]
    return [f"{name}_{kind}" for kind in kinds.values()], np.float32(columns)


def _parse(source, text, fields):
    """The `_Asked` of a text with commas; of "", all fields."""
    if not text:
        return [_Asked(name, fields[name], None) for name in fields]
    found = []
    for item in [text] if text in fields else text.split(","):
        name, _, rule = item.strip().partition("=")
        field, _, chosen = (rule or name).partition(":")
        if item.strip() in fields:  # whatever signs are in its name
            name, field, chosen = item.strip(), item.strip(), ""
        if field not in fields:
            raise ValueError(
                f"{source.path} {_lack(source, field)}."
                + suggest.closest(field, list(fields))
                + f" It has: {', '.join(fields) or 'none'}"
            )
        values = _values(item, chosen, fields[field]) if chosen else None
        found.append(_Asked(name, fields[field], values))
    return found


def _fields(source):
    """The `_Field`s that vary, by name; of classes where there are no others.

    Where all values are 1 and -1, as in CelebA, -1 is no instead of unknown.
    """
    fields = {name: _field(v) for name, v in source.attributes.items()}
    if not fields and source.label_rows is not None and source.is_classes:
        rows = source.label_rows[:].T.astype(int).tolist()
        names = source.class_names or range(len(rows))
        columns = zip(map(str, names), rows, strict=True)
        fields = {name: _field(column) for name, column in columns}
    fields = {name: field for name, field in fields.items() if field}
    if not fields:
        raise ValueError(_none(source))
    return fields


def _field(given):
    """The `_Field` of a list; None if it does not vary, or is of no kind."""
    types = {type(each) for each in given} - {type(None)}
    if types == {str}:
        texts = sorted({each for each in given if each is not None})
        places = {text: place for place, text in enumerate(texts)}
        values = np.array([places.get(each, UNKNOWN) for each in given])
        return _Field(values, dict(enumerate(texts))) if texts[1:] else None
    if not types or not types <= {bool, int, float}:
        return None  # lists, such as landmarks
    missing = np.nan if float in types else UNKNOWN
    values = np.array([missing if each is None else each for each in given])
    if float in types:
        varies = np.isfinite(values).all() and len(np.unique(values)) > 1
        return _Field(values, None) if varies else None
    if None not in given and set(np.unique(values)) == {-1, 1}:
        values = values == 1
    values = values.astype(np.int64)
    kinds = np.unique(values[values >= 0]).tolist()
    return _Field(values, {k: str(k) for k in kinds}) if kinds[1:] else None


def _values(item, chosen, field):
    """The values of `2|3`."""
    known = {text: value for value, text in (field.texts or {}).items()}
    names = [each.strip() for each in chosen.split("|")]
    if not known.keys() >= set(names):
        raise ValueError(
            f"An attribute must look like hair=hair_length:2|3, with values of "
            f"{', '.join(known) or 'no number'}. Received: {item.strip()}"
        )
    return [known[each] for each in names]


def _lack(source, field):
    """Why a field is none of those that can be asked for, in words."""
    if field not in source.attributes:
        return f"has no attribute `{field}`"
    given = source.attributes[field]
    kinds = {type(each) for each in given} - {type(None)}
    if _field(given):  # which has a value, and no kinds
        why = "is a number, and no question"
    elif not kinds <= {str} and not kinds <= {bool, int, float}:
        why = "is a list, or of several kinds"
    elif float in kinds and len({*given}) > 1:
        why = "has images without a number"
    else:
        why = "is the same for all images"
    return f"has an attribute `{field}` that can not be used, since it {why}"


def _none(source):
    return (
        f"{source.path} has neither attributes nor classes. Put "
        '{"labels": ..., "attributes": {"glasses": [0, 1, ...]}} into its '
        "dataset.json, or the images of each class into a folder."
    )
