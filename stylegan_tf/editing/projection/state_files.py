"""Keeps where a batch of projections is, so that it can go on."""

import numpy as np

from stylegan_tf import files
from stylegan_tf.editing import archives
from stylegan_tf.editing.projection import projector

_LISTS = ("values", "first", "second")


def write(path, state):
    """Writes a `projector.State`, whole or not at all."""
    arrays = {
        f"{name}_{index:02}": np.asarray(each)
        for name in _LISTS
        for index, each in enumerate(getattr(state, name))
    }
    with files.whole(path) as temporary, temporary.open("wb") as file:
        np.savez(file, step=state.step, **arrays)


def read(path):
    """The `projector.State` of a file."""
    arrays = archives.read(path, "a projection's state")
    step = int(arrays.pop("step"))
    lists = [
        [arrays[key] for key in sorted(arrays) if key.startswith(name)]
        for name in _LISTS
    ]
    return projector.State(step, *lists)
