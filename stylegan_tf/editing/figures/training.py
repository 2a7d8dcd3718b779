"""Draws how runs went: samples over time, losses, and what was measured."""

import collections

import numpy as np

from stylegan_tf import images, pictures, run_directory
from stylegan_tf.editing import histories
from stylegan_tf.editing.figures import plate

# Okabe and Ito's, which most colour-blind people can tell apart.
COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#000000", "#999999"),
)
_TIMES = 8  # columns of samples
_WIDTH, _PANEL = 10.5, 2.2  # inches, of the figure and high of a panel
_LABEL, _TILE = 0.3, 1.1  # inches of labels, of an image at most
_ACROSS = 4  # panels in a row
_PIXELS = 256  # that images are enlarged to, so that print keeps them sharp
_GAP = 24  # of these, between times
_SMALL = {"fontsize": plate.TEXT - 2}
_WINDOWS = 25  # how many means of a curve fit beside each other
_METRIC = run_directory.METRICS_PREFIX
# What one run draws together, and how each line is called.
_OF_ONE = {
    "losses": {"loss/generator": "G", "loss/discriminator": "D"},
    "mean score of D": {"scores/real": "real", "scores/fake": "generated"},
    "R1 penalty": {"penalty/r1": ""},
    "path length": {"path_length/length": "length", "path_length/mean": "mean"},
}
_OF_SEVERAL = {
    "loss of G": {"loss/generator": ""},
    "loss of D": {"loss/discriminator": ""},
    "path length": {"path_length/length": ""},
}
_LOG_FROM = 10  # times the smallest: a metric's axis is logarithmic then


