"""Draws samples of the same latents over the time of runs."""

import collections

import numpy as np

from stylegan_tf import images, pictures
from stylegan_tf.editing import histories
from stylegan_tf.editing.figures import plate

_LABEL, _TILE = 0.3, 1.1  # inches of labels, of an image at most
_PIXELS = 256  # that images are enlarged to, so that print keeps them sharp
_GAP = 24  # of these, between times

# Its images as one, uint8 `[H, W, 3]`, their times, and inches.
Strip = collections.namedtuple("Strip", "name image kimg height")


def of_runs(workdirs, *, times, rows, width):
    """A `Strip` of every run that made samples, a list.

    Where a run made few, each time shows several latents side by side.

    Args:
        workdirs: Run directories by name.
        times: How many columns, at most.
        rows: Of images.
        width: Inches that there are.
    """
    found = []
    for name, workdir in workdirs.items():
        shown = min(len(histories.any_samples(workdir)), times)
        if not shown:
            continue
        across = max(1, (times + 1) // (shown + 1))
        columns, kimg = histories.strip(
            workdir, times=times, count=rows * across
        )
        blocks = [_block(each, across) for each in columns]
        image = np.concatenate(blocks, axis=1)[:, :-_GAP]
        height = min(
            width * image.shape[0] / image.shape[1],
            _TILE * -(-len(columns[0]) // across),
        )
        found.append(Strip(name, image, kimg, height + _LABEL))
    return found


def draw(figure, strips):
    """Draws strips below each other, on all of a figure."""
    ratios = [each.height for each in strips]
    axes = figure.subplots(len(strips), 1, squeeze=False, height_ratios=ratios)
    for each, strip in zip(axes[:, 0], strips, strict=True):
        each.imshow(strip.image, interpolation="nearest")
        each.set_anchor("W")
        width = (strip.image.shape[1] + _GAP) / len(strip.kimg)
        places = (np.arange(len(strip.kimg)) + 0.5) * width - _GAP / 2
        labels = [
            "training set" if kimg is None else f"{kimg:.3g} kimg"
            for kimg in strip.kimg
        ]
        each.set_xticks(places, labels, fontsize=plate.TEXT)
        each.xaxis.tick_top()
        each.tick_params(length=0)
        each.set_yticks([])
        if len(strips) > 1:
            each.set_ylabel(strip.name, fontsize=plate.TEXT)
        each.spines[:].set_visible(False)


def _block(tiles, across):
    """Images in rows of `across`, with white on the right, `[H, W, 3]`."""
    tiles = images.enlarge(tiles, max(1, _PIXELS // tiles.shape[1]))
    block = pictures.to_rgb(pictures.grid(tiles, across))
    gap = [(0, 0), (0, _GAP), (0, 0)]
    return np.pad(block, gap, constant_values=255)
