"""Figures that may be films: MP4, WebP or GIF."""

import pathlib

from stylegan_tf.editing import video


def is_one(flags):
    """Whether the output is to be one; `flags` are `flags.FLAGS`."""
    return pathlib.Path(flags.output).suffix.lower() in video.SUFFIXES


def fps(flags):
    """Frames a second."""
    return flags.fps or {"training": 4, "phase": 30}[flags.figure]
