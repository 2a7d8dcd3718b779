"""Draws samples of the same latents over the time of runs."""

import collections

import numpy as np

from stylegan_tf import images, pictures
from stylegan_tf.editing import histories
from stylegan_tf.editing.figures import plate

_LABEL, _BETWEEN, _TILE = 0.3, 0.06, 1.1  # inches of labels, of images at most
_PIXELS = 256  # that images are enlarged to, so that print keeps them sharp
_GAP = 24  # of these, between times

_SAME = 1.03  # times that differ by less share a column

# Its images as one, uint8 `[H, W, 3]`, a label for each column, and inches.
Strip = collections.namedtuple("Strip", "name image labels height")


def of_runs(workdirs, *, times, rows, width):
    """A `Strip` of every run that made samples, a list.

    A column is of one time, and empty where a run has no samples of it. The
    last is of the training set, once for each data set. Where there are few
    times, each shows several latents side by side.

    Args:
        workdirs: Run directories by name.
        times: How many columns, at most.
        rows: Of images.
        width: Inches that there are.
    """
    made = {
        name: found
        for name, workdir in workdirs.items()
        if (found := dict(histories.any_samples(workdir)))
    }
    shown = columns(made.values(), times)
    across = max(1, (times + 1) // (len(shown) + 1))
    labels = [f"{column[0] / 1000:.3g} kimg" for column in shown]
    strips, datasets = [], set()
    for name, found in made.items():
        paths = [
            next((found[seen] for seen in column if seen in found), None)
            for column in shown
        ]
        reals, dataset = histories.reals(workdirs[name])
        paths.append(None if dataset in datasets else reals)
        datasets.add(dataset)
        image = _image(workdirs[name], paths, rows, across)
        told = [*labels, "training set" if paths[-1] else ""]
        if strips:
            told = [""] * len(labels) + told[-1:]
        height = min(width * image.shape[0] / image.shape[1], _TILE * rows)
        height += _LABEL if any(told) else _BETWEEN
        strips.append(Strip(name, image, told, height))
    return strips


def columns(made, most):
    """Times of a figure, a list of lists: those that are the same but for 3 %.

    Args:
        made: `images_seen` of the samples of each run.
        most: How many times, at most; what all runs have is taken first.
    """
    found = []
    for seen in sorted({seen for each in made for seen in each}):
        if found and seen <= _SAME * found[-1][0]:
            found[-1].append(seen)
        else:
            found.append([seen])
    shared = [
        column
        for column in found
        if all(any(seen in each for seen in column) for each in made)
    ]
    shared = histories.chosen(shared, most)
    rest = [column for column in found if column not in shared]
    return sorted(shared + histories.chosen(rest, most - len(shared)))


def draw(figure, strips):
    """Draws strips below each other, on all of a figure."""
    # One width for all: the layout gives labels their room by itself.
    ratios = [each.image.shape[0] / each.image.shape[1] for each in strips]
    axes = figure.subplots(len(strips), 1, squeeze=False, height_ratios=ratios)
    for each, strip in zip(axes[:, 0], strips, strict=True):
        each.imshow(strip.image, interpolation="nearest")
        each.set_anchor("W")
        width = (strip.image.shape[1] + _GAP) / len(strip.labels)
        places = (np.arange(len(strip.labels)) + 0.5) * width - _GAP / 2
        each.set_xticks(places, strip.labels, fontsize=plate.TEXT)
        each.xaxis.tick_top()
        each.tick_params(length=0)
        each.set_yticks([])
        if len(strips) > 1:
            each.set_ylabel(strip.name, fontsize=plate.TEXT)
        each.spines[:].set_visible(False)


def _image(workdir, paths, rows, across):
    """Grids of a run beside each other, white where there is none."""
    blocks = [
        path and _block(histories.tiles(workdir, path, rows * across), across)
        for path in paths
    ]
    shape = next(each.shape for each in blocks if each is not None)
    empty = np.full(shape, 255, np.uint8)
    blocks = [empty if each is None else each for each in blocks]
    return np.concatenate(blocks, axis=1)[:, :-_GAP]


def _block(tiles, across):
    """Images in rows of `across`, with white on the right, `[H, W, 3]`."""
    tiles = images.enlarge(tiles, max(1, _PIXELS // tiles.shape[1]))
    block = pictures.to_rgb(pictures.grid(tiles, across))
    gap = [(0, 0), (0, _GAP), (0, 0)]
    return np.pad(block, gap, constant_values=255)
