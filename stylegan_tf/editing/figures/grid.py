"""A grid of images; of networks with labels, a row a class.

The columns of a class's row are of one seed each: what changes from row to
row is the class alone.
"""

import numpy as np

from stylegan_tf.editing.figures import plate

SHAPE = (4, 8)  # rows and columns
CLASSES = 10  # at most, unless they are chosen


def draw(generator, ws, rows, columns=(), *, noise="const"):
    """The figure.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`, row by row; the last row may be shorter.
        rows: A label for every row.
        columns: Likewise; none by default.
        noise: As of `generators`.
    """
    made = generator.images(ws, noise)
    width = -(-len(made) // len(rows))
    cells = np.split(made, range(width, len(made), width))
    return plate.images(cells, rows=rows, columns=columns)


def spans(names, columns):
    """Labels of rows: `seed 0 – 7` of the names of a row's images."""
    rows = [names[i : i + columns] for i in range(0, len(names), columns)]
    return [
        row[0] if len(row) == 1 else f"{row[0]} – {row[-1].split()[-1]}"
        for row in rows
    ]
