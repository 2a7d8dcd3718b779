"""Turns configs into dictionaries and JSON, and back."""

import dataclasses
import json

from stylegan_tf import suggest
from stylegan_tf.config import fields

# Removed fields that old runs still hold, all at the value that does nothing.
_REMOVED = ("loss.experimental_ppl_weight", "loss.experimental_ls_weight")


def to_dict(config):
    """Nested plain dict."""
    return dataclasses.asdict(config)


def from_dict(values):
    """The `Config` of a nested dict; refuses unknown fields."""
    return _build(fields.Config, values)


def from_file(path, values):
    """The `Config` of `values`, which the file `path` holds and errors name."""
    try:
        return from_dict(values)
    except ValueError as error:
        raise ValueError(f"{path} can not be read. {error}") from error


def to_json(config):
    """Indented JSON text."""
    return json.dumps(to_dict(config), indent=2) + "\n"


def flatten(config, prefix=""):
    """All fields by dotted name, e.g. `loss.r1_gamma`."""
    flat = {}
    for name, value in vars(config).items():
        if dataclasses.is_dataclass(value):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def changed(config, values):
    """A copy of `config` with other values of some fields, by dotted name."""
    nested = to_dict(config)
    for name, value in values.items():
        holder = nested
        *parts, last = name.split(".")
        for part in parts:
            holder = holder[part]
        holder[last] = value
    return from_dict(nested)


def _build(kind, values, prefix=""):
    """The dataclass `kind` of a nested dict."""
    kinds = {field.name: field.type for field in dataclasses.fields(kind)}
    arguments = {}
    for name, value in values.items():
        if prefix + name in _REMOVED:
            if value:
                raise ValueError(
                    f"`{prefix}{name}` was an experiment that this version no "
                    f"longer has; see docs/experiments.md. Received: {value}"
                )
            continue
        if name not in kinds:
            raise ValueError(
                f"Unknown config field `{prefix}{name}`."
                + suggest.closest(name, list(kinds))
                + " It may be from a newer version of stylegan_tf than this."
            )
        if dataclasses.is_dataclass(kinds[name]):
            value = _build(kinds[name], value, f"{prefix}{name}.")
        elif isinstance(value, list):
            value = tuple(value)
        arguments[name] = value
    return kind(**arguments)
