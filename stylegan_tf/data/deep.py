"""Reads values of more than 8 bits, and makes 8 bits of them."""

import io

import numpy as np
from PIL import Image

WHITE_16 = 65535  # of 16-bit images, unless another white level is given
_16_BIT = {"PNG", "PPM"}  # whose mode I holds 16 bits, not 32
# Pillow reads 16-bit colours by their high bytes: as the names of layouts
# whose low bytes lie where it looks for high ones.
_LOW_BYTES = {
    "RGB;16B": "RGB;16L",
    "RGB;16L": "RGB;16B",
    "RGBA;16B": "RGBA;16L",
    "RGBA;16L": "RGBA;16B",
    "LA;16B": "RGBA",  # both bytes of grey, both of alpha
}


def is_deep(image):
    """Whether a PIL image, not loaded yet, has more than 8 bits."""
    return (
        image.mode in ("I", "F")
        or image.mode.startswith("I;16")
        or (_layout(image) in _LOW_BYTES and "transparency" not in image.info)
    )


def is_range_known(image):
    """Whether values end at `WHITE_16`, or could end anywhere."""
    return image.mode != "F" and (image.mode != "I" or image.format in _16_BIT)


def samples(image, data):
    """Values `[H, W]` or `[H, W, C]`, C = 2 to 4, of a deep image.

    Args:
        image: PIL image that `is_deep`, not loaded yet.
        data: The bytes that it was opened from.
    """
    layout = _layout(image)
    if layout not in _LOW_BYTES:
        return np.asarray(image)
    again = Image.open(io.BytesIO(data), formats=[image.format])
    again.tile = [
        tile._replace(args=_with_layout(tile.args, _LOW_BYTES[layout]))
        for tile in again.tile
    ]
    low = np.asarray(again).astype(np.uint16)
    if layout == "LA;16B":
        return low[..., ::2] << 8 | low[..., 1::2]
    return np.asarray(image).astype(np.uint16) << 8 | low


def to_image(values, white):
    """PIL image of 8 bits in which `white` of `samples` is white."""
    scaled = values.astype(np.float64) * (255.0 / white)
    return Image.fromarray(np.rint(scaled.clip(0, 255)).astype(np.uint8))


def extremes(values):
    """Lowest and highest of the grey or colour channels."""
    if values.ndim == 3 and values.shape[-1] in (2, 4):
        values = values[..., :-1]
    return values.min().item(), values.max().item()


def _layout(image):
    if not image.tile:
        return None
    args = image.tile[0].args
    return args[0] if isinstance(args, tuple) else args


def _with_layout(args, layout):
    return (layout, *args[1:]) if isinstance(args, tuple) else layout
