"""Sheets: one picture of many images, with labels on its axes."""

import importlib.util
import pathlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_SMALLEST_TILE = 64  # pixels; smaller images are enlarged to it
_GAP = 8  # pixels around a label
_WHITE = 255


def grid(images, columns):
    """Tiles uint8 `[N, H, W, C]` row by row into one `[rows*H, columns*W, C]`.

    The last row is filled up with black.
    """
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    canvas = np.zeros((rows * columns, height, width, channels), images.dtype)
    canvas[:count] = images
    canvas = canvas.reshape(rows, columns, height, width, channels)
    canvas = canvas.transpose(0, 2, 1, 3, 4)
    return canvas.reshape(rows * height, columns * width, channels)


def sheet(cells, *, rows=(), columns=()):
    """Rows of images with labels on both axes, uint8 `[H, W, 3]`.

    A label is a text or an image: a figure of mixed styles has the images of
    one source on its left, and those of the other above.

    Args:
        cells: Rows of images, uint8 `[H, W, C]`, C = 1 to 4. All are enlarged
            to the height of the largest, at least 64 pixels.
        rows: A label for every row, on its left; none by default.
        columns: A label for every column, above it; none by default.
    """
    parts = (*cells, rows, columns)
    sides = [i.shape[0] for part in parts for i in part if not _is_text(i)]
    height = max(_SMALLEST_TILE, *sides)
    *cells, rows, columns = (
        [_text(i, height) if _is_text(i) else _tile(i, height) for i in part]
        for part in parts
    )
    left = max((label.width + _GAP for label in rows), default=0)
    top = max((label.height + _GAP for label in columns), default=0)
    width = left + max(sum(tile.width for tile in row) for row in cells)
    canvas = Image.new("RGB", (width, top + height * len(cells)), "white")
    for index, label in enumerate(rows):
        y = top + index * height + (height - label.height) // 2
        canvas.paste(label, (0, y))
    for index, row in enumerate(cells):
        x = left
        for column, tile in enumerate(row):
            canvas.paste(tile, (x, top + index * height))
            if index == 0 and column < len(columns):
                label = columns[column]
                canvas.paste(label, (x + (tile.width - label.width) // 2, 0))
            x += tile.width
    return np.asarray(canvas)


def to_rgb(image):
    """uint8 `[H, W, 3]` of `[H, W, C]`, C = 1 to 4; what is clear is white."""
    if image.shape[-1] in (2, 4):
        alpha = image[..., -1:] / 255
        image = np.round(image[..., :-1] * alpha + _WHITE * (1 - alpha))
    shape = (*image.shape[:2], 3)
    return np.broadcast_to(image, shape).astype(np.uint8)


def _is_text(label):
    return isinstance(label, str)


def _text(text, height):
    """A picture of a text, for tiles of a height."""
    font = _font(text, max(height // 5, 12))
    middle = round(font.size) // 2 + _GAP
    size = (_GAP + round(font.getlength(text)), 2 * middle)
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.text((_GAP, middle), text, fill="black", font=font, anchor="lm")
    return picture


def _font(text, size):
    """Pillow's, or matplotlib's if that is there: Pillow's has English only."""
    there = importlib.util.find_spec("matplotlib")
    if not text.isascii() and there:
        folder = pathlib.Path(there.submodule_search_locations[0])
        path = folder / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if path.is_file():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size=size)


def _tile(image, height):
    """uint8 `[H, W, C]` in RGB, at another height, by the nearest pixels."""
    old_height, old_width, _ = image.shape
    width = round(old_width * height / old_height)
    rows = np.arange(height) * old_height // height
    columns = np.arange(width) * old_width // width
    return Image.fromarray(to_rgb(image[rows[:, None], columns]))
