"""Encoded bytes to one upright 8-bit still, or the reason why not."""

import io

import numpy as np
from PIL import Image, ImageCms, ImageOps

IMAGE_EXTENSIONS = frozenset(
    ".bmp .gif .jfif .jpe .jpeg .jpg .jp2 .pbm .pgm .png .pnm .ppm .tga .tif "
    ".tiff .webp".split()
)
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


class BadImage(ValueError):
    """An input that is no usable image; the message is the reason."""


def still(data):
    """PIL image in mode L, LA, RGB or RGBA, and notes on what was converted.

    Args:
        data: Encoded bytes, or uint8 pixels `[H, W, C]`.
    Raises:
        BadImage: The data is empty, truncated, animated or no image.
    """
    if not isinstance(data, bytes):
        pixels = data[..., 0] if data.shape[-1] == 1 else data
        return Image.fromarray(np.ascontiguousarray(pixels)), []
    image = _load(data)
    notes = []
    if image.getexif().get(0x0112, 1) != 1:
        image = ImageOps.exif_transpose(image)
        notes.append("turned upright (EXIF)")
    if image.mode in MODES.values() and "transparency" not in image.info:
        if _is_16_bit_png(data):  # Pillow reads 16-bit RGB PNGs as 8-bit
            notes.append("16-bit to 8-bit")
        return image, notes
    image, note = _to_plain_mode(image)
    return image, notes + [note]


def pixels(data):
    """uint8 `[H, W, C]` of encoded bytes or of uint8 pixels."""
    array = np.asarray(still(data)[0])
    return array[..., None] if array.ndim == 2 else array


def _load(data):
    if not data:
        raise BadImage("empty file (0 bytes)")
    try:
        image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise BadImage(f"too many pixels to be trusted ({error})") from error
    except Exception as error:  # Pillow's readers raise whatever they meet
        raise BadImage("not an image") from error
    try:
        frames = getattr(image, "n_frames", 1)
        image.load()
    except Exception as error:  # OSError, SyntaxError, struct.error, ...
        reason = f"truncated or damaged {image.format}"
        raise BadImage(f"{reason} ({error})") from error
    if frames > 1 and image.format != "MPO":  # MPO: a JPEG with a preview
        raise BadImage(f"animated or multi-page ({frames} frames)")
    return image


def _to_plain_mode(image):
    mode = image.mode
    if mode.startswith("I;16") or (mode == "I" and image.format == "PNG"):
        values = np.asarray(image).astype(np.float64)
        values = np.rint(values / 257.0).astype(np.uint8)
        return Image.fromarray(values), "16-bit to 8-bit"
    if mode in ("I", "F"):
        raise BadImage(f"32-bit pixels ({mode}) whose range is not known")
    if mode == "CMYK":
        return _from_cmyk(image), "CMYK to RGB"
    if mode == "1":
        return image.convert("L"), "black and white to grey"
    kind = "palette" if mode in ("P", "PA") else mode
    if "transparency" in image.info or mode in ("PA", "La", "RGBa"):
        return image.convert("RGBA"), f"{kind} with transparency to RGBA"
    return image.convert("RGB"), f"{kind} to RGB"


def _from_cmyk(image):
    profile = image.info.get("icc_profile")
    if profile:
        try:
            return ImageCms.profileToProfile(
                image,
                io.BytesIO(profile),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except ImageCms.PyCMSError:
            pass  # a damaged profile: the plain formula is close enough
    return image.convert("RGB")


def _is_16_bit_png(data):
    return data.startswith(b"\x89PNG") and data[24:25] == b"\x10"
