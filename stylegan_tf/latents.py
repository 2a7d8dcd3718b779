"""Latents of seeds, between two, mixed by layers, truncated; in NumPy.

z is `[N, Z]` and normal; ws are styles, `[N, L, D]`, a row of w for each of L
layers, the coarsest first.
"""

import numpy as np


def of_seeds(seeds, size):
    """z `[N, size]`, float32: a seed's z is that of the official tools."""
    rows = [np.random.RandomState(seed).randn(1, size) for seed in seeds]
    return np.concatenate(rows).astype(np.float32)


def noise_of_seeds(seeds, shapes, z_size):
    """A list of `[N, H, W, 1]`, what a seed's stream holds after its z."""
    rows = []
    for seed in seeds:
        random = np.random.RandomState(seed)
        random.randn(1, z_size)
        rows.append([random.randn(*shape, 1) for shape in shapes])
    return [
        np.stack(layer).astype(np.float32) for layer in zip(*rows, strict=True)
    ]


def noise_rows(noise, rows):
    """The noise of some rows; "const" and "none" are that of any."""
    if isinstance(noise, str):
        return noise
    return [maps[rows] for maps in noise]


def one_hot(classes, count):
    """float32 `[N, count]` of class numbers, which start again at `count`.

    Of several numbers an image, `[N, K]`, all of them are 1.
    """
    rows = np.eye(count, dtype=np.float32)[np.asarray(classes, int) % count]
    return rows if rows.ndim == 2 else rows.max(1)


def lerp(a, b, t):
    """a + t (b - a), any shapes that broadcast."""
    return a + (b - a) * t


def slerp(a, b, t):
    """Unit vectors on the arc from the direction of `a` to that of `b`.

    Args:
        a: `[..., D]`.
        b: `[..., D]`.
        t: How far, `[..., 1]`; 0 is `a`, 1 is `b`.
    """
    a, b = _unit(a), _unit(b)
    cosine = np.sum(a * b, axis=-1, keepdims=True)
    angle = t * np.arccos(np.clip(cosine, -1.0, 1.0))
    across = _unit(b - cosine * a)
    return _unit(a * np.cos(angle) + across * np.sin(angle))


def truncate(ws, w_avg, psi, cutoff=None):
    """Where `psi` is on the line from `w_avg` (0) through `ws` (1).

    Args:
        ws: `[..., L, D]`.
        w_avg: The mean w, `[D]`.
        psi: A number, or what broadcasts, such as `[P, 1, 1, 1]` for a line
            of P points.
        cutoff: How many of the first layers move; None for all.

    Reference: https://arxiv.org/abs/1812.04948, appendix B
    """
    truncated = lerp(w_avg, ws, np.asarray(psi, np.float32))
    if cutoff is None:
        return truncated
    return np.where(is_within(ws.shape[-2], 0, cutoff), truncated, ws)


def mix(ws, others, first, last=None):
    """Styles `[N, L, D]`: some layers of `others`, the rest of `ws`.

    Args:
        ws: `[N, L, D]`.
        others: `[N, L, D]`.
        first: The first layer of `others`, a number or `[N]`.
        last: The first layer of `ws` again; None for no more.

    Reference: https://arxiv.org/abs/1812.04948, section 3.1
    """
    layers = ws.shape[1]
    ends = (first, layers if last is None else last)
    ends = (np.reshape(end, (-1, 1, 1)) for end in ends)
    return np.where(is_within(layers, *ends), others, ws)


def is_within(layers, first, last):
    """Whether a layer is one of `first` to `last` - 1, bool `[N, layers, 1]`.

    Args:
        layers: How many there are.
        first: A number or `[N, 1, 1]`, of NumPy or TensorFlow.
        last: Likewise.
    """
    layer = np.arange(layers, dtype=np.int32)[:, None]
    return (layer >= first) & (layer < last)


def crossovers(random, count, layers, latents):
    """Layers where the next latent takes over, int `[count, latents - 1]`.

    Different ones from 1 to `layers` - 1, ascending; all choices are as
    likely, so two latents meet where they do in training.

    Args:
        random: A `RandomState`; what it draws does not depend on batches.
        count: How many images.
        layers: How many layers have a style.
        latents: How many an image mixes.

    Reference: https://arxiv.org/abs/1812.04948, table 2
    """
    if not 2 <= latents <= layers:
        raise ValueError(
            "Styles of 2 latents or more are mixed by layers, which must be as "
            f"many at least. Received: {latents} latents, {layers} layers with "
            "a style"
        )
    keys = random.uniform(size=(count, layers - 1))
    chosen = np.argsort(keys, axis=1)[:, : latents - 1] + 1
    return np.sort(chosen, axis=1)


def _unit(vectors):
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(norms, np.finfo(np.float32).tiny)
