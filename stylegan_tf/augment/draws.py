"""The random numbers of an augmentation, and which transform takes which."""

from typing import Any, NamedTuple

# Of each image: uniform and normal numbers for the values, uniform ones for
# the gates. A gate decides whether the transform happens.
_TAKES = {
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
_OF_HUES = ("hue", "saturation")  # nothing to grey images


class Draws(NamedTuple):
    """What `pipeline.augment` takes; a column belongs to one transform."""

    uniform: Any  # [N, U], in [0, 1)
    normal: Any  # [N, V]
    noise: Any = None  # [N, H, W, C], unit normal, where `has_noise`


class Share(NamedTuple):
    """The columns of one transform."""

    values: Any  # [N, 1 to 4], uniform or normal
    gates: Any  # [N, 1 to 4], uniform


def sizes(transforms, image_shape):
    """U, V and has_noise of the `Draws` for images `(H, W, C)`."""
    takes = _takes(transforms, image_shape[-1]).values()
    uniform = sum(values + gates for values, _, gates in takes)
    normal = sum(values for _, values, _ in takes)
    return uniform, normal, bool(transforms.noise)


def shares(draws, transforms, channels):
    """`{name of a transform that is on: Share}`, in the order they act."""
    found, u, v = {}, 0, 0
    for name, take in _takes(transforms, channels).items():
        uniforms, normals, gates = take
        values = draws.uniform[:, u : u + uniforms]
        if normals:
            values = draws.normal[:, v : v + normals]
        u, v = u + uniforms, v + normals
        found[name] = Share(values, draws.uniform[:, u : u + gates])
        u += gates
    return found


def _takes(transforms, channels):
    return {
        name: take
        for name, take in _TAKES.items()
        if getattr(transforms, name) and (channels > 2 or name not in _OF_HUES)
    }
