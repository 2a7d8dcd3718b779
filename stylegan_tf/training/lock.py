"""Lets one process at a time train in a run directory."""

import contextlib
import fcntl
import os
import pathlib
import socket
import warnings

FILE = "training.lock"


@contextlib.contextmanager
def held(workdir):
    """Context in which no other process can train in `workdir`.

    The directory is made, and removed again if nothing was put into it. The
    system holds the lock for this process, and lets go of it however the
    process ends.

    Raises:
        ValueError: If another process holds it, which is named.
    """
    workdir = pathlib.Path(workdir)
    is_new = not workdir.exists()
    workdir.mkdir(parents=True, exist_ok=True)
    path = workdir / FILE
    file = _locked(path)
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


def _locked(path):
    """The open file at `path`, locked."""
    while True:
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ValueError(_taken(file, path.parent)) from error
        except OSError as error:
            warnings.warn(
                f"{path} can not be locked ({error.strerror}): make sure "
                "that no other process trains there",
                stacklevel=3,
            )
            return file
        if _is_at(path, file):
            return file
        file.close()  # removed by the one that held it until now


def _taken(file, workdir):
    file.seek(0)
    who = file.read().strip() or "another process"
    file.close()
    return (
        f"{workdir} is being trained by {who}. Wait until it ends, or stop "
        "it with Ctrl-C or SIGTERM, which saves; or give another --workdir."
    )


def _is_at(path, file):
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
