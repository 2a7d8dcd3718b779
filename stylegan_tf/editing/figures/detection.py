"""The figure of a detector: distances of either kind, and the ROC curve.

Reference: https://arxiv.org/abs/1912.04958, figure 9
"""

import numpy as np

from stylegan_tf.editing.detection import texts
from stylegan_tf.editing.figures import plate
from stylegan_tf.metrics import roc

_REAL, _GENERATED = "#0072b2", "#d55e00"  # told apart by the colour-blind too
_BINS = 24
_WIDE = 20  # times the smallest distance, beyond which the axis is logarithmic


def draw(detector):
    """A matplotlib `Figure` of what `verdicts.detector` gave."""
    figure = plate.blank(9.0, 4.0, layout="constrained")
    histograms, curve = figure.subplots(1, 2, width_ratios=(1.5, 1))
    _draw_histograms(histograms, detector)
    _draw_curve(curve, detector)
    return figure


def _draw_histograms(axes, detector):
    real, generated = detector["real"], detector["generated"]
    low, high = min(*real, *generated), max(*real, *generated)
    edges = np.linspace(low, high, _BINS + 1)
    if 0 < low < high / _WIDE:
        edges = np.geomspace(low, high, _BINS + 1)
        axes.set_xscale("log")
        axes.xaxis.get_major_locator().set_params(subs=(1, 2, 5))
        axes.xaxis.set_major_formatter("{x:g}")
    for values, color, name in (
        (generated, _GENERATED, "generated"),
        (real, _REAL, "real"),
    ):
        label = f"{len(values)} {name}"
        axes.hist(values, edges, color=color, alpha=0.55, label=label)
        axes.hist(values, edges, color=color, histtype="step", linewidth=1.2)
    axes.axvline(
        detector["threshold"],
        color="black",
        linestyle="--",
        linewidth=1,
        label=f"threshold {detector['threshold']:.3g}",
    )
    axes.set(
        xlabel="distance of the projection to the image\n"
        f"({texts.how(detector)})",
        ylabel="number of images",
    )
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False, fontsize=plate.TEXT)
    _tidy(axes)


def _draw_curve(axes, detector):
    _, alarms, found = roc.curve(detector["generated"], detector["real"])
    area = f"area {texts.area(detector)}"
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, linestyle=":")
    axes.plot(alarms, found, color="black", linewidth=1.5, label=area)
    alarms, misses = (
        texts.percent(detector[kind]) for kind in ("false_alarms", "misses")
    )
    axes.plot(
        *(
            np.mean(np.array(detector[kind]) < detector["threshold"])
            for kind in ("real", "generated")
        ),
        "o",
        color=_GENERATED,
        label="the threshold; of images that\nit was chosen without:\n"
        f"false alarms {alarms}\nmisses {misses}",
        clip_on=False,
    )
    axes.set(
        xlabel="real images called generated",
        ylabel="generated images found",
        xlim=(0, 1),
        ylim=(0, 1),
        aspect="equal",
    )
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.legend(loc="lower right", frameon=False, fontsize=plate.TEXT)
    _tidy(axes)


def _tidy(axes):
    axes.spines[["top", "right"]].set_visible(False)
