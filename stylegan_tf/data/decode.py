"""Decodes bytes to one upright 8-bit still, or says why they are none."""

import io
import re
import typing

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from stylegan_tf import images
from stylegan_tf.data import deep

IMAGE_EXTENSIONS = frozenset(
    ".bmp .gif .jfif .jpe .jpeg .jpg .jp2 .pbm .pgm .png .pnm .ppm .tga .tif "
    ".tiff .webp".split()
)
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
HEAD_BYTES = 32
# What Pillow may try; TGA comes last, for nothing tells it from other files.
FORMATS = "BMP GIF JPEG JPEG2000 PNG PPM TIFF WEBP TGA".split()
_SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"BM",
    *(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),  # TIFF and BigTIFF
    *(b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  "),  # JPEG 2000
)
_UPRIGHT = {  # by EXIF's orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112


class BadImage(ValueError):
    """An input that is no usable image; the message is the reason."""


class Still(typing.NamedTuple):
    image: Image.Image  # of mode L, LA, RGB or RGBA
    notes: list  # what was converted
    values: tuple | None  # lowest and highest, if it had more than 8 bits


def still(data, white_level=0):
    """`Still` of encoded bytes or of uint8 pixels `[H, W, C]`.

    Args:
        data: Encoded bytes, or pixels.
        white_level: What is white in images of more than 8 bits; 0 stands
            for 65535 in those of 16 bits, and others are bad.
    Raises:
        BadImage: The data is empty, truncated, animated or no image.
    """
    if not isinstance(data, bytes):
        return Still(images.to_pil(data), [], None)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise BadImage(f"too many pixels to be trusted ({error})") from error
    except Exception as error:  # Pillow's readers raise whatever they meet
        check_head(data[:HEAD_BYTES])
        is_known = not isinstance(error, UnidentifiedImageError)
        reason = f" ({error})" if is_known else ""
        raise BadImage(f"damaged in its first bytes{reason}") from error
    try:
        return _upright(image, _eight_bits(image, data, white_level))
    except BadImage:
        raise
    except Exception as error:  # OSError, SyntaxError, struct.error, ...
        reason = f"truncated or damaged {image.format}"
        raise BadImage(f"{reason} ({error})") from error


def pixels(data):
    """uint8 `[H, W, C]` of encoded bytes or of uint8 pixels."""
    return np.atleast_3d(still(data).image)


def is_image(head):
    """Whether a file that begins with `head` is of a format we read.

    TGA has no signature and is not known by this.
    """
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_pnm = re.match(rb"P[1-6fy]\s", head)
    return head.startswith(_SIGNATURES) or is_webp or bool(is_pnm)


def reason_of(error):
    """Why a file can not be read, in the words of `error`."""
    if isinstance(error, BadImage):
        return str(error)
    words = getattr(error, "strerror", None) or str(error)
    return f"cannot be read ({words or type(error).__name__})"


def check_head(head):
    """Raises `BadImage` unless `is_image(head)`."""
    if not head:
        raise BadImage("empty file (0 bytes)")
    if not is_image(head):
        raise BadImage(f"not an image: it starts with {head[:16]!r}")


def _eight_bits(image, data, white_level):
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # MPO: a JPEG with a preview
        image.load()  # a truncated file is rather that than animated
        raise BadImage(f"animated or multi-page ({frames} frames)")
    if deep.is_deep(image):
        return _from_deep(image, data, white_level)
    image.load()
    if image.mode in MODES.values() and "transparency" not in image.info:
        return Still(image, [], None)
    image, note = _to_plain_mode(image)
    return Still(image, [note], None)


def _from_deep(image, data, white_level):
    is_16_bit = deep.is_range_known(image)
    bits = 16 if is_16_bit else 32
    values = deep.samples(image, data)
    low, high = deep.extremes(values)
    if not np.isfinite([low, high]).all():
        raise BadImage("pixels that are no finite numbers")
    if not is_16_bit and not white_level:
        raise BadImage(
            f"32-bit pixels from {low:g} to {high:g} whose range is not known "
            "(--white_level says which value is white)"
        )
    eight = deep.to_image(values, white_level or deep.WHITE_16)
    return Still(eight, [f"{bits}-bit to 8-bit"], (low, high))


def _upright(image, found):
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF: viewers ignore it too
        return found._replace(notes=[*found.notes, "damaged EXIF ignored"])
    if orientation not in _UPRIGHT:
        return found
    return found._replace(
        image=found.image.transpose(_UPRIGHT[orientation]),
        notes=["turned upright (EXIF)", *found.notes],
    )


def _to_plain_mode(image):
    mode = image.mode
    if mode == "CMYK":
        return _from_cmyk(image), "CMYK to RGB"
    if mode == "1":
        return image.convert("L"), "black and white to grey"
    kind = "palette" if mode in ("P", "PA") else mode
    if "transparency" in image.info or mode in ("PA", "La", "RGBa"):
        return image.convert("RGBA"), f"{kind} with transparency to RGBA"
    return image.convert("RGB"), f"{kind} to RGB"


def _from_cmyk(image):
    if profile := image.info.get("icc_profile"):
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
