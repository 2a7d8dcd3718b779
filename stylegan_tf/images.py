"""Images between uint8 `[0, 255]` outside and float `[-1, 1]` inside."""

import io

import numpy as np
from PIL import Image

from stylegan_tf import files


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


def shrink(images, factor):
    """`[N, H, W, C]` to `[N, H / factor, W / factor, C]`, means of boxes."""
    count, height, width, channels = images.shape
    boxes = images.reshape(
        count, height // factor, factor, width // factor, factor, channels
    )
    return boxes.mean(axis=(2, 4))


def to_pil(image):
    """PIL image of uint8 `[H, W, C]`: L, LA, RGB or RGBA, by C = 1 to 4."""
    pixels = image[..., 0] if image.shape[-1] == 1 else image
    return Image.fromarray(np.ascontiguousarray(pixels))


def to_png(image):
    """PNG bytes of one uint8 image `[H, W, C]`, C = 1 to 4."""
    buffer = io.BytesIO()
    to_pil(image).save(buffer, format="PNG")
    return buffer.getvalue()


def write_png(path, image):
    """Writes one uint8 image `[H, W, C]`, whole or not at all."""
    files.write(path, to_png(image))
