"""Noise in all layers, in none, in the fine ones, in the coarse ones.

arXiv 1812.04948, figure 5. Without noise images look painted; fine noise
brings out curls and skin, coarse noise large curls and the background. What
the noise adds is shown below, for in small networks it is little.
"""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf.editing import scales
from stylegan_tf.editing.figures import grey, plate


def parts(generator):
    """Pairs (name, where the noise is) of the article's four columns.

    Args:
        generator: A `generators.Bound`.
    """
    refuse_none(generator)
    heights = np.array([max(shape) for shape in generator.noise_shapes])
    coarse, *fine = scales.two(generator)
    is_coarse = heights <= max(coarse.sizes[-1])
    fine = [(f"fine layers\n{each.span}", ~is_coarse) for each in fine]
    coarse = (f"coarse layers\n{coarse.span}", is_coarse)
    return [*_ends(len(heights)), *fine, coarse]


def free_parts(generator, layers):
    """As `parts`, with noise in some layers and in the others.

    Args:
        generator: A `generators.Bound`.
        layers: Numbers of layers with noise, from 0.
    """
    refuse_none(generator)
    count = len(generator.noise_shapes)
    scales.refuse_layers(layers, count, "noise")
    is_chosen = np.isin(np.arange(count), layers)
    text = ", ".join(map(str, layers))
    if layers == list(range(layers[0], layers[-1] + 1)) and layers[1:]:
        text = f"{layers[0]} – {layers[-1]}"
    return [
        *_ends(count),
        (f"layers {text}", is_chosen),
        ("the other layers", ~is_chosen),
    ]


def only(maps, chosen):
    """Noise maps, the layers that are not chosen without noise.

    Args:
        maps: A list of `[N, H, W, 1]`.
        chosen: A bool for each.
    """
    return [
        each * np.float32(is_on)
        for each, is_on in zip(maps, chosen, strict=True)
    ]


def draw(generator, ws, maps, names, parts):
    """The figure: for each style a row of images, and one of what noise adds.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`.
        maps: Noise, such as `latents.noise_of_seeds`.
        names: Of the styles.
        parts: Pairs (name, a bool for each map) of the columns; see `parts`.

    Raises:
        ValueError: If the network has no noise inputs.
    """
    refuse_none(generator)
    plain = grey.levels(generator.synthesize(ws, "none"))
    columns, changes = [], []
    for _, chosen in parts:
        made = generator.synthesize(ws, only(maps, chosen))
        columns.append(images_lib.to_uint8(made))
        changes.append(grey.levels(made) - plain)
    white = grey.white(changes)
    change = f"added by noise,\n±{white:g} of 255"
    added = [images_lib.to_uint8(each / white) for each in changes]
    cells = [np.stack(each, axis=1) for each in (columns, added)]
    return plate.images(
        [row for both in zip(*cells, strict=True) for row in both],
        rows=[text for name in names for text in (name, change)],
        columns=[name for name, _ in parts],
    )


def _ends(count):
    on = np.ones(count, bool)
    return [("all layers", on), ("no noise", ~on)]


def refuse_none(generator):
    """Raises `ValueError` where there are no noise inputs."""
    if not generator.noise_shapes:
        raise ValueError(
            "This network has no noise inputs: nothing of its images is drawn "
            "afresh"
        )
