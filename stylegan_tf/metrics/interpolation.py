"""Between two latents: linearly in W, on the sphere in Z."""

import numpy as np


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


def _unit(vectors):
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(norms, np.finfo(np.float32).tiny)
