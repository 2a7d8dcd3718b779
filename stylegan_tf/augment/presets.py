"""Which transforms are on, and how far each goes (arXiv 2006.06676, 5).

Numbers of table 2 of appendix B, as in the official code.
"""

import dataclasses
import functools

_BLIT = ("xflip", "rotate90", "xint")
_GEOMETRY = ("scale", "rotate", "aniso", "xfrac")
_COLOUR = ("brightness", "contrast", "lumaflip", "hue", "saturation")
_GROUPS = {
    "blit": _BLIT,
    "geom": _GEOMETRY,
    "color": _COLOUR,
    "filter": ("imgfilter",),
    "noise": ("noise",),
    "cutout": ("cutout",),
    "bg": _BLIT + _GEOMETRY,
    "bgc": _BLIT + _GEOMETRY + _COLOUR,
    "bgcf": _BLIT + _GEOMETRY + _COLOUR + ("imgfilter",),
    "bgcfn": _BLIT + _GEOMETRY + _COLOUR + ("imgfilter", "noise"),
    "bgcfnc": _BLIT + _GEOMETRY + _COLOUR + ("imgfilter", "noise", "cutout"),
}


@dataclasses.dataclass(frozen=True)
class Transforms:
    """Multipliers of p, 0 for off, then how far each transform goes."""

    xflip: float = 0.0  # left to right
    rotate90: float = 0.0  # by quarter turns
    xint: float = 0.0  # moved by whole pixels
    scale: float = 0.0
    rotate: float = 0.0  # by any angle, before and after `aniso`
    aniso: float = 0.0  # wider and lower, or narrower and higher
    xfrac: float = 0.0  # moved by parts of pixels
    brightness: float = 0.0
    contrast: float = 0.0
    lumaflip: float = 0.0  # light to dark, hues kept
    hue: float = 0.0
    saturation: float = 0.0
    imgfilter: float = 0.0  # bands of frequencies, stronger or weaker
    noise: float = 0.0
    cutout: float = 0.0  # a grey rectangle

    xint_max: float = 0.125  # of the image's size
    scale_std: float = 0.2  # of the base-2 logarithm
    rotate_max: float = 1.0  # half turns, either way
    aniso_std: float = 0.2  # of the base-2 logarithm
    xfrac_std: float = 0.125  # of the image's size
    brightness_std: float = 0.2
    contrast_std: float = 0.5  # of the base-2 logarithm
    hue_max: float = 1.0  # half turns, either way
    saturation_std: float = 1.0  # of the base-2 logarithm
    imgfilter_bands: tuple = (1.0, 1.0, 1.0, 1.0)  # multipliers, low to high
    imgfilter_std: float = 1.0  # of the base-2 logarithm
    noise_std: float = 0.1
    cutout_size: float = 0.5  # of the image's size


@functools.cache
def of(name):
    """`Transforms` of a preset, `bgc` for instance.

    Raises:
        ValueError: Of a name that is none.
    """
    if name not in _GROUPS:
        raise ValueError(
            f"A preset must be one of {', '.join(_GROUPS)}. Received: {name!r}"
        )
    return Transforms(**dict.fromkeys(_GROUPS[name], 1.0))
