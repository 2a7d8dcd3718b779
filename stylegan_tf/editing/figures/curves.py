"""Draws curves over time: few points, or many and their means."""

import numpy as np

# Okabe and Ito's, which most colour-blind people can tell apart.
COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#000000", "#999999"),
)
_WINDOWS = 25  # how many means of a curve fit beside each other


def draw(axes, places, values, *, color, label):
    """Draws few points as they are; many faintly, and their means over them.

    Args:
        axes: Where.
        places: `[N]`.
        values: `[N]`.
        color: Of the curve.
        label: In the legend.
    """
    window = len(values) // _WINDOWS
    if window < 2:
        marker = "o" if len(values) <= _WINDOWS else None
        axes.plot(
            places,
            values,
            color=color,
            label=label,
            marker=marker,
            markersize=3,
        )
        return
    axes.plot(places, values, color=color, alpha=0.25, linewidth=0.6)
    axes.plot(places, smoothed(values, window), color=color, label=label)


def smoothed(values, window):
    """Means `[N]` of `[N]` over the nearest `window` values."""
    values = np.asarray(values, float)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    place, count = np.arange(len(values)), len(values)
    first = np.maximum(place - window // 2, 0)
    last = np.minimum(place + window // 2 + 1, count)
    return (sums[last] - sums[first]) / (last - first)


def make_logarithmic(axes):
    """Makes the vertical axis logarithmic, with 1, 2, 5, 10, ... beside it."""
    from matplotlib import ticker

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(ticker.NullLocator())
