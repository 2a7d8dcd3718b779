"""Draws why W is straighter than Z, with networks that are trained for it.

Reference: https://arxiv.org/abs/1812.04948, figure 6 and table 4
"""

import numpy as np

from stylegan_tf.editing.figures import plate
from stylegan_tf.editing.toys import warping

_CORNERS = np.array(  # colours of low and high first, then second factor
    [[(58, 82, 160), (205, 92, 143)], [(46, 158, 146), (246, 190, 80)]]
)
_LEVELS = np.linspace(-0.8, 0.8, 9)  # of the factors, where lines are drawn
_RINGS = 60  # of the disc's mesh
_FIRST = {"color": "black", "linewidth": 0.8}  # lines of the first factor
_SECOND = {"color": "white", "linewidth": 0.8}
_BOX = {"fontsize": plate.TEXT, "backgroundcolor": "white"}


def draw(trained, *, seed=0):
    """The training set, Z of two networks, and W, a matplotlib `Figure`.

    Args:
        trained: What `warping.train_both` gave.
        seed: Of the latents that are measured.
    """
    (_, alone), (mapping, synthesis) = trained
    z = _disc()
    w = np.asarray(mapping(z))
    figure = plate.blank(12.6, 3.9)
    axes = figure.subplots(1, 4)
    figure.subplots_adjust(
        left=0.03, right=0.985, top=0.86, bottom=0.17, wspace=0.16
    )
    _show_data(axes[0])
    _show(axes[1], z, z, np.asarray(alone(z)))
    _show(axes[2], z, z, np.asarray(synthesis(w)))
    _show(axes[3], z, w, np.asarray(synthesis(w)))
    titles = (
        "(a) factors in the training set",
        "(b) Z without a mapping network",
        "(c) Z before a mapping network",
        "(d) W behind it",
    )
    found = [None, *warping.measure(trained, seed=seed)]
    for each, title, numbers in zip(axes, titles, found, strict=True):
        each.set_title(title, fontsize=plate.TITLE)
        if numbers:
            each.set_xlabel(
                f"detour of straight lines: {numbers['detour']:.2f}\n"
                f"linear fit of factors: {numbers['explained']:.1%}",
                fontsize=plate.TEXT,
            )
    return figure


def _disc():
    """Points of the unit disc in rings, `[M, 2]`."""
    rings = [np.zeros((1, 2))]
    for ring in range(1, _RINGS + 1):
        angle = np.linspace(0, 2 * np.pi, 6 * ring, endpoint=False)
        ways = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        rings.append(ring / _RINGS * ways)
    return np.concatenate(rings).astype(np.float32)


def _colours(factors):
    """RGB in [0, 1] of factors `[M, 2]`: between those of the corners."""
    x, y = (np.clip(each, -1.0, 1.0)[:, None] / 2 + 0.5 for each in factors.T)
    (low, low_high), (high_low, high) = _CORNERS / 255
    left, right = low + (low_high - low) * y, high_low + (high - high_low) * y
    return left + (right - left) * x


def _show_data(axes):
    """The factors of the training set, of which one corner is empty."""
    side = np.linspace(-1.0, 1.0, 101)
    square = np.stack(np.meshgrid(side, side), axis=-1)
    colours = _colours(square.reshape(-1, 2)).reshape(101, 101, 3)
    extent = (-1, 1, -1, 1)
    axes.imshow(colours, origin="lower", extent=extent)
    edge = warping.CORNER
    for level in _LEVELS:
        top = -edge if level < edge else 1
        axes.plot((level, level), (-1, top), **_FIRST)
        left = edge if level > -edge else -1
        axes.plot((left, 1), (level, level), **_SECOND)
    axes.fill(
        (-1.01, edge, edge, -1.01),
        (-edge, -edge, 1.01, 1.01),
        facecolor="white",
        edgecolor="0.75",
        hatch="///",
        linewidth=0,
    )
    middle = (edge - 1) / 2
    axes.text(middle, -middle, "never occurs", ha="center", va="center", **_BOX)
    axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), xticks=(), yticks=())
    axes.set_xlabel("first factor", fontsize=plate.TEXT)
    axes.set_ylabel("second factor", fontsize=plate.TEXT)
    axes.set_frame_on(False)


def _show(axes, z, points, factors):
    """A space that is coloured, and ruled, by the factors it leads to.

    Args:
        axes: Where it is drawn.
        z: The disc's mesh, `[M, 2]`.
        points: Where the space has it, `[M, 2]`.
        factors: What is made there, `[M, 2]`.
    """
    from matplotlib import collections, tri

    triangles = tri.Triangulation(*z.T).triangles
    mesh = tri.Triangulation(*points.T, triangles)
    faces = collections.PolyCollection(
        points[triangles],
        facecolors=_colours(factors[triangles].mean(axis=1)),
        edgecolors="face",
        linewidths=0.3,
        rasterized=True,
    )
    axes.add_collection(faces)
    for values, style in zip(factors.T, (_FIRST, _SECOND), strict=True):
        axes.tricontour(
            mesh,
            values,
            _LEVELS,
            colors=style["color"],
            linewidths=style["linewidth"],
            linestyles="solid",
        )
    axes.autoscale_view()
    axes.set(xticks=(), yticks=(), aspect="equal", adjustable="datalim")
    axes.set_box_aspect(1)
    axes.set_frame_on(False)
