"""Draws how runs went: samples over time, losses, and what was measured."""

import numpy as np

from stylegan_tf import run_directory
from stylegan_tf.editing import histories
from stylegan_tf.editing.figures import curves, plate, samples

_TIMES = 8  # columns of samples
_WIDTH, _PANEL = 10.5, 2.2  # inches, of the figure and high of a panel
_ACROSS = 4  # panels in a row
_WORDS, _LINE = 3, 0.2  # numbers in a line of text, and its inches
_SMALL = {"fontsize": plate.TEXT - 2}
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


def draw(workdirs, shown, *, times=_TIMES, count=4):
    """A matplotlib `Figure` of one run, or of several beside each other.

    One run has a row of samples for each latent; of several each has one
    row, and a line in every panel.

    Args:
        workdirs: Run directories by name, of `histories.find`.
        shown: What `panels` gave.
        times: How often samples are shown, at most.
        count: How many rows of samples a single run has.
    """
    rows = count if len(workdirs) == 1 else 1
    shown, once = _without_lonely(shown) if len(workdirs) == 1 else (shown, "")
    strips = samples.of_runs(workdirs, times=times, rows=rows, width=_WIDTH)
    below = -(-len(shown) // _across(len(shown))) * _PANEL
    below += _LINE * (once.count("\n") + bool(once))
    above = sum(each.height for each in strips)
    figure = plate.blank(_WIDTH, above + below, layout="constrained")
    if strips:
        upper, lower = figure.subfigures(2, 1, height_ratios=[above, below])
        samples.draw(upper, strips)
    else:
        lower = figure.subfigures()
    _draw_panels(lower, shown, list(workdirs))
    lower.supxlabel(once, fontsize=plate.TEXT)
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
    logged = {run: histories.curves(each) for run, each in workdirs.items()}
    found = _panels(logged, names)
    if not found:
        known = sorted({name for each in logged.values() for name in each})
        raise ValueError(
            f"These runs logged no {' or '.join(names) or 'loss'}. They have: "
            f"{', '.join(known) or 'nothing yet'}"
        )
    return found


def _panels(logged, names):
    """`panels`, of what `histories.curves` gave by run."""
    known = sorted({name for each in logged.values() for name in each})
    if names:
        known = [each for part in names for each in known if part in each]
    wanted = {
        name.removeprefix(_METRIC): {name: ""}
        for name in known
        if names or name.startswith(_METRIC)
    }
    if not names:
        wanted |= _OF_ONE if len(logged) == 1 else _OF_SEVERAL
    found = {}
    for title, lines in wanted.items():
        found[title] = [
            (label if len(logged) == 1 else run, *curve)
            for run, own in logged.items()
            for name, label in lines.items()
            if (curve := own.get(name)) is not None
        ]
    return {title: lines for title, lines in found.items() if lines}


def _without_lonely(shown):
    """The panels of one run with a curve, and as text what is one number."""
    lonely = {
        title: lines[0]
        for title, lines in shown.items()
        if len(lines) == 1 and len(lines[0][2]) == 1
    }
    if len(lonely) == len(shown):
        return shown, ""
    words = [
        f"{title} {values[0]:.4g} at {kimg[0]:.4g} kimg"
        for title, (_, kimg, values) in lonely.items()
    ]
    lines = [words[i : i + _WORDS] for i in range(0, len(words), _WORDS)]
    rest = {title: shown[title] for title in shown if title not in lonely}
    return rest, "\n".join(", ".join(line) for line in lines)


def _draw_panels(figure, shown, runs):
    """Curves of every panel; one legend where they are of several runs."""
    across = _across(len(shown))
    rows = -(-len(shown) // across)
    axes = figure.subplots(rows, across, squeeze=False).ravel()
    for each in axes[len(shown) :]:
        each.remove()
    colour = _colours(runs)
    for each, (title, lines) in zip(axes, shown.items(), strict=False):
        _draw_panel(each, title, lines, colour)
    if colour:
        _draw_legend(figure, colour)


def _draw_panel(axes, title, lines, colour):
    if colour and {len(line[2]) for line in lines} == {1}:
        _draw_bars(axes, lines, colour)
    else:
        for index, (label, kimg, values) in enumerate(lines):
            own = colour[label] if colour else curves.COLOURS[index]
            curves.draw(axes, kimg, values, color=own, label=label)
            if len(values) == 1 and colour:
                _tell_alone(axes, *kimg, *values, own)
        axes.set_xlabel("kimg", fontsize=plate.TEXT)
        if title not in _OF_ONE and title not in _OF_SEVERAL:
            every = np.concatenate([line[2] for line in lines])
            if 0 < every.min() * _LOG_FROM < every.max():
                curves.make_logarithmic(axes)
        if len(lines) > 1 and not colour:
            axes.legend(fontsize=plate.TEXT - 1, frameon=False)
    axes.set_title(title, fontsize=plate.TEXT)
    axes.tick_params(labelsize=plate.TEXT - 1)
    axes.spines[["top", "right"]].set_visible(False)


def _tell_alone(axes, kimg, value, color):
    """Says of the one value of a run that it is no curve."""
    axes.plot(kimg, value, marker="D", markersize=6, color=color)
    is_right = kimg > np.mean(axes.dataLim.intervalx)
    axes.annotate(
        f"{value:.3g}, once",
        (kimg, value),
        (-7 if is_right else 7, 0),
        textcoords="offset points",
        ha="right" if is_right else "left",
        va="center",
        color=color,
        **_SMALL,
    )


def _colours(runs):
    """A colour for every run, if they are several."""
    if len(runs) == 1:
        return {}
    return {
        run: curves.COLOURS[i % len(curves.COLOURS)]
        for i, run in enumerate(runs)
    }


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
        ncols=min(len(colour), len(curves.COLOURS)),
        fontsize=plate.TEXT,
        frameon=False,
    )


def _draw_bars(axes, lines, colour):
    """What was measured once, of every run."""
    runs = list(colour)
    for run, _, values in lines:
        place, text = runs.index(run), f"{values[0]:.3g}"
        axes.bar(place, values[0], color=colour[run])
        axes.text(place, values[0], text, ha="center", va="bottom", **_SMALL)
    times = {run: f"{kimg[0]:.4g} kimg" for run, kimg, _ in lines}
    same = len({*times.values()}) == 1
    names = [run if same else f"{run}\n{times.get(run, '')}" for run in runs]
    axes.set_xticks(range(len(runs)), names)
    axes.set_xlim(-0.6, len(runs) - 0.4)
    axes.margins(y=0.1)
    label = f"run, at {times[lines[0][0]]}" if same else "run"
    axes.set_xlabel(label, fontsize=plate.TEXT)
