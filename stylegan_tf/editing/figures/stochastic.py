"""What noise alone changes: zooms of fresh noise, and where it varies.

arXiv 1812.04948, figure 4: the same styles with other noise, and the standard
deviation of every pixel over many such images.
"""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf.editing.figures import grey, noise, plate

DRAWS = 100  # the article's
_ZOOMS = 4
_SMALLEST_ZOOM = 16  # pixels


def liveliest(deviation):
    """The square window that varies most: slices of its rows and columns.

    Args:
        deviation: `[H, W, 1]`.
    """
    height, width, _ = deviation.shape
    shorter = min(height, width)
    side = max(shorter // 4, min(_SMALLEST_ZOOM, shorter // 2))
    sums = np.pad(deviation[..., 0], [(1, 0), (1, 0)]).cumsum(0).cumsum(1)
    inside = sums[side:, side:] - sums[:-side, side:]
    inside = inside - sums[side:, :-side] + sums[:-side, :-side]
    y, x = np.unravel_index(inside.argmax(), inside.shape)
    return slice(y, y + side), slice(x, x + side)


def draw(generator, ws, names, *, draws=DRAWS, seed=0):
    """The figure, a row a style.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`.
        names: Of the rows.
        draws: Over how many images of fresh noise the deviations are.
        seed: Of the noise.

    Raises:
        ValueError: If the network has no noise inputs.
    """
    noise.refuse_none(generator)
    rows, deviations = [], []
    for one in ws:
        same = np.repeat(one[None], draws, axis=0)
        random = np.random.RandomState(seed)  # a row is whatever is beside it
        made = generator.synthesize_afresh(same, random)
        deviations.append(grey.levels(made).std(axis=0))
        window = liveliest(deviations[-1])
        made = images_lib.to_uint8(made[: 1 + _ZOOMS])
        zooms = [each[window] for each in made[1:]]
        rows.append([_framed(made[0], window), *zooms])
    white = grey.white(deviations)
    for row, each in zip(rows, deviations, strict=True):
        row.append(images_lib.to_uint8(each / white * 2 - 1))
    fresh = ["fresh noise"] * (len(rows[0]) - 2)
    last = f"deviation of {draws},\nwhite is {white:g} of 255"
    return plate.images(rows, rows=names, columns=["image", *fresh, last])


def _framed(image, window):
    """An image with a white line around a window of it."""
    line = 1 + len(image) // 256
    framed = image.copy()
    framed[window] = 255
    inside = tuple(slice(s.start + line, s.stop - line) for s in window)
    framed[inside] = image[inside]
    return framed
