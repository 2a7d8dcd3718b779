"""What noise alone changes: zooms of fresh noise, and where it varies.

arXiv 1812.04948, figure 4: the same styles with other noise, and the standard
deviation of every pixel over many such images.
"""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf.editing.figures import noise, plate

DRAWS = 100  # the article's
_ZOOMS = 4
_BRIGHTER = 4  # how many times at least deviations are drawn
_SMALLEST_ZOOM = 16  # pixels


def deviation(images):
    """Standard deviation of every pixel in grey, in levels, `[H, W, 1]`.

    Args:
        images: uint8 `[N, H, W, C]`.
    """
    grey = colours(images).mean(axis=-1, keepdims=True, dtype=np.float32)
    return grey.std(axis=0)


def colours(images):
    """Without an alpha channel."""
    count = images.shape[-1]
    return images[..., : count - (count in (2, 4))]


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
    random, rows, deviations = np.random.RandomState(seed), [], []
    for one in ws:
        repeated = np.repeat(one[None], draws, axis=0)
        made = images_lib.to_uint8(
            generator.synthesize_afresh(repeated, random)
        )
        deviations.append(deviation(made))
        window = liveliest(deviations[-1])
        zooms = [each[window] for each in made[1 : 1 + _ZOOMS]]
        rows.append([_framed(made[0], window), *zooms])
    factor = _factor(deviations)
    for row, each in zip(rows, deviations, strict=True):
        row.append(np.clip(each * factor, 0, 255).astype(np.uint8))
    fresh = ["fresh noise"] * (len(rows[0]) - 2)
    last = f"deviation × {factor}\nof {draws} images"
    return plate.images(rows, rows=names, columns=["image", *fresh, last])


def _factor(deviations):
    """The largest of 4, 8, 16, ... that leaves nearly all below white."""
    high = np.percentile(deviations, 99.5)
    factor = _BRIGHTER
    while high * factor * 2 <= 255 and factor < 256:
        factor *= 2
    return factor


def _framed(image, window):
    """An image with a white line around a window of it."""
    framed, (rows, columns) = image.copy(), window
    framed[[rows.start, rows.stop - 1], columns] = 255
    framed[rows, [columns.start, columns.stop - 1]] = 255
    return framed
