"""Reads the JSON that says what a folder of results holds."""

import json
import pathlib


def read(path, names):
    """The dict in a file of JSON, which has at least `names`.

    Its settings, where they are asked for, are a dict too.

    Raises:
        ValueError: If it has not, such as where the file is damaged.
    """
    try:
        found = json.loads(pathlib.Path(path).read_text())
    except ValueError as error:
        raise ValueError(damaged(path)) from error
    if not isinstance(found, dict) or not {*names} <= {*found}:
        raise ValueError(damaged(path))
    if "settings" in names and not isinstance(found["settings"], dict):
        raise ValueError(damaged(path))
    return found


def damaged(path):
    """What to do about a file that cannot be read."""
    return (
        f"{path} is damaged or of another version: remove it, and measure again"
    )
