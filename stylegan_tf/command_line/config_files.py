"""Mistakes in a file of --config, which is a program: file, line, message."""

import os
import pathlib
import sys
import traceback

from stylegan_tf import suggest
from stylegan_tf.command_line import initial


def explained(error):
    """`FILE:LINE: what is wrong` if the config's own code raised it, or None.

    Args:
        error: An exception, or one raised while it was handled: flags wrap
            what their parsers raise.
    """
    while error is not None:
        if place := _place(error):
            words = error.msg if isinstance(error, SyntaxError) else str(error)
            kind = "" if type(error) is ValueError else type(error).__name__
            return ": ".join(filter(None, [place, kind, words]))
        if getattr(error, "name", None) == "get_config":
            return f"{_path()}: it has no function get_config()"
        error = error.__cause__ or error.__context__
    return None


def none_in(value):
    """Why what ml_collections gives for --config is no `Config`."""
    path = _path()
    if path is None:
        return (
            "--config must name a file, such as --config=configs/quickstart.py"
        )
    if told := explained(getattr(value, "_error", None)):
        return told
    if path.exists():
        return (
            f"{path}: get_config() must return a stylegan_tf.config.Config. "
            f"Received: {type(value).__name__}"
        )
    names = sorted(each.stem for each in path.parent.glob("*.py"))
    return (
        f"--config: can not load {path}. There is no such file."
        + suggest.closest(path.stem, names)
        + f" In {path.parent}: {', '.join(names) or 'none'}"
    )


def _place(error):
    """`FILE:LINE` in a config's code that raised an error, or None."""
    if isinstance(error, SyntaxError) and os.path.exists(error.filename or ""):
        return f"{error.filename}:{error.lineno}"
    path = _path()
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if path and os.path.realpath(frame.filename) == os.path.realpath(path)
    ]
    return f"{path}:{lines[-1]}" if lines else None


def _path():
    """What --config names on the command line, or None."""
    given = initial.value(sys.argv, "config")
    return pathlib.Path(given.split(":")[0]) if given else None
