"""Where a tool shall write: refused before the work where it can not."""

import os
import pathlib

from stylegan_tf import commands


def file(name, path, *, suffix="", example="NAME"):
    """The path that the flag `name` gives a file.

    Args:
        name: Of the flag.
        path: Its value.
        suffix: What it has to end in.
        example: A file's name, for the message.

    Raises:
        ValueError: If none can be written there; says what to give.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        _refuse(name, path, "is a folder, but must be a file:", path / example)
    if suffix and path.suffix.lower() != suffix:
        there = path.with_suffix(suffix)
        _refuse(name, path, f"must end in {suffix}:", there)
    _refuse_blocked(name, path)
    return path


def folder(name, path):
    """The path that the flag `name` gives a folder, new or old.

    Raises:
        ValueError: If there can be none.
    """
    path = pathlib.Path(path)
    if path.exists() and not path.is_dir():
        there = path.with_name(f"{path.stem}-folder")
        _refuse(name, path, "is a file, but must be a folder:", there)
    _refuse_blocked(name, path)
    return path


def new(name, path):
    """The path that the flag `name` gives what is not there yet.

    Raises:
        ValueError: If something is there, or nothing can be.
    """
    path = pathlib.Path(path)
    if os.path.lexists(path):
        there = path.with_name(f"{path.stem}-2{path.suffix}")
        _refuse(name, path, "exists already: remove it, or", there)
    _refuse_blocked(name, path)
    return path


def _refuse_blocked(name, path):
    """Refuses what lies below a file, and what may not be written."""
    if path.exists() and not os.access(path, os.W_OK):
        reason = "may not be written by you:"
        _refuse(name, path, reason, pathlib.Path.home() / path.name)
    above = next(each for each in path.absolute().parents if each.exists())
    if not above.is_dir():
        there = above.with_name(f"{above.stem}-folder") / path.name
        _refuse(name, path, f"can not be made, {above} is a file:", there)
    if not os.access(above, os.W_OK | os.X_OK):
        reason = f"can not be made, {above} may not be written by you:"
        _refuse(name, path, reason, pathlib.Path.home() / path.name)


def _refuse(name, path, reason, instead):
    given = commands.quoted(f"--{name}={path}")
    instead = commands.quoted(f"--{name}={instead}")
    raise ValueError(f"{given} {reason} give another, such as {instead}")
