"""Coarse, middle, fine: resolutions in groups, and their layers.

The articles' groups are those of 1024x1024; smaller networks have what is
left of them, and a group of each as long as there are resolutions.
"""

import typing

from stylegan_tf import terminal


class Scale(typing.NamedTuple):
    """Neighbouring resolutions of a network.

    Attributes:
        name: Such as "coarse".
        sizes: Pairs (height, width), the smallest first.
        first: The first style layer; two layers a resolution.
        last: The layer after the last one.
    """

    name: str
    sizes: list
    first: int
    last: int

    @property
    def span(self):
        """The resolutions in words: `4² – 8²`, or `4×8 – 8×16`."""
        ends = [self.sizes[0], *self.sizes[1:][-1:]]
        return " – ".join(
            f"{high}²" if high == wide else f"{high}×{wide}"
            for high, wide in ends
        )


def three(generator):
    """Coarse (4² to 8²), middle (16² to 32²) and fine (the rest).

    Args:
        generator: A `generators.Bound`; of one that grows, those of its stage.

    Raises:
        ValueError: If its layers have no styles of their own.

    Reference: https://arxiv.org/abs/1812.04948, figure 3
    """
    refuse_one_style(generator)
    count = len(_sizes(generator))
    coarse = min(2, -(-count // 3))
    middle = min(2, -(-(count - coarse) // 2))
    return _split(generator, coarse=coarse, middle=middle)


def two(generator):
    """Coarse (4² to 32²) and fine (the rest), half each of smaller networks.

    Args:
        generator: As of `three`.

    Reference: https://arxiv.org/abs/1812.04948, figure 5
    """
    count = len(_sizes(generator))
    return _split(generator, coarse=min(4, -(-count // 2)))


def layers(generator):
    """How many style layers the images of the stage are made by."""
    return min(generator.config.num_ws, 2 * len(_sizes(generator)))


def refuse_one_style(generator):
    """Raises `ValueError` where all layers have one style together."""
    if generator.config.num_ws == 1:
        raise ValueError(
            "This network has no styles by layer, which could be mixed: its "
            "one latent feeds the first layer, as in ProGAN"
        )


def refuse_layers(chosen, count, kind):
    """Raises `ValueError` if there are fewer layers.

    Args:
        chosen: Numbers of layers, from 0.
        count: How many there are.
        kind: What a layer of them has.
    """
    if max(chosen) >= count:
        raise ValueError(
            f"This network has {terminal.counted(count, 'layer')} with {kind}, "
            f"0 to {count - 1}. Received: layer {max(chosen)}"
        )


def _sizes(generator):
    """Height and width at every resolution of the stage."""
    base = generator.config.base_shape
    levels = range((max(generator.image_shape[:2]) // max(base)).bit_length())
    return [tuple(side << level for side in base) for level in levels]


def _split(generator, **counts):
    """`Scale`s of some resolutions each, and "fine" of the rest."""
    sizes, found, start = _sizes(generator), [], 0
    for name, count in {**counts, "fine": len(sizes)}.items():
        here = sizes[start : start + count]
        if here:
            end = start + len(here)
            found.append(Scale(name, here, 2 * start, 2 * end))
            start = end
    return found
