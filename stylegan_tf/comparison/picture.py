"""Samples of several networks under each other, with their names."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from stylegan_tf import sampling

_SMALLEST_TILE = 64  # pixels; smaller images are enlarged to it
_GAP = 8  # pixels around a name
_WHITE = 255


def samples(snapshot, seeds, truncation_psi=1.0):
    """uint8 `[N, H, W, C]` of a snapshot's averaged generator, one a seed.

    Conditional networks draw the classes in turn. ProGAN has no mean to
    truncate towards and is drawn without.
    """
    generator, config = snapshot.ema_generator, snapshot.config
    if not generator.mapping.track_mean:
        truncation_psi = 1.0
    labels = None
    if config.label_size:
        classes = np.arange(len(seeds)) % config.label_size
        labels = sampling.one_hot(classes, config.label_size)
    sampler = sampling.Sampler(generator, truncation_psi=truncation_psi)
    z = sampling.latents(seeds, config.generator.z_size)
    return sampler(z, labels, stage=snapshot.stage)


def sheet(rows):
    """uint8 `[H, W, 3]`: a row of tiles a name, the names on the left.

    Args:
        rows: Pairs of a name and uint8 `[N, H, W, C]`, C = 1 to 4, with the
            same N. Smaller tiles are enlarged to the height of the largest.
    """
    height = max(_SMALLEST_TILE, *(tiles.shape[1] for _, tiles in rows))
    font = ImageFont.load_default(size=max(height // 5, 12))
    margin = max(round(font.getlength(name)) for name, _ in rows) + 2 * _GAP
    strips = [_strip(tiles, height) for _, tiles in rows]
    width = margin + max(strip.shape[1] for strip in strips)
    canvas = np.full((height * len(rows), width, 3), _WHITE, np.uint8)
    for index, strip in enumerate(strips):
        top = index * height
        canvas[top : top + height, margin : margin + strip.shape[1]] = strip
    image = Image.fromarray(canvas)
    draw = ImageDraw.Draw(image)
    for index, (name, _) in enumerate(rows):
        middle = index * height + height // 2
        draw.text((_GAP, middle), name, fill="black", font=font, anchor="lm")
    return np.asarray(image)


def _strip(tiles, height):
    """RGB tiles side by side, `[height, W, 3]`."""
    enlarged = [_enlarge(tile, height) for tile in _to_rgb(tiles)]
    return np.concatenate(enlarged, axis=1)


def _enlarge(tile, height):
    """`[H, W, C]` at another height, by the nearest pixels."""
    old_height, old_width, _ = tile.shape
    width = round(old_width * height / old_height)
    rows = np.arange(height) * old_height // height
    columns = np.arange(width) * old_width // width
    return tile[rows[:, None], columns]


def _to_rgb(tiles):
    """Grey as RGB, and alpha over white; uint8 `[N, H, W, 3]`."""
    channels = tiles.shape[-1]
    colours = tiles[..., : channels - 1] if channels in (2, 4) else tiles
    if channels in (2, 4):
        alpha = tiles[..., -1:] / 255
        colours = np.round(colours * alpha + _WHITE * (1 - alpha))
    shape = (*tiles.shape[:-1], 3)
    return np.broadcast_to(colours, shape).astype(np.uint8)
