"""Noise in all layers, in none, in the fine ones, in the coarse ones.

arXiv 1812.04948, figure 5. Without noise images look painted; fine noise
brings out curls and skin, coarse noise large curls and the background.
"""

import numpy as np

from stylegan_tf.editing import scales
from stylegan_tf.editing.figures import plate


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


def maps(generator, count, seed=0):
    """Noise of a seed for `count` images, a list of `[count, H, W, 1]`."""
    random = np.random.RandomState(seed)
    return [
        random.randn(count, *shape, 1).astype(np.float32)
        for shape in generator.noise_shapes
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
    """The figure, a row a style.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`.
        maps: Noise, a list of `[N, H, W, 1]`.
        names: Of the rows.
        parts: Pairs (name, a bool for each map) of the columns; see `parts`.

    Raises:
        ValueError: If the network has no noise inputs.
    """
    refuse_none(generator)
    columns = [generator.images(ws, only(maps, chosen)) for _, chosen in parts]
    return plate.images(
        np.stack(columns, axis=1),
        rows=names,
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
