"""A sheet of images as they come, in tiles of several sizes.

arXiv 1812.04948, figure 2: every column of tiles is of half the size of one
before, or of the same, so that a few can be looked at and many counted.
"""

import numpy as np
from PIL import Image

from stylegan_tf import pictures, terminal
from stylegan_tf.editing.figures import plate

LODS = (0, 1, 2, 2, 3, 3)  # the article's: a tile is of 1 / 2**lod
ROWS = 3
_LARGEST = 512  # pixels that the largest tile has at least
_SMALLEST = 4  # pixels along a tile


def count(lods=LODS, rows=ROWS):
    """How many images a sheet takes.

    Args:
        lods: How often the tiles of each column are halved.
        rows: How many tiles of the full size stand below each other.
    """
    return sum(rows << lod for lod in lods)


def sheet(images, lods=LODS):
    """The sheet, uint8 `[H, W, 3]`, columns filled from the top in turn.

    Args:
        images: uint8 `[N, H, W, C]`; all are used if N is a multiple of
            `count(lods, 1)`.
        lods: As of `count`.
    """
    rows = len(images) // count(lods, 1)
    columns, start = [], 0
    for lod in lods:
        tiles = images[start : start + (rows << lod)]
        tiles = np.stack([_tile(pictures.to_rgb(each), lod) for each in tiles])
        columns.append(pictures.grid(tiles, columns=1))
        start += len(tiles)
    return np.concatenate(columns, axis=1)


def draw(generator, ws, *, lods=LODS, noise="const"):
    """The sheet as a figure.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`, as many as `count` says.
        lods: As of `count`.
        noise: As of `generators`.
    """
    refuse_count(len(ws), lods)
    return plate.images([[sheet(generator.images(ws, noise), lods)]])


def refuse_count(images, lods=LODS):
    """Raises `ValueError` if images do not fill the rows of a sheet.

    Args:
        images: How many there are.
        lods: As of `count`.
    """
    one = count(lods, 1)
    if not images or images % one:
        raise ValueError(
            f"A sheet of lods {','.join(map(str, lods))} takes "
            f"{terminal.counted(one, 'image')} "
            f"for a row of its largest tiles, {count(lods)} for {ROWS}. "
            f"Received: {terminal.counted(images, 'image')}"
        )


def refuse_small(lods, image_shape):
    """Raises `ValueError` if tiles are too small to be seen.

    Args:
        lods: As of `count`.
        image_shape: Height, width and channels of the images.
    """
    sides = [side * _factor(image_shape) for side in image_shape[:2]]
    most = (min(sides) // _SMALLEST).bit_length() - 1
    if max(lods) > most:
        raise ValueError(
            f"Tiles are of {_SMALLEST} pixels at least: images of "
            f"{image_shape[1]}x{image_shape[0]} can be halved {most} times, "
            f"from {sides[1]}x{sides[0]}. "
            f"Received: lods {','.join(map(str, lods))}"
        )


def _factor(shape):
    """How often the pixels of the largest tile repeat those of an image."""
    return max(1, _LARGEST // max(shape[:2]))


def _tile(image, lod):
    """uint8 RGB `[H, W, 3]` at 1 / 2**lod of the largest tile's size.

    Enlarged by whole pixels, shrunk as the official code does.
    """
    height, width = image.shape[:2]
    factor = _factor(image.shape)
    size = [side * factor >> lod for side in (width, height)]
    way = Image.NEAREST if factor >> lod else Image.LANCZOS
    return np.asarray(Image.fromarray(image).resize(size, way))
