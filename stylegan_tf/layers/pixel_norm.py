"""Pixelwise feature normalisation."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("stylegan_tf")
class PixelNorm(keras.layers.Layer):
    """Scales every feature vector to unit mean square.

    Args:
        epsilon: Added to the mean square.
    Call arguments:
        x: Features, `[..., C]`; the result has the same shape.
    Reference: https://arxiv.org/abs/1710.10196, section 4.2
    """

    def __init__(self, epsilon=1e-8, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x):
        # Squares overflow float16, and epsilon vanishes in it.
        y = ops.cast(x, "float32")
        mean_square = ops.mean(ops.square(y), axis=-1, keepdims=True)
        return ops.cast(y * ops.rsqrt(mean_square + self.epsilon), x.dtype)
