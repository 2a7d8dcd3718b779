"""The augmentation of arXiv 2006.06676, appendix B, read top to bottom."""

from typing import Any, NamedTuple

import tensorflow as tf

from stylegan_tf.augment import colour, corruptions, filters, geometry, warp
from stylegan_tf.augment import draws as draws_lib


def augment(images, draws, p, transforms):
    """Images as D sees them.

    An image's result depends on its own draws alone. It can be
    differentiated any number of times with respect to the images.

    Args:
        images: `[N, H, W, C]`, float, about [-1, 1]. 1 or 3 channels of
            colour, then perhaps one of opacity, which goes along with the
            geometry and with what is cut out, and keeps its values.
        draws: `draws.Draws`, of `draws.sizes(transforms, (H, W, C))`.
        p: Scalar tensor in [0, 1], the chance of each transform. At 0 the
            images stay as they are, up to rounding.
        transforms: `presets.Transforms`.

    Returns:
        As `images`.
    """
    shape = tuple(images.shape[1:])
    inks = shape[-1] - (shape[-1] - 1) % 2  # channels of colour
    p = tf.stop_gradient(tf.convert_to_tensor(p, tf.float32))
    plan = _plan(draws.uniform, draws.normal, p, transforms, shape)
    x = tf.cast(images, tf.float32)
    if plan.way_back is not None:
        x = warp.warp(x, plan.way_back)
    x, opacity = x[..., :inks], x[..., inks:]
    if plan.colours is not None:
        x = colour.change(x, plan.colours)
    if plan.bands is not None:
        x = filters.amplify(x, plan.bands)
    if plan.noise is not None:
        x = corruptions.add_noise(x, draws.noise[..., :inks], plan.noise)
    x = tf.concat([x, opacity], axis=-1)
    if plan.cutout is not None:
        x = corruptions.cut_out(x, plan.cutout, transforms.cutout_size)
    return tf.cast(x, images.dtype)


class _Plan(NamedTuple):
    """What happens to each image; None of what is off."""

    way_back: Any  # [N, 3, 3], to where its pixels come from
    colours: Any  # [N, 4, 4], on (red, green, blue, 1)
    bands: Any  # [N, 4], gains of frequencies
    noise: Any  # [N, 1], standard deviation
    cutout: Any  # [N, 2], centre


# Hundreds of operations on a few numbers, which XLA makes one.
@tf.function(jit_compile=True, autograph=False)
def _plan(uniform, normal, p, transforms, shape):
    height, width, channels = shape
    draws = draws_lib.Draws(uniform, normal)
    parameters = draws_lib.parameters(draws, p, transforms, channels)
    return _Plan(
        way_back=geometry.way_back(parameters, height, width),
        colours=colour.matrix(parameters),
        bands=filters.gains(parameters),
        noise=parameters.get("noise"),
        cutout=parameters.get("cutout"),
    )
