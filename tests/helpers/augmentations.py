"""Draws for tests of the augmentation."""

import dataclasses

import numpy as np
import scipy.special

from stylegan_tf.augment import draws as draws_lib
from stylegan_tf.augment import presets

# What each transform draws: uniform and normal numbers, and its gates.
TAKES = {
    "xflip": (1, 0, 1),
    "rotate90": (1, 0, 1),
    "xint": (2, 0, 1),
    "scale": (0, 1, 1),
    "rotate": (2, 0, 2),
    "aniso": (0, 1, 1),
    "xfrac": (0, 2, 1),
    "brightness": (0, 1, 1),
    "contrast": (0, 1, 1),
    "lumaflip": (1, 0, 1),
    "hue": (1, 0, 1),
    "saturation": (0, 1, 1),
    "imgfilter": (0, 4, 4),
    "noise": (0, 1, 1),
    "cutout": (2, 0, 1),
}
# The official order: a rotation before and one after aniso.
_OFFICIAL = (
    *("xflip", "rotate90", "xint", "scale", "rotate", "aniso", "rotate"),
    *("xfrac", "brightness", "contrast", "lumaflip", "hue", "saturation"),
    *("imgfilter",) * 4,
    *("noise", "cutout"),
)


def transforms(fields):
    """Of a golden case's JSON, which has lists for tuples, and more keys."""
    names = {field.name for field in dataclasses.fields(presets.Transforms)}
    return presets.Transforms(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
            if name in names
        }
    )


def random(chosen, shape, seed=0):
    """`Draws` for images of `shape` `[N, H, W, C]`."""
    uniforms, normals, has_noise = draws_lib.sizes(chosen, shape[1:])
    generator = np.random.RandomState(seed)
    noise = generator.randn(*shape).astype(np.float32)
    return draws_lib.Draws(
        uniform=generator.rand(shape[0], uniforms).astype(np.float32),
        normal=generator.randn(shape[0], normals).astype(np.float32),
        noise=noise if has_noise else None,
    )


def at_percentile(chosen, percentile, noise, channels):
    """Draws of two images at one percentile of each distribution.

    The official code leaves the square root of 2 out of its normal ones.
    """
    values, gates = {}, {}
    for name, (uniforms, normals, count) in TAKES.items():
        values[name] = [percentile] * uniforms
        if normals:
            level = percentile if name == "noise" else 2 * percentile - 1
            values[name] = [scipy.special.erfinv(level)] * normals
        if name == "rotate":
            values[name] = [percentile, 0.5]  # the second one stands still
        gates[name] = [0.0] * count
    return _draws(
        chosen,
        channels,
        {name: np.tile(numbers, (2, 1)) for name, numbers in values.items()},
        {name: np.tile(numbers, (2, 1)) for name, numbers in gates.items()},
        noise,
    )


def recorded(arrays, chosen):
    """`Draws` of a case of k7_augment_random_draws: RGB, values then gates."""
    keys = sorted(key for key in arrays if key.startswith("in/draw"))
    numbers = [arrays[key] for key in keys]
    values, gates, noise = {}, {}, None
    for name in _OFFICIAL:
        if not getattr(chosen, name):
            continue
        value, gate = (_flat(numbers.pop(0)) for _ in range(2))
        if name == "cutout":
            value, gate = gate, value
        if name == "noise":
            noise = np.moveaxis(numbers.pop(0), 1, -1)
        values.setdefault(name, []).append(value)
        gates.setdefault(name, []).append(gate)
    if numbers:
        raise ValueError(f"{len(numbers)} draws are left")
    values, gates = (
        {name: np.concatenate(parts, 1) for name, parts in found.items()}
        for found in (values, gates)
    )
    return _draws(chosen, 3, values, gates, noise)


def _draws(chosen, channels, values, gates, noise):
    uniform, normal = [], []
    for name, (_, normals, _) in TAKES.items():
        of_hues = name in ("hue", "saturation")
        if not getattr(chosen, name) or (of_hues and channels < 3):
            continue
        (normal if normals else uniform).append(values[name])
        uniform.append(gates[name])
    none = np.zeros((len(next(iter(values.values()))), 0))
    return draws_lib.Draws(
        uniform=np.concatenate([none, *uniform], 1).astype(np.float32),
        normal=np.concatenate([none, *normal], 1).astype(np.float32),
        noise=noise,
    )


def _flat(numbers):
    return numbers.reshape(len(numbers), -1)
