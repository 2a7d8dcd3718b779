"""Walks through latents that end where they began.

A walk is a function of time t, `[F]` for F frames: a loop runs from 0 to 1,
where it starts again. Whoever shows it holds a few keyframes and asks for the
frames of one batch at a time.

Keyframes are `[K, N, ...]`: K of each of N walks that are shown side by side.
"""

import numpy as np

from stylegan_tf import latents, pictures
from stylegan_tf.editing import direction_files


def times(count):
    """When each of `count` frames is shown; the one after them is the first."""
    return np.arange(count) / count


def keyframes(rows, walks):
    """`[K, walks, ...]` of `[walks * K, ...]`: the first K are one walk's."""
    rows = np.asarray(rows)
    return rows.reshape(walks, -1, *rows.shape[1:]).swapaxes(0, 1)


def random(seed, count, walks, z_size, *, smoothing):
    """z `[count, walks, z_size]` of frames that drift and loop, float32.

    Noise blurred along time, wrapped around, rescaled to unit variance, as in
    the official video of Progressive GAN. They are keyframes for `slerp`.

    Args:
        seed: Of NumPy's `RandomState`.
        count: How many frames a loop has.
        walks: How many walks there are.
        z_size: Width of z.
        smoothing: Standard deviation of the blur, in frames.
    """
    from scipy import ndimage

    shape = (count, walks, z_size)
    z = np.random.RandomState(seed).standard_normal(shape).astype(np.float32)
    z = ndimage.gaussian_filter(z, (smoothing, 0, 0), mode="wrap")
    return z / np.sqrt(np.mean(np.square(z)))


def slerp(z, t):
    """From keyframe to keyframe on arcs, `[F, N, Z]`; for z.

    The length goes evenly from that of one to that of the next.

    Args:
        z: Keyframes, `[K, N, Z]`.
        t: `[F]`.
    """
    a, b, share = _between(z, t)
    length = latents.lerp(
        *(np.linalg.norm(each, axis=-1, keepdims=True) for each in (a, b)),
        share,
    )
    return _float32(latents.slerp(a, b, share) * length)


def lerp(ws, t):
    """From keyframe to keyframe on straight lines, `[F, N, ...]`.

    Args:
        ws: Keyframes, `[K, N, ...]`.
        t: `[F]`.
    """
    return _float32(latents.lerp(*_between(ws, t)))


def spline(ws, t):
    """Through the keyframes on a smooth curve, `[F, N, ...]`.

    It is a periodic cubic spline: there is no jerk at a keyframe.

    Args:
        ws: Keyframes, `[K, N, ...]`.
        t: `[F]`.
    """
    from scipy import interpolate

    closed = np.concatenate([ws, ws[:1]])
    curve = interpolate.CubicSpline(
        np.linspace(0, 1, len(closed)), closed, bc_type="periodic"
    )
    return _float32(curve(np.asarray(t) % 1))


def mixing(ws, t):
    """Layer by layer to the next keyframe, the coarsest first.

    Args:
        ws: Keyframes, `[K, N, L, D]`.
        t: `[F]`.

    Returns:
        `[F, N, L, D]`. Where the share of a keyframe is a whole number of
        layers, so many are of the next one, as `latents.mix` gives it.
    """
    a, b, share = _between(ws, t)
    layers = ws.shape[-2]
    layer = np.arange(layers)[:, None]  # [L, 1]
    share = np.clip(share * layers - layer, 0, 1)
    return _float32(latents.lerp(a, b, share))


def truncation(ws, t, *, w_avg, cutoff=None):
    """From `ws` (psi 1) over the mean (0) to the reflection (-1), and back.

    Args:
        ws: `[N, L, D]`.
        t: `[F]`.
        w_avg: The mean w, `[D]`.
        cutoff: How many of the first layers move; None for all.
    """
    psi = np.cos(2 * np.pi * _over(t, ws))
    return _float32(latents.truncate(ws[None], w_avg, psi, cutoff))


def direction(ws, t, *, moves):
    """From `ws` along directions, back, as far the other way, and back.

    Args:
        ws: `[N, L, D]`.
        t: `[F]`.
        moves: Pairs of a `direction_files.Direction` and the furthest amount.
    """
    swing = np.sin(2 * np.pi * _over(t, ws))
    ws = ws[None]
    for each, amount in moves:
        ws = direction_files.move(ws, each, amount * swing)
    return _float32(ws)


def frames(generator, styles, count, columns):
    """Yields the frames of one loop, uint8 `[rows * H, columns * W, C]`.

    Args:
        generator: A `generators.Bound`.
        styles: A function of times `[F]` that gives ws `[F, N, L, D]` and
            noise: "const", "none", or a list of `[F, N, H, W, 1]`.
        count: How many frames the loop has.
        columns: How many of the N images stand side by side.
    """
    t, walks = times(count), len(styles(np.zeros(1))[0][0])
    size = max(generator.batch_size // walks, 1)
    for start in range(0, count, size):
        ws, noise = styles(t[start : start + size])
        shown = len(ws)
        if not isinstance(noise, str):
            noise = [np.concatenate(each) for each in noise]
        images = generator.images(np.concatenate(ws), noise)
        for frame in np.split(images, shown):
            yield pictures.grid(frame, columns)


def _between(keys, t):
    """The keyframes before and after each time, and how far it is on."""
    place = np.asarray(t) % 1 * len(keys)
    first = np.floor(place).astype(int)
    # float64: a + (b - a) is then b to the last bit of float32.
    a, b = (keys[i % len(keys)].astype(np.float64) for i in (first, first + 1))
    return a, b, _over(place - first, keys[0])


def _over(t, values):
    """`[F, 1, ...]`, to be used beside `[F, *values.shape]`."""
    return np.asarray(t).reshape(-1, *(1,) * values.ndim)


def _float32(array):
    return np.asarray(array, np.float32)
