"""Figures that may be films: MP4, WebP or GIF."""

import pathlib

from stylegan_tf.editing import video


def is_one(given):
    """Whether the output is to be one; `given` are `flags.FLAGS`."""
    return pathlib.Path(given.output).suffix.lower() in video.SUFFIXES


def fps(given):
    """Frames a second."""
    return given.fps or {"training": 4, "phase": 30}[given.figure]