def draw(workdirs, panels, *, times=_TIMES, count=4):
    """A matplotlib `Figure` of one run, or of several beside each other.

    One run has a row of samples for each latent; of several each has one
    row, and a line in every panel.

    Args:
        workdirs: Run directories by name, of `histories.find`.
        panels: What `panels` gave.
        times: How often samples are shown, at most.
        count: How many rows of samples a single run has.
    """
    strips = _strips(workdirs, times, count)
    below = -(-len(panels) // _across(len(panels))) * _PANEL
    above = sum(each.height for each in strips)
    figure = plate.blank(_WIDTH, above + below, layout="constrained")
    if not strips:
        _draw_panels(figure.subfigures(), panels, list(workdirs))
        return figure
    upper, lower = figure.subfigures(2, 1, height_ratios=[above, below])
    _draw_strips(upper, strips)
    _draw_panels(lower, panels, list(workdirs))
    return figure


def panels(workdirs, names=()):
    """What each panel shows, a dict: label, kimg, values of lines by title.

    Args:
        workdirs: Run directories by name, of `histories.find`.
        names: What to draw, parts of names such as "fid"; by default what was
            measured, and losses.

    Raises:
        ValueError: If the runs logged none of it.
    """
    curves = {run: histories.curves(each) for run, each in workdirs.items()}
    found = _panels(curves, names)
    if not found:
        known = sorted({name for each in curves.values() for name in each})
        raise ValueError(
            f"These runs logged no {' or '.join(names) or 'loss'}. They have: "
            f"{', '.join(known) or 'nothing yet'}"
        )
    return found


Strip = collections.namedtuple("Strip", "name image kimg height")


def _strips(workdirs, times, count):
    """A `Strip` of every run that made samples.

    Where these are few, each time shows several latents side by side.
    """
    found = []
    for name, workdir in workdirs.items():
        shown = min(len(histories.any_samples(workdir)), times)
        if not shown:
            continue
        across = max(1, (times + 1) // (shown + 1))
        rows = count if len(workdirs) == 1 else 1
        columns, kimg = histories.strip(
            workdir, times=times, count=rows * across
        )
        blocks = [_block(each, across) for each in columns]
        side = columns[0].shape[1] * max(1, _PIXELS // columns[0].shape[1])
        image = np.concatenate(blocks, axis=1)[:, : -_GAP or None]
        height = _WIDTH * image.shape[0] / image.shape[1]
        height = min(height, _TILE * image.shape[0] / side)
        found.append(Strip(name, image, kimg, height + _LABEL))
    return found


def _block(tiles, across):
    """Images in rows of `across`, with white on the right, `[H, W, 3]`."""
    tiles = images.enlarge(tiles, max(1, _PIXELS // tiles.shape[1]))
    block = pictures.to_rgb(pictures.grid(tiles, across))
    gap = [(0, 0), (0, _GAP), (0, 0)]
    return np.pad(block, gap, constant_values=255)


def _draw_strips(figure, strips):
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


def _panels(curves, names):
    """`panels`, of what `histories.curves` gave by run."""
    logged = sorted({name for each in curves.values() for name in each})
    if names:
        logged = [each for each in logged if any(n in each for n in names)]
    wanted = {
        name.removeprefix(_METRIC): {name: ""}
        for name in logged
        if names or name.startswith(_METRIC)
    }
    if not names:
        wanted |= _OF_ONE if len(curves) == 1 else _OF_SEVERAL
    found = {}
    for title, lines in wanted.items():
        found[title] = [
            (label if len(curves) == 1 else run, *curve)
            for run, own in curves.items()
            for name, label in lines.items()
            if (curve := own.get(name)) is not None
        ]
    return {title: lines for title, lines in found.items() if lines}


def _draw_panels(figure, panels, runs):
    """Curves of every panel; one legend where they are of several runs."""
    across = _across(len(panels))
    rows = -(-len(panels) // across)
    axes = figure.subplots(rows, across, squeeze=False).ravel()
    for each in axes[len(panels) :]:
        each.remove()
    colour = _colours(runs)
    for each, (title, lines) in zip(axes, panels.items(), strict=False):
        if len(lines) > 1 and all(len(values) == 1 for *_, values in lines):
            _draw_bars(each, lines, colour)
        else:
            for index, (label, kimg, values) in enumerate(lines):
                own = colour.get(label, COLOURS[index])
                _draw_line(each, kimg, values, label, own)
            each.set_xlabel("kimg", fontsize=plate.TEXT)
            if title not in _OF_ONE and title not in _OF_SEVERAL:
                _fit_axis(each, np.concatenate([line[2] for line in lines]))
        each.set_title(title, fontsize=plate.TEXT)
        each.tick_params(labelsize=plate.TEXT - 1)
        each.spines[["top", "right"]].set_visible(False)
        if len(runs) == 1 and len(lines) > 1:
            each.legend(fontsize=plate.TEXT - 1, frameon=False)
    if len(runs) > 1:
        _draw_legend(figure, colour)


def _colours(runs):
    """A colour for every run, if they are several."""
    if len(runs) == 1:
        return {}
    return {run: COLOURS[i % len(COLOURS)] for i, run in enumerate(runs)}


def _across(count):
    """Panels in a row: 4, or 3 if fewer places are then left empty."""
    if count <= _ACROSS:
        return count
    return min(_ACROSS, _ACROSS - 1, key=lambda each: -count % each)


def _draw_legend(figure, colour):
    from matplotlib import lines

    handles = [lines.Line2D([], [], color=each) for each in colour.values()]
    figure.legend(
        handles,
        [*colour],
        loc="outside upper center",
        ncols=len(colour),
        fontsize=plate.TEXT,
        frameon=False,
    )


def _draw_bars(axes, lines, colour):
    """What was measured once, of every run."""
    for place, (run, _, values) in enumerate(lines):
        axes.bar(place, values[0], color=colour[run])
        text = f"{values[0]:.3g}"
        axes.text(place, values[0], text, ha="center", va="bottom", **_SMALL)
    axes.set_xticks(range(len(lines)), [run for run, *_ in lines])
    axes.set_xlabel(f"run, at {lines[0][1][0]:g} kimg", fontsize=plate.TEXT)


def _fit_axis(axes, values):
    """A logarithmic axis for a metric that falls far."""
    from matplotlib import ticker

    if not 0 < values.min() * _LOG_FROM < values.max():
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(ticker.NullLocator())


def _draw_line(axes, kimg, values, label, colour):
    """Few points as they are; many as their mean over a window, and faintly."""
    window = len(values) // _WINDOWS
    if window < 2:
        marker = "o" if len(values) <= _WINDOWS else None
        axes.plot(kimg, values, color=colour, label=label, marker=marker, ms=3)
        return
    axes.plot(kimg, values, color=colour, alpha=0.25, linewidth=0.6)
    axes.plot(
        kimg, histories.smoothed(values, window), color=colour, label=label
    )
