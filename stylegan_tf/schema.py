"""Nested dataclasses from dictionaries, and dictionaries by dotted name."""

import dataclasses

from stylegan_tf import validation


def build(kind, values, prefix=""):
    """The dataclass `kind` of a nested dict; refuses unknown fields."""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    arguments = {}
    for name, value in values.items():
        if name not in fields:
            raise ValueError(
                f"Unknown config field `{prefix}{name}`."
                + validation.closest(name, list(fields))
                + " It may be from a newer version of stylegan_tf than this."
            )
        if dataclasses.is_dataclass(fields[name].type):
            value = build(fields[name].type, value, f"{prefix}{name}.")
        elif isinstance(value, list):
            value = tuple(value)
        arguments[name] = value
    return kind(**arguments)


def flatten(values, prefix=""):
    """A nested dict as one, by dotted name."""
    flat = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = value
    return flat
