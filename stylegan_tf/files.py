"""Writes files and folders whole or not at all; names them on a full disk."""

import contextlib
import ctypes
import errno
import glob
import os
import pathlib
import re
import shutil
import socket

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_UNFINISHED = ".unfinished-"  # before what is written, by which process
# Behind what is deleted, and what is away while the next one takes its name.
_DELETED, _AWAY = ".old", ".away"
_MANY = 100  # files, beyond which one sync of all is the faster
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE


def for_tensorflow(path):
    """`path` as the text that TensorFlow opens it by, and ONNX Runtime.

    TensorFlow takes every name for UTF-8; Python's text is by the locale, and
    where that is another one, TensorFlow would make a file of another name.

    Raises:
        ValueError: If the name is not UTF-8, which TensorFlow can not open.
    """
    try:
        return os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            "TensorFlow opens names in UTF-8 only. Received: "
            f"{path}. Rename the folder, or give another."
        ) from error


def disk_is_full(error):
    """Whether an error says that the disk, not the memory, is full."""
    return _number(error) in _DISK_FULL


@contextlib.contextmanager
def naming(path):
    """Context of writing `path`, whose errors of the disk then name it.

    Python's errors name what could not be opened, such as our temporary file,
    not what could not be written; TensorFlow's call a full disk exhausted
    resources.
    """
    try:
        yield
    except Exception as error:
        number, named = _number(error), getattr(error, "filename", None)
        ours = f"{_UNFINISHED}{socket.gethostname()}-{os.getpid()}-"
        if number is None or (named is not None and ours not in str(named)):
            raise
        named = path if named is None else str(named).replace(ours, "")
        raise OSError(number, os.strerror(number), str(named)) from error


def write(path, content):
    """Writes a file of text or bytes, whole or not at all.

    Through a link, as editors do.
    """
    path = pathlib.Path(path)
    with whole(path.resolve() if path.is_symlink() else path) as temporary:
        if isinstance(content, str):
            temporary.write_text(content)
        else:
            temporary.write_bytes(content)


@contextlib.contextmanager
def whole(path):
    """A temporary path that takes the name `path` if the block succeeds.

    The block makes a file or a folder of it, which takes the place of what is
    at `path`: where the system can exchange two names, one of the two is
    there at every moment. Whatever ends the block, nothing else is left; what
    a killed process left goes when the next one writes `path`, or by `tidy`.
    The temporary name keeps the suffix, which says the format to some writers.
    """
    path = pathlib.Path(path)
    with unfinished(path) as temporary:
        yield temporary
        _sync(temporary)
        _replace(temporary, path)
        _sync(path.parent, is_deep=False)


@contextlib.contextmanager
def unfinished(path):
    """A temporary path beside `path`, which the block renames or loses."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    start, end = f"{_UNFINISHED}{socket.gethostname()}-", f"-{path.name}"
    for left in path.parent.glob(glob.escape(start) + "*" + glob.escape(end)):
        process = left.name.removeprefix(start).removesuffix(end)
        if process.isdigit() and not _is_alive(int(process)):
            remove(left)
    temporary = path.with_name(f"{start}{os.getpid()}{end}")
    remove(temporary)
    try:
        with naming(path):
            yield temporary
    finally:
        remove(temporary)


def next_number(folder):
    """The number after the largest that something in a folder is called."""
    names = (path.name for path in pathlib.Path(folder).glob("[0-9]*"))
    return 1 + max(map(int, filter(str.isdecimal, names)), default=0)


def take_number(temporary, folder):
    """Renames a whole folder to the next number in `folder`; its new path.

    Of several processes that do so at once each gets a number of its own:
    no name is taken from a folder that holds something.
    """
    _sync(temporary)
    while True:
        path = pathlib.Path(folder, str(next_number(folder)))
        try:
            os.rename(temporary, path)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        else:
            _sync(path.parent, is_deep=False)
            return path


def remove_folder(path):
    """Deletes a folder, which nobody may see half of."""
    hidden = _beside(path, _DELETED)
    remove(hidden)
    os.replace(path, hidden)
    remove(hidden)


def remove(path):
    """Deletes whatever is called `path`, if anything is.

    Of a link it is the link that goes, never what it leads to.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def tidy(folder, name):
    """Removes what killed processes left, in a folder where nobody writes.

    Args:
        folder: Where they wrote or deleted folders.
        name: Regular expression of the names of these.
    """
    # Earlier versions wrote to .NAME.tmp.
    left = re.compile(
        rf"{re.escape(_UNFINISHED)}.*-({name})|"
        rf"\.({name})(\.tmp|{re.escape(_DELETED)}|{re.escape(_AWAY)})"
    )
    for path in sorted(pathlib.Path(folder).glob(".*")):
        match = left.fullmatch(path.name)
        if not match or not path.is_dir():
            continue
        whole = path.with_name(match[1] or match[2])
        if match[3] == _AWAY and not whole.exists():
            os.replace(path, whole)  # killed before the next one came
        else:
            remove(path)


def _number(error):
    """The `errno` of an error of the disk, or None."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    text = str(error)  # TensorFlow's have no number
    return next((n for n in _DISK_FULL if os.strerror(n) in text), None)


def _is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _sync(path, is_deep=True):
    """Waits until a file, or a folder with all in it, is on the disk."""
    found = [*path.rglob("*"), path] if is_deep else [path]
    if len(found) > _MANY:
        os.sync()
        return
    for each in found:
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise  # some file systems know no sync of a folder
        finally:
            os.close(descriptor)


def _beside(path, suffix):
    return path.with_name(f".{path.name}{suffix}")


def _replace(temporary, path):
    """Renames `temporary` to `path`; a folder there may take its old name."""
    if not (temporary.is_dir() and os.path.lexists(path)):
        os.replace(temporary, path)
    elif not _exchange(temporary, path):
        away = _beside(path, _AWAY)
        remove(away)
        os.replace(path, away)
        os.replace(temporary, path)
        remove(away)


def _exchange(one, other):
    """Exchanges two names at once; False where that can not be done."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):  # not Linux
        return False
    names = os.fsencode(one), os.fsencode(other)
    return rename(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0
