"""Spells commands to type next: quoted, and started as this one was."""

import os
import pathlib
import re
import shlex
import sys

from stylegan_tf import terminal


def program(tool):
    """The start of a command for `tool`, in the way this one was started."""
    if command := os.environ.get("STYLEGAN_TF_COMMAND"):  # of a wheel
        return f"{command} {tool}"
    return f"{python()} -m tools.{tool}"


def python():
    """The interpreter, by a short name."""
    path = pathlib.Path(sys.executable)
    if path.is_relative_to(pathlib.Path.cwd()):
        return shlex.quote(str(path.relative_to(pathlib.Path.cwd())))
    return "python"


def line(tool, *arguments):
    """The command of `tool` with these arguments, each given once.

    Args:
        tool: Its name, such as "generate".
        *arguments: Such as `--network=runs/my faces`, not quoted yet.
    """
    return " ".join([program(tool), *map(quoted, last_of_each(arguments))])


def quoted(argument):
    """An argument as a shell reads it; of `--NAME=VALUE` the value alone."""
    match = re.fullmatch(r"(--?[\w.]+=)(.+)", argument, re.DOTALL)
    name, value = match.groups() if match else ("", argument)
    if terminal.escaped(value) == value:
        return name + shlex.quote(value)
    # Bash's other quotes, for what a terminal must not be sent.
    plain = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}$'{terminal.escaped(plain)}'"


def last_of_each(arguments):
    """The arguments without those that a later one gives again."""
    kept = {}  # by flag; a value may be an argument of its own
    name = None
    for argument in arguments:
        if argument.startswith("-"):
            name = argument.lstrip("-").partition("=")[0]
            kept.pop(name, None)
        kept.setdefault(name, []).append(argument)
    return [argument for each in kept.values() for argument in each]
