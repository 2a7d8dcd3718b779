"""Perceptual path length: how much an image changes per step in latents.

Reference: https://arxiv.org/abs/1812.04948, section 4.1
"""

import numpy as np

from stylegan_tf.metrics import interpolation

EPSILON = 1e-4
SPACES = ("z", "w")
SAMPLINGS = ("full", "end")
_DISTANCE_SIDE = 256


def from_network(
    map_latents,
    synthesize,
    distance,
    *,
    latent_size,
    count=50_000,
    space="w",
    sampling="full",
    is_cropped=False,
    epsilon=EPSILON,
    batch_size=16,
    draw_labels=None,
    random=None,
):
    """The mean of `distances`, without its outliers, a float.

    Args:
        map_latents: As of `distances`.
        synthesize: As of `distances`.
        distance: As of `distances`.
        latent_size: Length of z.
        count: How many pairs of images.
        space: "z" walks on the sphere, "w" straight on.
        sampling: "full" starts anywhere on the way, "end" at its begin.
        is_cropped: Looks at the middle only, where a face is.
        epsilon: Length of a step, a fraction of the way.
        batch_size: How many pairs at a time.
        draw_labels: Number of labels to labels `[number, label_size]`, of
            conditional networks; both ends of a way have the same.
        random: A `RandomState`; seed 0 if None.
    """
    _check(space, sampling)
    random = np.random.RandomState(0) if random is None else random
    # A stream of its own: batches of any size draw the same ways.
    random_t = np.random.RandomState(random.randint(2**31))
    found = []
    for _ in range(0, count, batch_size):
        z = random.standard_normal((batch_size, 2, latent_size))
        z, t = z.swapaxes(0, 1), random_t.uniform(size=batch_size)
        found.append(
            distances(
                map_latents,
                synthesize,
                distance,
                z=z,
                t=t if sampling == "full" else np.zeros_like(t),
                labels=draw_labels(batch_size) if draw_labels else None,
                space=space,
                is_cropped=is_cropped,
                epsilon=epsilon,
            )
        )
    return trimmed_mean(np.concatenate(found)[:count])


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
            styles `[N, L, D]`, not truncated.
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
            _mapped(map_latents, interpolation.slerp(*z, step[:, None]), labels)
            for step in steps
        ]
    else:
        ends = [_mapped(map_latents, end, labels) for end in z]
        ws = [interpolation.lerp(*ends, step[:, None, None]) for step in steps]
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
    count, height, width, channels = images.shape
    factor = height // side
    if factor < 2:
        return images
    boxes = images.reshape(
        count, height // factor, factor, width // factor, factor, channels
    )
    return boxes.mean(axis=(2, 4))


def _mapped(map_latents, z, labels):
    ws = map_latents(z.astype(np.float32), labels)
    return np.asarray(ws, np.float64)


def _check(space, sampling):
    if space not in SPACES or sampling not in SAMPLINGS:
        raise ValueError(
            f"`space` must be one of {SPACES} and `sampling` one of "
            f"{SAMPLINGS}. Received: {space!r}, {sampling!r}"
        )
