"""Opens regular files only: a pipe or a device may never end."""

import os
import stat

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)  # a pipe has no writer yet
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
}


def open_file(path):
    """Binary file at `path`; an `OSError` that names what is none."""
    file = open(path, "rb", opener=_open)
    mode = os.fstat(file.fileno()).st_mode
    if not stat.S_ISREG(mode):
        file.close()
        kind = _KINDS.get(stat.S_IFMT(mode), "a special file")
        error = OSError(f"{path} is {kind}, not a regular file")
        error.strerror = f"{kind}, not a regular file"
        raise error
    return file


def read(path):
    """Bytes of the file at `path`."""
    with open_file(path) as file:
        return file.read()


def _open(path, flags):
    return os.open(path, flags | _WITHOUT_WAITING)
