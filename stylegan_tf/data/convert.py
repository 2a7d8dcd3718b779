"""Converts an image to the size and channels asked for, as encoded bytes."""

import dataclasses

import numpy as np
from PIL import Image

from stylegan_tf import images
from stylegan_tf.data import decode

CROPS = ("center", "wide", "pad", "none")
FILTERS = ("lanczos", "box")
ALPHAS = ("refuse", "white", "black")


@dataclasses.dataclass(frozen=True)
class Target:
    height: int  # of what is kept of the image, in pixels
    width: int  # ... and of the result
    channels: int = 3  # 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha
    crop: str = "center"  # center, wide, pad or none
    filter: str = "lanczos"  # lanczos or box
    alpha: str = "refuse"  # refuse, or composite over white or black
    white_level: float = 0.0  # white in images of more than 8 bits; 0: 65535

    @property
    def image_shape(self):
        """(H, W, C) of the result."""
        height = self.width if self.crop == "wide" else self.height
        return height, self.width, self.channels


@dataclasses.dataclass
class Result:
    """One image that was converted, or the reason why it is bad."""

    data: bytes | None = None  # PNG, or JPEG that was right already
    size: str = ""  # WxH of the input
    notes: tuple = ()  # what was changed besides making it smaller
    values: tuple | None = None  # lowest, highest of more than 8 bits
    reason: str = ""  # why there are no data
    index: int | None = None  # in the source
    copy_of: int | None = None  # index of an earlier image, the same pixels


def convert(data, target):
    """`Result` with an image of the size and channels of `target`.

    A PNG or JPEG that is already as it should be is returned untouched.

    Args:
        data: Encoded bytes, or uint8 pixels `[H, W, C]`.
        target: A `Target`.
    Raises:
        decode.BadImage: The image cannot be used; the message says why.
    """
    image, notes, values = decode.still(data, target.white_level)
    size = f"{image.width}x{image.height}"
    image, note = _to_mode(image, target)
    notes = [*notes, note] if note else notes
    fitted = _fit(image, target)
    if fitted is image and not notes and _is_compact(data):
        return Result(data, size)
    is_smaller = image.width < target.width or image.height < target.height
    if target.crop != "pad" and is_smaller:
        notes = [*notes, "enlarged"]
    png = images.to_png(np.atleast_3d(fitted))
    return Result(png, size, tuple(notes), values)


def _to_mode(image, target):
    mode, alpha = decode.MODES[target.channels], target.alpha
    if image.mode == mode:
        return image, None
    note = None
    if image.mode in ("LA", "RGBA") and mode in ("L", "RGB"):
        note = "opaque alpha dropped"
        if image.getchannel("A").getextrema()[0] < 255:
            if alpha == "refuse":
                raise decode.BadImage(
                    "has transparent pixels (--channels=4 keeps them, "
                    "--alpha=white or black covers them)"
                )
            ground = Image.new("RGBA", image.size, alpha)
            image = Image.alpha_composite(ground, image.convert("RGBA"))
            note = f"transparency put on {alpha}"
    grey, to_grey = image.mode in ("L", "LA"), mode in ("L", "LA")
    if grey != to_grey:
        note = note or ("grey to RGB" if grey else "colour to grey")
    return image.convert(mode), note


def _fit(image, target):
    size = target.width, target.height
    if target.crop == "pad":
        return _pad(image, size, target)
    if target.crop == "none":
        if image.width * size[1] != image.height * size[0]:
            raise decode.BadImage(
                f"is {image.width}x{image.height}, not of the proportions "
                f"of {size[0]}x{size[1]} (--crop=none)"
            )
        return _resize(image, size, target)
    box = _central_box(image.size, size)
    if box != (0, 0, *image.size):
        image = image.crop(box)
    image = _resize(image, size, target)
    if target.crop == "wide":
        return _centre_on_black(image, (target.width, target.width))
    return image


def _pad(image, size, target):
    """Shrinks to fit, never enlarges, and fills up with black."""
    scale = min(1.0, size[0] / image.width, size[1] / image.height)
    inner = tuple(max(1, round(side * scale)) for side in image.size)
    return _centre_on_black(_resize(image, inner, target), size)


def _central_box(size, wanted):
    """Largest centred box of `size` with the proportions of `wanted`."""
    width, height = size
    crop_width = min(width, round(height * wanted[0] / wanted[1]))
    crop_height = min(height, round(width * wanted[1] / wanted[0]))
    left, top = (width - crop_width) // 2, (height - crop_height) // 2
    return left, top, left + crop_width, top + crop_height


def _resize(image, size, target):
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling[target.filter.upper()])


def _centre_on_black(image, size):
    if image.size == size:
        return image
    canvas = Image.new(image.mode, size)
    left = (size[0] - image.width) // 2
    canvas.paste(image, (left, (size[1] - image.height) // 2))
    return canvas


def _is_compact(data):
    png_or_jpeg = (b"\x89PNG", b"\xff\xd8\xff")
    return isinstance(data, bytes) and data.startswith(png_or_jpeg)
