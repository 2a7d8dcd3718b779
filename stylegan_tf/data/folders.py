"""Store of the image files below a folder."""

import collections
import contextlib
import os
import pathlib

from stylegan_tf.data import files, regular


class FolderStore(files.FileStore):
    """Files below a folder, sorted by their path."""

    def __init__(self, path):
        names, unread = walk(path)
        super().__init__(path, sorted(names), unread)

    @contextlib.contextmanager
    def _open(self, name):
        with regular.open_file(pathlib.Path(self.path, name)) as file:
            yield file, os.fstat(file.fileno()).st_size


def walk(path):
    """Names of all regular files below `path`, and what can not be read.

    Links are followed, and a folder is listed once: by its own name rather
    than by that of a link to it.

    Returns:
        A list of names with / between folders, and a list of (name, reason).
    """
    names, unread, seen = [], [], set()
    waiting = collections.deque([""])  # folders of their own, then links
    while waiting:
        folder = waiting.popleft()
        full = os.path.join(path, folder)
        real = os.path.realpath(full)
        if real in seen:
            unread.append((folder, "leads to a folder that is read already"))
            continue
        seen.add(real)
        try:
            with os.scandir(full) as entries:
                entries = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"a folder that can not be listed ({error.strerror})"
            unread.append((folder, reason))
            continue
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            kind, reason = _kind(entry)
            if kind == "file":
                names.append(name)
            elif kind == "folder" and entry.is_symlink():
                waiting.append(name)
            elif kind == "folder":
                waiting.appendleft(name)
            else:
                unread.append((name, reason))
    return names, unread


def _kind(entry):
    """("file" | "folder" | None, why it is neither) of an `os.DirEntry`."""
    try:
        if entry.is_dir():
            return "folder", ""
        if entry.is_file():
            return "file", ""
        mode = entry.stat().st_mode
    except FileNotFoundError:
        return None, "a link that leads nowhere"
    except OSError as error:
        return None, f"can not be looked at ({error.strerror})"
    return None, f"{regular.kind(mode)}, not a regular file"
