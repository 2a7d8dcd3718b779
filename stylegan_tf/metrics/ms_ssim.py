"""Multi-scale structural similarity, ProGAN's measure of variation.

High between random images where a generator makes few different ones.
Reference: https://arxiv.org/abs/1710.10196, section 5
"""

import numpy as np
from scipy import ndimage

from stylegan_tf import images as images_lib

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_WINDOW = 11
_SIGMA = 1.5
_LUMINANCE = (0.01 * 255) ** 2  # C1 of the paper, for images in [0, 255]
_CONTRAST = (0.03 * 255) ** 2  # C2


def from_images(images):
    """Mean similarity of every two neighbours, a float.

    Args:
        images: Batches of uint8 images `[N, H, W, C]`, N even.
    """
    found = [pairs(batch[0::2], batch[1::2]) for batch in images]
    return float(np.mean(np.concatenate(found)))


def pairs(a, b):
    """Similarity of `a` and `b` image by image, `[N]`, 1 for equal ones.

    Args:
        a: `[N, H, W, C]` in `[0, 255]`, H and W multiples of 16.
        b: As `a`.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    divisor = 1 << (len(WEIGHTS) - 1)
    if (
        a.shape != b.shape
        or a.ndim != 4
        or np.any(np.mod(a.shape[1:3], divisor))
    ):
        raise ValueError(
            "Both must be [N, H, W, C] with sides that are multiples of "
            f"{divisor}. Received: {a.shape} and {b.shape}"
        )
    similarity = np.ones(len(a))
    for weight in WEIGHTS[:-1]:
        similarity *= _similarities(a, b)[1] ** weight
        a, b = images_lib.shrink(a, 2), images_lib.shrink(b, 2)
    return similarity * _similarities(a, b)[0] ** WEIGHTS[-1]


def _similarities(a, b):
    """SSIM and its part of contrast and structure, not below 0, `[N]`."""
    mean_a, mean_b = _averaged(a), _averaged(b)
    variances = _averaged(a * a) + _averaged(b * b) - mean_a**2 - mean_b**2
    covariance = _averaged(a * b) - mean_a * mean_b
    structure = (2 * covariance + _CONTRAST) / (variances + _CONTRAST)
    luminance = (2 * mean_a * mean_b + _LUMINANCE) / (
        mean_a**2 + mean_b**2 + _LUMINANCE
    )
    found = (luminance * structure, structure)
    return [np.maximum(each.mean(axis=(1, 2, 3)), 0.0) for each in found]


def _averaged(images):
    """Gaussian averages of all windows that are wholly in the images."""
    size = min(_WINDOW, *images.shape[1:3])
    offsets = np.arange(size) - (size - 1) / 2
    window = np.exp(-0.5 * (offsets * _WINDOW / (size * _SIGMA)) ** 2)
    window /= window.sum()
    for axis in (1, 2):
        images = ndimage.correlate1d(images, window, axis=axis)
        count = images.shape[axis] - size + 1
        inside = np.arange(size // 2, size // 2 + count)
        images = np.take(images, inside, axis=axis)
    return images
