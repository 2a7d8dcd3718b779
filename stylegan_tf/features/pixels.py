"""Images as feature networks take them: RGB, a range, a size."""

import numpy as np
import tensorflow as tf

RESIZES = ("legacy", "half_pixel")


def to_rgb(images):
    """Images of any kind to float32 RGB in [0, 255], `[N, H, W, 3]`.

    Args:
        images: uint8 `[0, 255]` or float `[-1, 1]`, `[N, H, W, C]`. C is 1
            (grey, repeated), 2 (grey and alpha), 3, or 4 (RGB and alpha).
            What is transparent shows white.
    """
    images = tf.convert_to_tensor(images)
    channels = images.shape[-1] if images.shape.rank == 4 else None
    if channels not in (1, 2, 3, 4):
        raise ValueError(
            "Images must be [N, H, W, C] with C = 1 to 4. Received: shape "
            f"{images.shape}"
        )
    if images.dtype == tf.uint8:
        images = tf.cast(images, tf.float32)
    elif images.dtype.is_floating:
        images = (tf.cast(images, tf.float32) + 1.0) * 127.5
    else:
        raise ValueError(
            "Images must be uint8 in [0, 255] or float in [-1, 1]. Received: "
            f"{images.dtype.name}"
        )
    if channels in (2, 4):
        alpha = images[..., -1:] / 255.0
        images = alpha * images[..., :-1] + (1.0 - alpha) * 255.0
    return tf.repeat(images, 3, axis=-1) if channels < 3 else images


def resize_bilinear(images, side, resize):
    """`[N, H, W, C]` to `[N, side, side, C]`; never averages, as of old.

    Args:
        images: float32.
        side: Height and width of the result.
        resize: "legacy" as TensorFlow 1's graphs, which align the images'
            first pixels; "half_pixel" as PyTorch, which aligns their edges.
    """
    if resize not in RESIZES:
        raise ValueError(f"`resize` must be one of {RESIZES}, not {resize!r}")
    return tf.raw_ops.ResizeBilinear(
        images=images,
        size=[side, side],
        align_corners=False,
        half_pixel_centers=resize == "half_pixel",
    )


def resize_antialiased(images, side):
    """`[N, H, W, C]` to `[N, side, side, C]`; has gradients.

    Where it shrinks, a pixel is the mean of the area that it covers, as when
    the bundled faces were made; where it enlarges, it interpolates.
    """
    _, height, width, _ = images.shape
    if height > side:
        weights = _area_weights(height, side)
        images = tf.einsum("ah,nhwc->nawc", weights, images)
    if width > side:
        weights = _area_weights(width, side)
        images = tf.einsum("bw,nawc->nabc", weights, images)
    if min(height, width) < side:
        images = tf.image.resize(images, [side, side], "bilinear")
    return images


def _area_weights(size, side):
    """How much of each of `side` areas each pixel is, `[side, size]`."""
    edges = np.arange(side + 1)[:, None] * (size / side)
    pixels = np.arange(size)
    ends = np.minimum(edges[1:], pixels + 1)
    starts = np.maximum(edges[:-1], pixels)
    overlaps = np.maximum(ends - starts, 0.0) * (side / size)
    return overlaps.astype(np.float32)
