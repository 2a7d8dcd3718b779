"""How networks grow: the stage they are at, its level, its fade.

A stage shows images of one `resolution`. While it fades in, `alpha` rises
from 0 to 1 and mixes it with the stage below (arXiv 1710.10196, figure 2).
The official `lod` counts down from the smallest stage: it is k + 1 - alpha
at the k-th stage below the largest.
"""

import typing

from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.ops import scaling


class Stage(typing.NamedTuple):
    """Where a network is in its growth; the last two arguments of its calls.

    `generator.synthesize(ws, noise, *stage)`, `discriminator(images, labels,
    *stage)`. A network that never grows is always at `Stage()`.

    Attributes:
        resolution: Longer side of the images shown; None is the full one.
        alpha: How far the resolution has faded in, above 0 and up to 1.
    """

    resolution: int | None = None
    alpha: float = 1.0

    def as_dict(self):
        """The fields that files record: none of a network that never grows."""
        return {} if self.resolution is None else self._asdict()


GROWN = Stage()


def level(config, resolution):
    """Number of doublings from the smallest stage; None is the largest.

    Raises:
        ValueError: If there is no such stage.
    """
    sizes = config_lib.resolutions(config)
    if resolution is None:
        return config.doublings
    if resolution not in sizes:
        raise ValueError(
            f"`resolution` must be one of {sizes}, this network's stages. "
            f"Received: resolution={resolution}"
        )
    return sizes.index(resolution)


def size(config, level):
    """Height and width of the maps at a level."""
    return tuple(side << level for side in config.base_shape)


def noises(config, noise, level):
    """A list of what every layer up to `level` takes as its noise.

    Args:
        config: A resolved config.
        noise: "const", "none" or a list of `[N, H, W, 1]`, one for each of
            `config.noise_shapes`, or for those up to the level.
        level: The last that runs.

    Raises:
        ValueError: If it is anything else.
    """
    if isinstance(noise, str):
        if noise not in ("const", "none"):
            raise ValueError(
                '`noise` must be "const", "none" or a list of tensors. '
                f"Received: noise={noise!r}"
            )
        return [noise] * (2 * level + 2)
    shapes = config.noise_shapes
    if not shapes and len(noise):
        raise ValueError(
            "This generator has no noise inputs: leave `noise` out."
        )
    used = shapes[: len(shapes) - 2 * (config.doublings - level)]
    if len(noise) not in (len(shapes), len(used)):
        raise ValueError(
            f"`noise` must hold {len(used)} tensors, one for each of {used}. "
            f"Received: {len(noise)}"
        )
    return list(noise) or ["none"] * (2 * level + 2)


def refuse_growing(config, resolution, alpha):
    """Raises `ValueError` unless a network that never grows is fully grown."""
    if resolution not in (None, config.resolution) or not is_grown(alpha):
        raise ValueError(
            "This network never grows: leave `resolution` and `alpha` out. "
            f"Received: resolution={resolution}, alpha={alpha}"
        )


def is_grown(alpha):
    """Whether alpha is a Python number of at least 1: nothing is faded."""
    return isinstance(alpha, (int, float)) and alpha >= 1


def fade(low, high, alpha):
    """From `low` (alpha 0) to `high` (alpha 1), in the type of `high`."""
    alpha = ops.cast(alpha, high.dtype)
    return low + (high - low) * alpha


def fade_images(images, alpha):
    """Images `[N, H, W, C]` as sharp as a stage that is fading in shows them.

    The blurred ones are those of half the size (the official `FadeLOD`).
    """
    return fade(scaling.upscale2d(scaling.downscale2d(images)), images, alpha)
