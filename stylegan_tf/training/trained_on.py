"""What data a run was trained on, told again without them.

A few numbers and the pixels of a few images say whether two data sets are
the same, wherever they lie and however they are packed.
"""

import hashlib
import json
import pathlib

import numpy as np

from stylegan_tf import files, run_directory

_SAMPLES = 8  # images whose pixels are looked at


def describe(source, label_size):
    """Dict of a data set.

    Args:
        source: A `data.sources.Source`.
        label_size: Of the labels that are used; 0 means none.
    """
    places = np.linspace(0, len(source) - 1, _SAMPLES).astype(int)
    digest = hashlib.sha256()
    for index in np.unique(places):
        digest.update(source.image(index).tobytes())
        if label_size:
            digest.update(source.label_rows[index].tobytes())
    return {
        "path": source.path,
        "images": len(source),
        "shape": list(source.image_shape),
        "label_size": label_size,
        "samples": digest.hexdigest()[:16],
    }


def change(workdir, now):
    """One line if the run in `workdir` saw other data so far, else "".

    Args:
        workdir: The run directory; older ones tell nothing of their data.
        now: What `describe` says of the data to go on with.
    """
    try:
        path = pathlib.Path(workdir) / run_directory.DATA
        before = json.loads(path.read_text())
    except (OSError, ValueError):
        return ""
    if {**before, "path": ""} == {**now, "path": ""}:
        return ""
    return (
        f"{workdir} was trained on other data so far: {_words(before)}. Now "
        f"asked for: {_words(now)}."
    )


def remember(workdir, now):
    """Writes what `describe` says into the run directory."""
    path = pathlib.Path(workdir) / run_directory.DATA
    files.write(path, json.dumps(now, indent=2) + "\n")


def _words(described):
    height, width, channels = described["shape"]
    return (
        f"{described['images']:,} images of {width}x{height}x{channels} from "
        f"{described['path']}"
    )
