"""What both progressive networks share: stages and fading.

A stage shows images of one `resolution`. While it fades in, `alpha` rises
from 0 to 1 and mixes it with the stage below (arXiv 1710.10196, figure 2).
The official `lod` counts down from the smallest stage: it is k + 1 - alpha
at the k-th stage below the largest.
"""

import math

from stylegan_tf import config as config_lib

# ProGAN and StyleGAN keep the variance of leaky ReLUs by a gain in the
# weights, where StyleGAN2 puts it after the activation.
WEIGHT_GAIN = math.sqrt(2)
_FUSED_FROM = 128  # pixels, of the larger image


def stage(config, resolution):
    """Level of a stage, 0 the smallest; None is the largest.

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


def is_grown(alpha):
    """Whether it is known, without running, that nothing is faded."""
    return isinstance(alpha, (int, float)) and alpha >= 1


def fuses(settings, larger):
    """Whether scaling is fused with its convolution.

    Args:
        settings: Config of the network.
        larger: Resolution of the larger of the two images.
    """
    if settings.fused_scale == "auto":
        return larger >= _FUSED_FROM
    return settings.fused_scale == "on"
