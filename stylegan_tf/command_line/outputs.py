"""Refuses outputs that can not be written, before the work starts."""

import os
import pathlib
import tempfile

from stylegan_tf import commands, files


def file(name, path, *, suffix="", example="NAME"):
    """The path that the flag `name` gives a file.

    Args:
        name: The flag's name.
        path: The flag's value.
        suffix: The end that the path must have, or several to choose from.
        example: A file's name, for the message.

    Raises:
        ValueError: If no file can be written there; says what to give.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        _refuse(name, path, "is a folder, but must be a file:", path / example)
    if path.exists() and not path.is_file():  # a device, a pipe
        there = pathlib.Path.home() / example
        _refuse(name, path, "is there and is no file:", there)
    ends = [suffix] if isinstance(suffix, str) else suffix
    if suffix and path.suffix.lower() not in ends:
        there = path.with_suffix(ends[0])
        _refuse(name, path, f"must end in {' or '.join(ends)}:", there)
    return _writable(name, path)


def folder(name, path):
    """The path that the flag `name` gives a folder, new or old; as `file`."""
    path = pathlib.Path(path)
    if path.exists() and not path.is_dir():
        there = path.with_name(f"{path.stem}-folder")
        _refuse(name, path, "is a file, but must be a folder:", there)
    return _writable(name, path)


def new(name, path):
    """The path that the flag `name` gives something new; as `file`."""
    path = pathlib.Path(path)
    if os.path.lexists(path):
        there = path.with_name(f"{path.stem}-2{path.suffix}")
        _refuse(name, path, "exists already: remove it, or", there)
    return _writable(name, path)


def _writable(name, path):
    """`path`, unless it lies below a file or may not be written."""
    above = next(each for each in path.absolute().parents if each.exists())
    if not above.is_dir():
        there = above.with_name(f"{above.stem}-folder") / path.name
        _refuse(name, path, f"can not be made, {above} is a file:", there)
    for place in (above, path):
        if place.exists() and not _may_be_written(place):
            reason = f"can not be written, {place} may not be written by you:"
            _refuse(name, path, reason, pathlib.Path.home() / path.name)
    return path


def _may_be_written(place):
    """Whether it may, which root is told of all places, /proc among them."""
    if not os.access(place, os.W_OK):
        return False
    if place.is_dir():
        try:
            tempfile.TemporaryFile(dir=place).close()
        except OSError as error:
            return files.disk_is_full(error)  # which is told when it matters
    return True


def _refuse(name, path, reason, instead):
    given = commands.quoted(f"--{name}={path}")
    instead = commands.quoted(f"--{name}={instead}")
    raise ValueError(f"{given} {reason} give another, such as {instead}")
