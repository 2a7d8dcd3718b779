"""Perceptual path length: how much an image changes per step in latents.

Reference: https://arxiv.org/abs/1812.04948, section 4.1
"""

import numpy as np

from stylegan_tf import images as images_lib
from stylegan_tf import latents

EPSILON = 1e-4
_DISTANCE_SIDE = 256


def distances(
    map_latents,
    synthesize,
    distance,
    *,
    z,
    t,
    labels=None,
    space="w",
    is_cropped=False,
    epsilon=EPSILON,
):
    """Distance of images at t and t + epsilon, over epsilon^2, `[N]`.

    Args:
        map_latents: float32 z `[N, Z]` and labels `[N, C]` or None to
            styles `[N, L, D]`; the papers' are not truncated.
        synthesize: Styles `[2 N, L, D]` to images `[2 N, H, W, C]`, float,
            `[-1, 1]`. The second N are a step from the first, and must get
            the same noise.
        distance: Two batches of images `[N, H, W, C]` to `[N]`, such as
            LPIPS.
        z: Both ends of the ways, `[2, N, Z]`.
        t: Where on the way, `[N]`.
        labels: `[N, C]`, or None.
        space: "z" or "w".
        is_cropped: Looks at the middle only.
        epsilon: Length of a step.
    """
    z, t = np.asarray(z, np.float64), np.asarray(t, np.float64)
    steps = (t, t + epsilon)
    if space == "z":
        ws = [
            _mapped(map_latents, latents.slerp(*z, step[:, None]), labels)
            for step in steps
        ]
    else:
        ends = [_mapped(map_latents, end, labels) for end in z]
        ws = [latents.lerp(*ends, step[:, None, None]) for step in steps]
    images = np.asarray(synthesize(np.concatenate(ws).astype(np.float32)))
    if is_cropped:
        images = centre(images)
    images = shrink(images, _DISTANCE_SIDE)
    first, second = np.split(images, 2)
    return np.asarray(distance(first, second), np.float64) / epsilon**2


def trimmed_mean(values):
    """Mean of what is from the 1st to the 99th percentile, a float."""
    values = np.asarray(values, np.float64)
    low = np.percentile(values, 1, method="lower")
    high = np.percentile(values, 99, method="higher")
    return float(values[(values >= low) & (values <= high)].mean())


def centre(images):
    """The middle half of `[N, H, W, C]`, a little below, where faces are."""
    _, height, width, _ = images.shape
    if height != width or height < 8:
        raise ValueError(
            "Only square images of at least 8x8 have a face crop; choose a "
            f"metric without one, such as ppl2_wend. Received: "
            f"{height}x{width}"
        )
    unit = height // 8
    return images[:, 3 * unit : 7 * unit, 2 * unit : 6 * unit]


def shrink(images, side):
    """Averages boxes of `[N, H, W, C]` until the height is near `side`."""
    factor = images.shape[1] // side
    return images if factor < 2 else images_lib.shrink(images, factor)


def _mapped(map_latents, z, labels):
    ws = map_latents(z.astype(np.float32), labels)
    return np.asarray(ws, np.float64)
