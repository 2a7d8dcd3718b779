"""Noise, bias, activation, gain and clamp: what follows a convolution."""

import math

from keras import ops

from stylegan_tf.ops import fast

# StyleGAN2 keeps the variance of leaky ReLUs by a gain after them, where
# ProGAN and StyleGAN put it into the weights (arXiv 1912.04958, appendix B).
DEFAULT_GAINS = dict.fromkeys(("relu", "lrelu", "swish"), math.sqrt(2))
# A positive gain may as well come before these.
_HOMOGENEOUS = "linear", "relu", "lrelu"


def bias_act(
    x,
    bias=None,
    noise=None,
    scale=None,
    *,
    activation="linear",
    slope=0.2,
    gain=None,
    clamp=0.0,
):
    """`clip(gain * activation(scale * x + noise + bias), -clamp, clamp)`.

    Args:
        x: Features, `[..., C]`.
        bias: `[C]` or None.
        noise: `[N or 1, H, W, 1 or C]` or None.
        scale: `[N, C]` or None.
        activation: linear, relu, lrelu, tanh, sigmoid, elu, selu, softplus or
            swish.
        slope: Of lrelu below zero.
        gain: Factor on the result; by default the activation's own.
        clamp: Largest absolute value of the result; 0 for no limit.
    """
    gain = DEFAULT_GAINS.get(activation, 1.0) if gain is None else gain
    if scale is not None:  # the gain is free on what is small
        before, gain = split_gain(activation, gain)
        scale, noise, bias = (
            each if each is None or before == 1.0 else each * before
            for each in (scale, noise, bias)
        )
    if gain == 1.0 and fast.is_asked():
        from stylegan_tf.ops import fused  # imports TensorFlow

        if fused.can_take(x, activation):
            return fused.bias_act(
                x,
                bias,
                noise,
                scale,
                activation=activation,
                slope=slope,
                clamp=clamp,
            )
    if scale is not None:
        x = x * ops.cast(scale, x.dtype)[:, None, None, :]
    if noise is not None:
        x = x + ops.cast(noise, x.dtype)
    if bias is not None:
        x = x + ops.cast(bias, x.dtype)
    if activation == "lrelu":
        x = ops.leaky_relu(x, negative_slope=slope)
    elif activation != "linear":
        x = getattr(ops, "silu" if activation == "swish" else activation)(x)
    if gain != 1.0:
        x = x * gain
    return ops.clip(x, -clamp, clamp) if clamp else x


def split_gain(activation, gain):
    """Factors before and after an activation that together are its gain."""
    return (gain, 1.0) if activation in _HOMOGENEOUS else (1.0, gain)
