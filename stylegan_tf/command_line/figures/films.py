"""Figures that may be films: MP4, WebP or GIF; `flags` are `flags.FLAGS`."""

import pathlib

from stylegan_tf.editing import video


def is_one(flags):
    """Whether the output is to be one."""
    return pathlib.Path(flags.output).suffix.lower() in video.SUFFIXES


def fps(flags):
    """Frames a second."""
    return flags.fps or {"training": 4, "phase": 30}[flags.figure]
