"""Files and folders: whole or not there, named when the disk is full."""

import contextlib
import ctypes
import errno
import os
import pathlib
import re
import shutil

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
# Beside a folder: the next one half-written, the last one half-deleted, and
# the last one while the next one takes its name.
_NEXT, _LAST, _AWAY = ".tmp", ".old", ".away"
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
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _DISK_FULL
    text = str(error)  # TensorFlow's have no number
    return any(os.strerror(number) in text for number in _DISK_FULL)


@contextlib.contextmanager
def naming(path):
    """Context of writing `path`, whose errors of the disk then name it.

    Python's errors name what could not be opened, not what could not be
    written; TensorFlow's call a full disk exhausted resources.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        text = error.strerror or os.strerror(error.errno)
        raise OSError(error.errno, text, str(path)) from error
    except Exception as error:
        if not disk_is_full(error):
            raise
        (number, *_) = (n for n in _DISK_FULL if os.strerror(n) in str(error))
        raise OSError(number, os.strerror(number), str(path)) from error


def write(path, content):
    """Writes a file of text or bytes, whole or not at all."""
    with whole(path) as temporary:
        if isinstance(content, str):
            temporary.write_text(content)
        else:
            temporary.write_bytes(content)


@contextlib.contextmanager
def whole(path):
    """A temporary path that takes the name `path` if the block succeeds.

    Whatever ends the block, nothing is left of it. The name keeps its suffix,
    which says the format to some writers.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".unfinished-{path.name}")
    remove(temporary)
    try:
        with naming(path):
            yield temporary
            _sync(temporary)
            os.replace(temporary, path)
            _sync(path.parent, is_deep=False)
    finally:
        remove(temporary)


@contextlib.contextmanager
def whole_folder(path):
    """A temporary folder that takes the name `path` if the block succeeds.

    It takes the place of a folder that is there, and there is one at every
    moment where the system can exchange two names. `tidy` clears up after a
    process that was killed here.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path, _NEXT)
    remove(temporary)
    try:
        with naming(path):
            temporary.mkdir()
            yield temporary
            _sync(temporary)
            _replace(temporary, path)
            _sync(path.parent, is_deep=False)
    finally:
        remove(temporary)


def remove_folder(path):
    """Deletes a folder, which nobody may see half of."""
    hidden = _beside(path, _LAST)
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
    """Removes what killed processes left of folders half-written.

    Args:
        folder: Where they are.
        name: Regular expression of their names.
    """
    suffixes = "|".join(map(re.escape, (_NEXT, _LAST, _AWAY)))
    for path in sorted(pathlib.Path(folder).glob(".*")):
        match = re.fullmatch(rf"\.({name})({suffixes})", path.name)
        if not match or not path.is_dir():
            continue
        whole = path.with_name(match[1])
        if match[2] == _AWAY and not whole.exists():
            os.replace(path, whole)  # killed before the next one came
        else:
            shutil.rmtree(path)


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


def _replace(folder, path):
    """Renames `folder` to `path`; what was there may be left at `folder`."""
    if not os.path.lexists(path):
        os.replace(folder, path)
    elif not _exchange(folder, path):
        away = _beside(path, _AWAY)
        remove(away)
        os.replace(path, away)
        os.replace(folder, path)
        remove(away)


def _exchange(one, other):
    """Exchanges two names at once; False where that can not be done."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):  # not Linux
        return False
    names = os.fsencode(one), os.fsencode(other)
    return rename(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0
