"""One column of pixels over time: what sticks to the pixels, not the face.

arXiv 1912.04958, section 4 and figure 6. On a walk through the latents the
details of a progressively grown generator stay at places they prefer and then
jump: level lines in the strip. Where they move with the face, lines bend.
"""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf import pictures
from stylegan_tf.editing.figures import plate

_RED = (255, 40, 40)


def draw(films, *, at=0.5, fps=30):
    """The figure, a row a network: its first frame and the strip.

    Args:
        films: Pairs of a title and the frames of a walk, an iterable over
            uint8 `[H, W, C]`.
        at: Where the column is, from 0 at the left to 1 at the right.
        fps: Frames a second.
    """
    figure = plate.blank(9, 1.8 * len(films) + 0.6, layout="constrained")
    axes = figure.subplots(
        len(films), 2, squeeze=False, width_ratios=(1, 4), sharex="col"
    )
    for (title, frames), (left, right) in zip(films, axes, strict=True):
        first, columns = strip(frames, at)
        left.imshow(marked(first, at), interpolation="none")
        left.set(xticks=[], yticks=[])
        left.set_ylabel(title, fontsize=plate.TEXT)
        height, count, _ = columns.shape
        right.imshow(
            pictures.to_rgb(columns),
            aspect="auto",
            interpolation="none",
            extent=(0, count / fps, height, 0),
        )
        right.set(yticks=[])
        right.tick_params(labelsize=plate.TEXT)
    axes[0, 0].set_title("first frame", fontsize=plate.TEXT)
    axes[0, 1].set_title("its marked column over time", fontsize=plate.TEXT)
    axes[-1, 1].set_xlabel("seconds", fontsize=plate.TEXT)
    return figure


def strip(frames, at=0.5):
    """The first frame, and one column of all side by side `[H, F, C]`.

    Args:
        frames: An iterable over uint8 `[H, W, C]`.
        at: As of `draw`.
    """
    first, columns = None, []
    for frame in frames:
        first = frame if first is None else first
        columns.append(frame[:, _column(frame, at)])
    return first, np.stack(columns, axis=1)


def side_by_side(films, *, at=0.5):
    """Yields frames of all networks at one height, the column marked.

    Args:
        films: As of `draw`.
        at: As of `draw`.
    """
    for row in zip(*(frames for _, frames in films), strict=True):
        tallest = max(len(frame) for frame in row)
        row = [
            images_lib.enlarge(frame[None], tallest // len(frame))[0]
            for frame in row
        ]
        row = [
            np.pad(frame, [(0, tallest - len(frame)), (0, 0), (0, 0)])
            for frame in row
        ]
        yield np.concatenate([marked(frame, at) for frame in row], axis=1)


def marked(frame, at):
    """A frame in RGB with a red tick above and below the column."""
    frame, column = pictures.to_rgb(frame), _column(frame, at)
    tick = max(len(frame) // 16, 1)
    frame[:tick, column] = frame[-tick:, column] = _RED
    return frame


def _column(frame, at):
    return min(int(at * frame.shape[1]), frame.shape[1] - 1)
