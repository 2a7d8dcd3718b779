"""Explains errors in the words of whoever started the tool."""

import errno
import pathlib
import sys

from absl import flags

from stylegan_tf import commands, files

# What is wrong with a path, and what to do.
_OF_PATHS = {
    errno.EACCES: "may not be read or written by you: change its permissions",
    errno.EEXIST: "exists already: remove it, or give another path",
    errno.EISDIR: "is a folder, and a file is needed: give a path in it",
    errno.ENAMETOOLONG: "is too long a name: give a shorter one",
    errno.ENOENT: "does not exist: give another path",
    errno.ENOTDIR: "lies below a file, or is one where a folder is needed",
    errno.EROFS: "is on a disk that can only be read: give another path",
}


def is_one(error):
    """Whether to explain an error; any other is a bug, with a traceback."""
    known = (ValueError, OSError, RuntimeError, ImportError, MemoryError)
    return isinstance(error, known) or _is_tensorflow(error)


def _is_tensorflow(error):
    return type(error).__module__.startswith("tensorflow")


def explained(error):
    """One line that says what happened and what to do."""
    if files.disk_is_full(error):
        return _disk_is_full(error)
    if getattr(error, "older", None):  # a `snapshot_files.DamagedError`
        return f"{error}{_with_older(error)}"
    kind = type(error).__name__
    if isinstance(error, MemoryError) or kind == "ResourceExhaustedError":
        return f"The memory is too small ({_first_line(error)}). {_smaller()}"
    of_path = _OF_PATHS.get(getattr(error, "errno", None))
    if of_path and error.filename is not None:
        return f"{error.filename} {of_path}"
    if not _is_tensorflow(error):
        return str(error)
    return f"{kind}: {_first_line(error)}. DEBUG=1 shows where."


def _first_line(error):
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".")


def _disk_is_full(error):
    """Names the file that could not be written, or the tool's output."""
    path = getattr(error, "filename", None)
    reason = getattr(error, "strerror", None) or _first_line(error)
    for name in ("output", "workdir", "json"):
        path = path or (name in flags.FLAGS and flags.FLAGS[name].value)
    return (
        f"The disk is full: {path or 'a file'} could not be written "
        f"({reason}). What was there before is as it was. Free "
        "some space, then type the same command again."
    )


def _smaller():
    """Says how this tool needs less memory."""
    if "config" in flags.FLAGS:
        field = "--config.training.max_batch_per_replica=8"
        return f"Accumulate gradients with, say, {field}."
    if "batch_size" in flags.FLAGS:
        return "Give a smaller --batch_size."
    return "Close other programs, or use a machine with more."


def _with_older(error):
    """The same command with the snapshot before a damaged one."""
    tool = pathlib.Path(sys.argv[0]).stem
    for name in ("network", "init_from"):
        if name in flags.FLAGS and flags.FLAGS[name].value == error.source:
            instead = f"--{name}={error.older}"
            return f" Try: {commands.line(tool, *sys.argv[1:], instead)}"
    return ""
