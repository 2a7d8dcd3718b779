"""Draws batch and instance normalisation and AdaIN of two images.

References: https://arxiv.org/abs/1703.06868, https://arxiv.org/abs/1607.08022
"""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf.editing.figures import curves, plate
from stylegan_tf.editing.toys import style_transfer

_COLUMNS = (
    "content",
    "style",
    "batch norm.\nof both",
    "instance norm.\nof the content",
    "AdaIN: content,\nstatistics of the style",
    "an image with\nsuch features",
)
_ROWS = ("pixels", "three maps", "deviation\n(a point a map)", "Gram matrix")
_WIDTH, _CELL = 10.5, 1.55  # inches of the figure, and high of a row
_CURVES = 2.6  # inches high
_CONTENT, _STYLE, *_ = curves.COLOURS
_RESULT = "black"
_RANGE = 2.5  # deviations of what is normalised, from black to white


def draw(maps, content, style, found, compared=None):
    """A matplotlib `Figure`.

    Args:
        maps: `style_transfer.Maps`.
        content: uint8 `[side, side, 3]`.
        style: uint8 `[side, side, 3]`.
        found: The image of `style_transfer.search`, likewise.
        compared: What `contrast.compare` gave, or None to leave it out.
    """
    above = len(_ROWS) * _CELL + 0.5
    below = _CURVES if compared else 0
    figure = plate.blank(_WIDTH, above + below, layout="constrained")
    upper = lower = figure
    if compared:
        upper, lower = figure.subfigures(2, 1, height_ratios=[above, below])
    _draw_swap(upper, maps, content, style, found)
    if compared:
        _draw_compared(lower, compared)
    return figure


def _draw_swap(figure, maps, content, style, found):
    """The rows of pixels, maps, statistics and Gram matrices."""
    pixels = style_transfer.normalised(
        *map(images_lib.to_float, (content, style))
    )
    features = style_transfer.normalised(
        *(style_transfer.maps_of(maps, each) for each in (content, style))
    )
    last = style_transfer.maps_of(maps, found)
    axes = figure.subplots(len(_ROWS), len(_COLUMNS))
    for each, title in zip(axes[0], _COLUMNS, strict=True):
        each.set_title(title, fontsize=plate.TEXT)
    for each, title in zip(axes[:, 0], _ROWS, strict=True):
        each.set_ylabel(title, fontsize=plate.TEXT)
    _draw_pixels(axes[0], pixels, found)
    _draw_maps(axes[1], features, last)
    _draw_statistics(axes[2], features, last)
    _draw_grams(axes[3], features, last)
    figure.supxlabel(
        f"Maps, statistics and Gram matrices: {maps.name}.",
        fontsize=plate.TEXT,
    )


def _draw_pixels(axes, pixels, found):
    shown = [
        (pixels.content + 1) / 2,
        (pixels.style + 1) / 2,
        pixels.batch / (2 * _RANGE) + 0.5,
        pixels.instance / (2 * _RANGE) + 0.5,
        (pixels.adain + 1) / 2,
        found / 255,
    ]
    for each, image in zip(axes, shown, strict=True):
        _show(each, image)


def _draw_maps(axes, features, last):
    """The three maps that vary most, as red, green and blue."""
    varied = np.concatenate([features.content, features.style])
    chosen = np.sort(np.argsort(varied.std(axis=(0, 1)))[-3:])
    top = np.percentile(varied[..., chosen], 99)
    shown = [
        features.content / top,
        features.style / top,
        features.batch / (2 * _RANGE) + 0.5,
        features.instance / (2 * _RANGE) + 0.5,
        features.adain / top,
        last / top,
    ]
    for each, image in zip(axes, shown, strict=True):
        _show(each, image[..., chosen])


def _draw_statistics(axes, features, last):
    """A point a channel: its mean and its deviation."""
    content, style, result = (
        {"color": colour, "s": size, "alpha": 0.7, "linewidths": 0}
        for colour, size in ((_CONTENT, 12), (_STYLE, 12), (_RESULT, 4))
    )
    points = [
        [(features.content, content)],
        [(features.style, style)],
        [(features.batch, content), (features.batch_style, style)],
        [(features.instance, content)],
        [(features.style, style), (features.adain, result)],
        [(features.style, style), (last, result)],
    ]
    for each, some in zip(axes, points, strict=True):
        for maps, options in some:
            each.scatter(*style_transfer.statistics(maps), **options)
        each.tick_params(labelsize=plate.TEXT - 3)
        each.set_xlabel("mean", fontsize=plate.TEXT - 2)
    raw = [axes[index] for index in (0, 1, 4, 5)]
    for group in (raw, axes[2:4]):
        for name in "xy":
            limits = [getattr(each, f"get_{name}lim")() for each in group]
            low, high = np.min(limits), np.max(limits)
            for each in group:
                getattr(each, f"set_{name}lim")(low, high)


def _draw_grams(axes, features, last):
    """Mean products of the channels, one scale for what is not normalised."""
    raw = [
        style_transfer.gram(each)
        for each in (features.content, features.style, features.adain, last)
    ]
    top = np.percentile(raw[:2], 99)
    normalised = [
        style_transfer.gram(each)
        for each in (features.batch, features.instance)
    ]
    shown = [*raw[:2], *normalised, *raw[2:]]
    for index, (each, matrix) in enumerate(zip(axes, shown, strict=True)):
        is_normalised = index in (2, 3)
        each.imshow(
            matrix,
            cmap="RdBu_r" if is_normalised else "magma",
            vmin=-1 if is_normalised else 0,
            vmax=1 if is_normalised else top,
            interpolation="nearest",
        )
        _bare(each)


def _draw_compared(figure, compared):
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1.25])
    axes = left.subplots(len(compared.images), 1)
    left.suptitle(
        "one content at five contrasts, and stylised", fontsize=plate.TEXT
    )
    for each, (label, images) in zip(
        axes, compared.images.items(), strict=True
    ):
        _show(each, np.concatenate([*images], axis=1) / 255)
        each.set_ylabel(label.replace(" ", "\n"), fontsize=plate.TEXT - 1)
    (axes,) = right.subplots(
        1, len(compared.losses), sharey=True, squeeze=False
    )
    right.suptitle("loss of two networks", fontsize=plate.TEXT)
    colours = {"batch": _CONTENT, "instance": _STYLE}
    for each, (title, losses) in zip(
        axes, compared.losses.items(), strict=True
    ):
        for norm, values in losses.items():
            curves.draw(
                each,
                range(len(values)),
                values,
                color=colours[norm],
                label=f"{norm} norm.",
            )
        each.set_title(f"faces: {title}", fontsize=plate.TEXT)
        each.set_xlabel("step", fontsize=plate.TEXT - 1)
        curves.make_logarithmic(each)
        each.tick_params(labelsize=plate.TEXT - 2)
        each.spines[["top", "right"]].set_visible(False)
        each.legend(fontsize=plate.TEXT - 1, frameon=False)


def _show(axes, image):
    axes.imshow(np.clip(image, 0.0, 1.0), interpolation="nearest")
    _bare(axes)


def _bare(axes):
    axes.set(xticks=(), yticks=())
    axes.spines[:].set_visible(False)
