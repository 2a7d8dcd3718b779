"""Instance and batch normalisation, and AdaIN between two images' features.

All of them compute in float32: sums of squares want it.
"""

from keras import ops

EPSILON = 1e-8


def instance_norm(x, epsilon=EPSILON):
    """Every map of every image with mean 0 and variance 1.

    Reference: https://arxiv.org/abs/1607.08022
    """
    return _normalize(x, (1, 2), epsilon)


def batch_norm(x, epsilon=EPSILON):
    """Every map with mean 0 and variance 1 over the whole batch.

    Reference: https://arxiv.org/abs/1502.03167
    """
    return _normalize(x, (0, 1, 2), epsilon)


def adain(content, style, epsilon=EPSILON):
    """The content's maps with the means and deviations of the style's.

    Args:
        content: Features, `[N, H, W, C]`.
        style: Features, `[N, H', W', C]`, of any height and width.
        epsilon: Added to variances.
    Reference: https://arxiv.org/abs/1703.06868, equation 8
    """
    mean, variance = moments(style, (1, 2))
    y = ops.cast(instance_norm(content, epsilon), "float32")
    return ops.cast(y * ops.sqrt(variance + epsilon) + mean, content.dtype)


def moments(x, axes):
    """Mean and variance over `axes`, which stay, in float32."""
    x = ops.cast(x, "float32")
    mean = ops.mean(x, axis=axes, keepdims=True)
    return mean, ops.mean(ops.square(x - mean), axis=axes, keepdims=True)


def _normalize(x, axes, epsilon):
    mean, variance = moments(x, axes)
    y = (ops.cast(x, "float32") - mean) * ops.rsqrt(variance + epsilon)
    return ops.cast(y, x.dtype)
