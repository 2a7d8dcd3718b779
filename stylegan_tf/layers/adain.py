"""Adaptive instance normalisation: where styles enter StyleGAN."""

import keras
from keras import ops

from stylegan_tf.layers import equalized
from stylegan_tf.ops import normalization


@keras.saving.register_keras_serializable("stylegan_tf")
class AdaIN(keras.layers.Layer):
    """Gives every map the scale and shift that an affine of w asks for.

    Args:
        use_instance_norm: Whether maps are normalised first; without it a
            style only modulates.
        use_wscale: Whether the affine's weights are rescaled at run time.
    Call arguments:
        x: Features, `[N, H, W, C]`.
        w: Intermediate latents, `[N, D]`.
        The result has the shape and type of `x`.
    Reference: https://arxiv.org/abs/1812.04948, equation 1
    """

    def __init__(self, *, use_instance_norm=True, use_wscale=True, **kwargs):
        super().__init__(autocast=False, **kwargs)  # w stays float32
        self.use_instance_norm = use_instance_norm
        self.use_wscale = use_wscale

    def build(self, x_shape, w_shape):
        self.style = equalized.EqualizedDense(
            2 * x_shape[-1],
            use_wscale=self.use_wscale,
            dtype="float32",
            name="style",
        )
        self.style.build(w_shape)

    def call(self, x, w):
        scale, shift = ops.split(self.style(w)[:, None, None, :], 2, axis=-1)
        if self.use_instance_norm:
            x = normalization.instance_norm(x)
        return x * ops.cast(scale + 1, x.dtype) + ops.cast(shift, x.dtype)
