"""Lets one process at a time train in a run directory, or fill a folder."""

import contextlib
import fcntl
import os
import pathlib
import socket
import warnings

FILE = "training.lock"
_TAKEN = (
    "{folder} is being trained by {holder}. Wait until it ends, or stop "
    "it with Ctrl-C or SIGTERM, which saves; or give another --workdir."
)


@contextlib.contextmanager
def held(workdir, file=FILE, taken=_TAKEN):
    """Context in which no other process can do the same in `workdir`.

    The directory is made, and removed again if nothing was put into it. The
    system holds the lock for this process, and lets go of it however the
    process ends.

    Args:
        workdir: The directory.
        file: Name of the lock in it, there for as long as it is held.
        taken: The error's text, with places for {folder} and {holder}.

    Raises:
        ValueError: If another process holds it, which is named.
    """
    workdir = pathlib.Path(workdir)
    is_new = not workdir.exists()
    workdir.mkdir(parents=True, exist_ok=True)
    path = workdir / file
    file = _locked(path, taken)
    try:
        with contextlib.suppress(OSError):  # a full disk: only words are lost
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
            file.flush()
        yield
    finally:
        path.unlink(missing_ok=True)
        file.close()
        if is_new:
            with contextlib.suppress(OSError):  # not empty, as it should be
                workdir.rmdir()


def _locked(path, taken):
    """The open file at `path`, locked."""
    while True:
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(file)
            raise ValueError(
                taken.format(folder=path.parent, holder=holder)
            ) from error
        except OSError as error:
            warnings.warn(
                f"{path} can not be locked ({error.strerror}): make sure "
                "that no other process works there",
                stacklevel=3,
            )
            return file
        if _is_at(path, file):
            return file
        file.close()  # removed by the one that held it until now


def _holder(file):
    with file:
        file.seek(0)
        return file.read().strip() or "another process"


def _is_at(path, file):
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
