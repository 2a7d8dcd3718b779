"""Strips of images along directions: a row a start, a column an amount."""

import numpy as np

from stylegan_tf.editing import direction_files
from stylegan_tf.editing.figures import plate


def draw(generator, ws, directions, amounts, *, noise="const", title=""):
    """A matplotlib `Figure`; the rows of a direction stand together.

    Args:
        generator: A `generators.Bound`.
        ws: Styles to start from, `[N, L, D]`.
        directions: `direction_files.Direction`s.
        amounts: How far each column goes, in the directions' spreads.
        noise: As `generators.Bound.synthesize`, `N` maps of each layer.
        title: A line above all.
    """
    steps = np.reshape(amounts, (-1, 1, 1, 1))
    cells = []
    for direction in directions:
        moved = direction_files.move(ws, direction, steps).swapaxes(0, 1)
        for row, styles in enumerate(moved):
            maps = noise
            if not isinstance(noise, str):
                maps = [
                    np.repeat(each[row, None], len(styles), 0) for each in noise
                ]
            cells.append(generator.images(styles, maps))
    names = [each.name.replace("_", " ") for each in directions]
    is_one = len(ws) == 1
    return plate.images(
        cells,
        columns=[f"{amount:+g}" if amount else "0" for amount in amounts],
        rows=names if is_one else (),
        groups=() if is_one else [(name, len(ws)) for name in names],
        title=title,
    )
