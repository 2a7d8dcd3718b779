"""Opens npz files of styles and of directions, and says what is wrong."""

import zipfile
import zlib

import numpy as np


def read(path, wanted):
    """The arrays of an npz file by name.

    Args:
        path: The file.
        wanted: What it should hold, for the message.

    Raises:
        FileNotFoundError: If it is missing.
        ValueError: If it is another kind of file, or a damaged one.
    """
    try:
        found = _loaded(path)
        if isinstance(found, np.ndarray):
            raise ValueError("it is one array")
        with found:
            return {name: found[name] for name in found.files}
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{path} cannot be read as an npz file of {wanted}: {error}"
        ) from error


def _loaded(path):
    """As `np.load`, whose advice is to trust what it does not know."""
    try:
        return np.load(path, allow_pickle=False)
    except ValueError as error:
        raise ValueError("it is of another kind") from error
