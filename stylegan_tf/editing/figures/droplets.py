"""Feature maps at every resolution, in which droplets show.

arXiv 1912.04958, figure 1. Where maps are normalised one by one, as by AdaIN,
a generator can let a strong signal through by a spike that dominates their
statistics: a droplet, in all maps of a layer at one place. Demodulation, which
looks at weights alone, leaves no reason for it.
"""

import numpy as np

from stylegan_tf.editing.figures import plate

_WHITE = 4  # standard deviations that are drawn white


def strength(features):
    """How far pixels are from the mean of their map, `[N, H, W]`.

    In standard deviations of each map, the root of the mean square over all
    maps; its own mean square over the pixels is 1, so the most that a single
    pixel can have is the root of their number.

    Args:
        features: `[N, H, W, C]`.
    """
    features = np.asarray(features, np.float64)
    centred = features - features.mean(axis=(1, 2), keepdims=True)
    variance = np.mean(np.square(centred), axis=(1, 2), keepdims=True)
    is_flat = variance < 1e-12  # a map that is the same everywhere
    squared = np.square(centred) / np.where(is_flat, 1, variance)
    return np.sqrt(
        squared.sum(axis=-1) / np.maximum((~is_flat).sum(axis=-1), 1)
    )


def draw(networks, *, names):
    """The figure, a row an image, its resolutions from left to right.

    Args:
        networks: Triples of a title, a `generators.Bound` and its ws.
        names: Of the ws, the same for all networks.

    Raises:
        ValueError: Of a SavedModel, which has no feature maps.
    """
    cells, peaks, widest = [], [], []
    for _, generator, ws in networks:
        strengths = [strength(each) for each in generator.features(ws)]
        for index, image in enumerate(generator.images(ws)):
            maps = [each[index] for each in strengths]
            cells.append([image, *map(_grey, maps)])
            peaks.append(["", *(f"{each.max():.1f} σ" for each in maps)])
        sizes = [each.shape[1:] for each in strengths]
        widest = max(widest, sizes, key=len)
    figure = plate.images(
        cells,
        rows=[name for _ in networks for name in names],
        columns=["image", *(f"{high} × {wide}" for high, wide in widest)],
        groups=[(title, len(ws)) for title, _, ws in networks],
        title="Normalised feature maps, and their strongest pixel "
        f"(white from {_WHITE} σ)",
    )
    _note(figure, peaks)
    return figure


def _grey(strength):
    """uint8 `[H, W, 1]`."""
    return np.uint8(np.clip(strength / _WHITE, 0, 1) * 255)[..., None]


def _note(figure, texts):
    """Writes a text into the lower left corner of every tile."""
    (axes,) = figure.axes
    texts = [text for row in texts for text in row]
    ground = {"facecolor": "black", "alpha": 0.6, "pad": 2, "linewidth": 0}
    for image, text in zip(axes.images, texts, strict=True):
        left, right, bottom, _ = image.get_extent()
        edge = (right - left) / 24
        axes.text(
            left + edge,
            bottom - edge,
            text,
            color="white",
            fontsize=0.8 * plate.TEXT,
            va="bottom",
            bbox=ground if text else None,
        )
