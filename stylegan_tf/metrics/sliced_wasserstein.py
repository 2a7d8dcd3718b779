"""ProGAN's sliced Wasserstein distance of patches, scale by scale.

Reference: https://arxiv.org/abs/1710.10196, section 5
"""

import numpy as np
from scipy import ndimage

PATCH_SIDE = 7
PATCHES_PER_IMAGE = 128
SMALLEST_SIDE = 16
REPEATS = 4
DIRECTIONS = 128
_BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16


def from_images(real, generated, *, random):
    """Distances times 1000 by height, and their mean as "average".

    Args:
        real: Batches of uint8 or float `[0, 255]` images `[N, H, W, C]`, H
            and W 16 * 2^k.
        generated: As many images, in batches of the same kind.
        random: A `RandomState`, which places patches and directions.
    """
    return from_descriptors(
        descriptors(real, random), descriptors(generated, random), random
    )


def from_descriptors(real, generated, random):
    """Distances times 1000 of two results of `descriptors`, and the mean."""
    shapes = [
        {s: len(d) for s, d in each.items()} for each in (real, generated)
    ]
    if shapes[0] != shapes[1]:
        raise ValueError(
            "There must be as many real images as generated ones, of one "
            f"size. Received: patches by height {shapes[0]}, {shapes[1]}"
        )
    found = {
        side: 1e3 * distance(real[side], generated[side], random)
        for side in real
    }
    return {**found, "average": float(np.mean(list(found.values())))}


def descriptors(images, random):
    """Normalised patches `[P, C * 49]` of batches of images, by height.

    They stay in memory: 75 kB of each colour image and level.

    Args:
        images: Batches of images `[N, H, W, C]`, `[0, 255]`.
        random: A `RandomState` that places the patches.
    """
    found = {}
    for batch in images:
        for level in laplacian_pyramid(batch):
            found.setdefault(level.shape[1], []).append(
                random_patches(level, PATCHES_PER_IMAGE, random)
            )
    return {
        side: normalised(np.concatenate(found.pop(side))) for side in [*found]
    }


def laplacian_pyramid(images):
    """What each halving loses, then the 16-pixel rest, float32 levels."""
    images = np.asarray(images, np.float32)
    short = min(images.shape[1:3])
    halvings = max((short // SMALLEST_SIDE).bit_length() - 1, 0)
    unit = SMALLEST_SIDE << halvings
    if short < unit or any(side % unit for side in images.shape[1:3]):
        raise ValueError(
            "Images must be [N, H, W, C] with sides of 16 * 2^k. "
            f"Received: shape={images.shape}"
        )
    levels = []
    for _ in range(halvings):
        smaller = _blurred(images)[:, ::2, ::2]
        levels.append(images - _enlarged(smaller))
        images = smaller
    return [*levels, images]


def random_patches(images, count, random):
    """`count` square patches of each of `[N, H, W, C]`, `[P, C, x, y]`."""
    batch, height, width, _ = images.shape
    reach = PATCH_SIDE // 2
    image = np.repeat(np.arange(batch), count)[:, None, None]
    x = random.randint(reach, width - reach, size=(batch * count, 1, 1))
    y = random.randint(reach, height - reach, size=(batch * count, 1, 1))
    offsets = np.arange(-reach, reach + 1)
    patches = images[image, y + offsets[None], x + offsets[:, None]]
    return np.moveaxis(patches, -1, 1)


def normalised(patches):
    """Zero mean and unit variance of every channel, flat, `[P, F]`."""
    mean = patches.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    patches = patches - mean.astype(np.float32)
    squares = np.einsum("pcxy,pcxy->c", patches, patches, dtype=np.float64)
    deviation = np.sqrt(squares * patches.shape[1] / patches.size)
    tiny = np.finfo(np.float32).tiny  # of a channel without any contrast
    scale = 1 / np.maximum(deviation, tiny)
    patches *= scale[:, None, None].astype(np.float32)
    return patches.reshape(len(patches), -1)


def distance(a, b, random, *, repeats=REPEATS, directions=DIRECTIONS):
    """Mean difference of sorted projections of `[P, F]` each, a float."""
    found = []
    for _ in range(repeats):
        axes = random.standard_normal((a.shape[1], directions))
        axes /= np.linalg.norm(axes, axis=0, keepdims=True)
        axes = axes.astype(np.float32)
        projections = [np.sort(each @ axes, axis=0) for each in (a, b)]
        difference = np.abs(projections[0] - projections[1])
        found.append(difference.mean(dtype=np.float64))
    return float(np.mean(found))


def _blurred(images, gain=1.0):
    for axis in (1, 2):
        images = ndimage.correlate1d(
            images, gain * _BINOMIAL, axis=axis, mode="mirror"
        )
    return images


def _enlarged(images):
    count, height, width, channels = images.shape
    spread = np.zeros((count, 2 * height, 2 * width, channels), images.dtype)
    spread[:, ::2, ::2] = images
    return _blurred(spread, gain=2.0)
