"""Store of the image files below a folder."""

import collections
import contextlib
import os
import pathlib
import posixpath

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
    """Names of all files below `path`, and of folders that can not be read.

    Links are followed, and a folder is listed once: by its own name rather
    than by that of a link to it.

    Returns:
        A list of names with / between folders, and a list of (name, reason).
    """
    names, unread, seen = [], [], set()
    waiting = collections.deque([""])  # real folders first, then links
    while waiting:
        folder = waiting.popleft()
        real = os.path.realpath(os.path.join(path, folder))
        if real in seen:
            unread.append((folder, "leads to a folder that is read already"))
            continue
        seen.add(real)
        try:
            entries = _entries(path, folder)
        except OSError as error:
            reason = f"a folder that can not be listed ({error.strerror})"
            unread.append((folder, reason))
            continue
        for name, is_folder, is_link in entries:
            if not is_folder:
                names.append(name)
            elif is_link:
                waiting.append(name)
            else:
                waiting.appendleft(name)
    return names, unread


def _entries(path, folder):
    """Triples (name from `path`, is it a folder, is it a link), sorted."""
    with os.scandir(os.path.join(path, folder)) as entries:
        return sorted(
            (
                posixpath.join(folder, entry.name),
                _is_folder(entry),
                entry.is_symlink(),
            )
            for entry in entries
        )


def _is_folder(entry):
    try:
        return entry.is_dir()
    except OSError:  # links that form a ring: reading one says so
        return False
