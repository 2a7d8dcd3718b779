"""Images between uint8 `[0, 255]` outside and float `[-1, 1]` inside."""

import io

import numpy as np
from PIL import Image

from stylegan_tf import files

_PIL_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def to_float(images):
    """uint8 `[0, 255]` to float32 `[-1, 1]`, any shape."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


def to_uint8(images):
    """Float `[-1, 1]` to uint8, rounding half up, any shape."""
    scaled = np.asarray(images, np.float32) * 127.5 + 128.0
    return np.clip(scaled, 0.0, 255.0).astype(np.uint8)


def enlarge(images, factor):
    """`[N, H, W, C]` to `[N, factor * H, factor * W, C]`, pixels as boxes."""
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def to_png(image):
    """PNG bytes of one uint8 image `[H, W, C]`, C = 1 to 4."""
    mode = _PIL_MODES[image.shape[-1]]
    pixels = image[..., 0] if mode == "L" else image
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels), mode=mode).save(
        buffer, format="PNG"
    )
    return buffer.getvalue()


def from_bytes(data):
    """uint8 `[H, W, C]` of PNG or JPEG bytes, C as stored (1 to 4)."""
    image = Image.open(io.BytesIO(data))
    pixels = np.asarray(image)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def write_png(path, image):
    """Writes one uint8 image `[H, W, C]`, whole or not at all."""
    files.write(path, to_png(image))
