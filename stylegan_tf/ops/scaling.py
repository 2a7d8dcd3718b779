"""Nearest-neighbour and box scaling, and the convolutions that go with it.

ProGAN and StyleGAN grow by these (arXiv 1710.10196, section 2); StyleGAN2
filters instead, see `resample`. A fused convolution scales and convolves with
one kernel of 4x4; the other computes the same in two operations.
"""

from keras import ops


def upscale2d(x, factor=2):
    """`[N, H, W, C]` to `[N, factor * H, factor * W, C]`, every pixel a box."""
    if factor == 1:
        return x
    _, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height, 1, width, 1, channels))
    x = ops.tile(x, (1, 1, factor, 1, factor, 1))
    return ops.reshape(x, (-1, height * factor, width * factor, channels))


def downscale2d(x, factor=2):
    """`[N, H, W, C]` to `[N, H // factor, W // factor, C]`, means of boxes."""
    return x if factor == 1 else ops.average_pool(x, factor, factor)


def upscale_conv2d(x, kernel, *, fused):
    """A convolution of the doubled image.

    Args:
        x: `[N, H, W, I]`.
        kernel: `[K, K, I, O]`.
        fused: Whether it is one transposed convolution.

    Returns:
        `[N, 2 * H, 2 * W, O]`, the same for both ways.
    """
    if not fused:
        return ops.conv(upscale2d(x), kernel, padding="same")
    # A transposed convolution turns its kernel; turned twice it correlates.
    kernel = _sum_of_shifts(ops.flip(kernel, axis=(0, 1)))
    kernel = ops.transpose(kernel, (0, 1, 3, 2))
    return ops.conv_transpose(x, kernel, strides=2, padding="same")


def conv_downscale2d(x, kernel, *, fused):
    """The halved result of a convolution, `[N, H // 2, W // 2, O]`.

    The arguments are those of `upscale_conv2d`; `fused` makes it one strided
    convolution.
    """
    if not fused:
        return downscale2d(ops.conv(x, kernel, padding="same"))
    kernel = _sum_of_shifts(kernel) / 4
    return ops.conv(x, kernel, strides=2, padding="same")


def _sum_of_shifts(kernel):
    """`[K, K, I, O]` convolved with a 2x2 box, `[K + 1, K + 1, I, O]`."""
    none, before, after = (0, 0), (1, 0), (0, 1)
    return sum(
        ops.pad(kernel, (rows, columns, none, none))
        for rows in (before, after)
        for columns in (before, after)
    )
