"""Pictures of projections: at some steps, as videos, all on one sheet."""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf import pictures
from stylegan_tf.data import decode
from stylegan_tf.editing import video as video_lib

FPS = 30
_MOST_FRAMES = 150  # five seconds
_MOST_ROWS = 16
_SMALLEST_TILE = 128  # pixels of the sheet


class Album:
    """Writes the pictures of a job, and makes videos and a sheet of them.

    Args:
        folder: Where they go.
        unfinished: Where those that are needed for the videos alone go.
        projector: A `projector.Projector`.
        snapshots: How many steps to keep pictures of.
        video: Suffix of the videos, such as `.mp4`; "" for none.
    """

    def __init__(self, folder, unfinished, projector, *, snapshots, video):
        self._folder, self._unfinished = folder, unfinished
        self._projector, self._steps = projector, projector.steps
        self._shown, self._video = marks(self._steps, snapshots), video
        self._frames = frames(self._steps) if video else ()

    def write_targets(self, targets):
        """Writes NAME-target.png of each."""
        for name, image in zip(targets.names, targets.images, strict=True):
            images_lib.write_png(self._folder / f"{name}-target.png", image)

    def write_step(self, names, state, goal):
        """Writes NAME-step0200.png of each, if it is one of the steps."""
        places = [self._folder] if state.step in self._shown else []
        places += [self._unfinished] if state.step in self._frames else []
        if not places:
            return
        made, _ = self._projector.show(state, goal)
        for name, image in zip(names, images_lib.to_uint8(made), strict=False):
            for place in places:
                images_lib.write_png(_path(place, name, state.step), image)

    def write_videos(self, targets):
        """Writes NAME.mp4 of each: the target, and beside it what changes.

        The last frame stays for a second.
        """
        if not self._video:
            return
        for name, image in zip(targets.names, targets.images, strict=True):
            pairs = (
                np.concatenate([image, _read(self._unfinished, name, step)], 1)
                for step in [*self._frames, *[self._steps] * FPS]
            )
            path = self._folder / f"{name}{self._video}"
            video_lib.write(path, pairs, fps=FPS)

    def write_sheet(self, path, targets):
        """Writes targets and steps side by side, of the first 16 images."""
        names = targets.names[:_MOST_ROWS]
        factor = max(_SMALLEST_TILE // targets.images.shape[1], 1)
        cells = [
            [image, *(_read(self._folder, name, step) for step in self._shown)]
            for name, image in zip(names, targets.images, strict=False)
        ]
        cells = [images_lib.enlarge(np.stack(row), factor) for row in cells]
        columns = ["target", *(f"step {step}" for step in self._shown)]
        sheet = pictures.sheet(cells, rows=names, columns=columns)
        images_lib.write_png(path, sheet)


def marks(steps, count):
    """Steps to show, rising, the last one always: the official projector's."""
    before_end = np.linspace(0, steps, count, endpoint=False, dtype=int)
    return sorted({steps - int(each) for each in before_end})


def frames(steps):
    """Steps of a video, at most 151, the last one always."""
    every = -(-steps // _MOST_FRAMES)
    return sorted({*range(every, steps, every), steps})


def _path(folder, name, step):
    return folder / f"{name}-step{step:04d}.png"


def _read(folder, name, step):
    return decode.pixels(_path(folder, name, step).read_bytes())
