"""The random numbers of an augmentation, and what the transforms make of them.

Every transform takes its own columns of the numbers, whatever the others
do. A gate, one more uniform number, decides whether it acts.
"""

import math
from typing import Any, NamedTuple

import tensorflow as tf

# Each transform: its uniform numbers, its normal ones, its gates, and the
# parameter that it makes of the numbers. A parameter of 0 changes nothing.
_TABLE = {
    "xflip": (1, 0, 1, lambda u, t: tf.floor(2 * u)),
    "rotate90": (1, 0, 1, lambda u, t: tf.floor(4 * u)),
    "xint": (2, 0, 1, lambda u, t: (2 * u - 1) * t.xint_max),
    "scale": (0, 1, 1, lambda n, t: n * t.scale_std),
    "rotate": (2, 0, 2, lambda u, t: (2 * u - 1) * math.pi * t.rotate_max),
    "aniso": (0, 1, 1, lambda n, t: n * t.aniso_std),
    "xfrac": (0, 2, 1, lambda n, t: n * t.xfrac_std),
    "brightness": (0, 1, 1, lambda n, t: n * t.brightness_std),
    "contrast": (0, 1, 1, lambda n, t: n * t.contrast_std),
    "lumaflip": (1, 0, 1, lambda u, t: tf.floor(2 * u)),
    "hue": (1, 0, 1, lambda u, t: (2 * u - 1) * math.pi * t.hue_max),
    "saturation": (0, 1, 1, lambda n, t: n * t.saturation_std),
    "imgfilter": (0, 4, 4, lambda n, t: n * t.imgfilter_std),
    "noise": (0, 1, 1, lambda n, t: tf.abs(n) * t.noise_std),
    "cutout": (2, 0, 1, lambda u, t: u),  # the centre
}
_OF_HUES = ("hue", "saturation")  # nothing to grey images
_NOWHERE = -1.0  # a centre so far outside that nothing is cut out


class Draws(NamedTuple):
    """What `pipeline.augment` takes."""

    uniform: Any  # [N, U], in [0, 1)
    normal: Any  # [N, V]
    noise: Any = None  # [N, H, W, C], unit normal, where `has_noise`


def sizes(transforms, image_shape):
    """U, V and has_noise of the `Draws` for images `(H, W, C)`."""
    takes = [_TABLE[name] for name in _acting(transforms, image_shape[-1])]
    uniform = sum(values + gates for values, _, gates, _ in takes)
    normal = sum(values for _, values, _, _ in takes)
    return uniform, normal, bool(transforms.noise)


def parameters(draws, p, transforms, channels):
    """`{transform: [N, 1 to 4]}` of all that are on, in order.

    Angles are in radians, moves in parts of the image's size, factors are
    base-2 logarithms. Where the gate is shut the parameter is 0, and the
    centre of `cutout` is far outside.
    """
    found, u, v = {}, 0, 0
    for name in _acting(transforms, channels):
        uniforms, normals, gates, parameter = _TABLE[name]
        numbers = draws.uniform[:, u : u + uniforms]
        if normals:
            numbers = draws.normal[:, v : v + normals]
        u, v = u + uniforms, v + normals
        acts = draws.uniform[:, u : u + gates] < _chance(name, p, transforms)
        u += gates
        neutral = _NOWHERE if name == "cutout" else 0.0
        found[name] = tf.where(acts, parameter(numbers, transforms), neutral)
    return found


def _acting(transforms, channels):
    return [
        name
        for name in _TABLE
        if getattr(transforms, name) and (channels > 2 or name not in _OF_HUES)
    ]


def _chance(name, p, transforms):
    chance = p * getattr(transforms, name)
    if name == "rotate":
        # Two rotations: the chance of either, or both, is p.
        return 1 - tf.sqrt(tf.clip_by_value(1 - chance, 0.0, 1.0))
    if name == "imgfilter":
        return chance * tf.constant(transforms.imgfilter_bands, tf.float32)
    return chance
