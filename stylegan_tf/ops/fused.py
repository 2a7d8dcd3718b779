"""What follows a convolution, forward in one pass over the features.

On a processor the plain operations of `bias_act` are bound by memory: each
reads and writes all features. XLA makes one loop of them, but reduces badly,
so the gradient is of plain operations. They need the result's sign only, and
are differentiable themselves: R1 and path length go through them twice.

`ops.fast` says when it is taken. On two cores no gain beyond
noise was measured (docs/performance.md).
"""

import tensorflow as tf

# Of activations that are linear on either side of zero, the lower slope.
_SLOPES = {"linear": 1.0, "relu": 0.0}


def can_take(x, activation):
    """Whether `bias_act` may call this one; of vectors it is no faster."""
    return activation in (*_SLOPES, "lrelu") and len(x.shape) == 4


def bias_act(x, bias, noise, scale, *, activation, slope, clamp):
    """`bias_act.bias_act` with gain 1, for an activation that it can take."""
    slope = _SLOPES.get(activation, slope)
    given = {"bias": bias, "noise": noise, "scale": scale}
    given = {
        name: tf.convert_to_tensor(each)  # some are variables
        for name, each in given.items()
        if each is not None
    }

    @tf.custom_gradient
    def run(x, *others):
        named = dict(zip(given, others, strict=True))
        y = _forward(x, slope=slope, clamp=clamp, **named)

        def gradients(dy):
            dz = _before_activation(dy, y, slope, clamp)
            return _gradients(dz, x, named)

        return y, gradients

    return run(x, *given.values())


@tf.function(jit_compile=True, autograph=False)
def _forward(x, bias=None, noise=None, scale=None, *, slope, clamp):
    z = tf.cast(x, tf.float32)
    if scale is not None:
        z *= tf.cast(scale, tf.float32)[:, None, None, :]
    if noise is not None:
        z += tf.cast(noise, tf.float32)
    if bias is not None:
        z += tf.cast(bias, tf.float32)
    if slope != 1.0:
        z = tf.where(z > 0.0, z, slope * z)
    z = tf.clip_by_value(z, -clamp, clamp) if clamp else z
    return tf.cast(z, x.dtype)


def _before_activation(dy, y, slope, clamp):
    if clamp:
        dy = tf.where(tf.abs(y) < clamp, dy, tf.zeros_like(dy))
    if slope == 1.0:
        return dy
    return tf.raw_ops.LeakyReluGrad(gradients=dy, features=y, alpha=slope)


def _gradients(dz, x, others):
    """To x, and to the other tensors in their order."""
    found = {}
    if "bias" in others:
        found["bias"] = _summed(dz, others["bias"])
    if "noise" in others:
        found["noise"] = _summed(dz, others["noise"])
    scale = others.get("scale")
    if scale is None:
        return dz, *found.values()
    found["scale"] = tf.cast(tf.reduce_sum(dz * x, (1, 2)), scale.dtype)
    scaled = dz * tf.cast(scale, dz.dtype)[:, None, None, :]
    return scaled, *found.values()


def _summed(dz, like):
    """Sums over the axes along which `like` was repeated, in its shape."""
    rank = len(dz.shape) - len(like.shape)
    axes = [*range(rank)] + [
        axis
        for axis in range(rank, len(dz.shape))
        if like.shape[axis - rank] == 1
    ]
    total = tf.reduce_sum(tf.cast(dz, like.dtype), axes, keepdims=True)
    return tf.reshape(total, tf.shape(like))
