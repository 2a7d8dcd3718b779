"""Modulated convolution: where styles enter StyleGAN2."""

import keras
from keras import ops

from stylegan_tf.layers import equalized
from stylegan_tf.ops import modulation, resample


@keras.saving.register_keras_serializable("stylegan_tf")
class ModulatedConv2D(keras.layers.Layer):
    """Convolution whose input maps are scaled by styles, an affine of w.

    Args:
        filters: Maps of the output.
        kernel_size: Height and width of the kernel, odd.
        demodulate: Bring every output map back to unit variance. False for
            to_rgb, whose weights are then rescaled at run time.
        up: 2 doubles the image, see `ops.resample.conv2d_resample`.
        resample_filter: Taps of the FIR filter.
    Call arguments:
        x: Features, `[N, H, W, I]`.
        w: Intermediate latents, `[N, D]`.
        The result is `[N, H * up, W * up, filters]` in the type of `x`.
    Reference: https://arxiv.org/abs/1912.04958, section 2.2 and figure 2
    """

    def __init__(
        self,
        filters,
        kernel_size,
        *,
        demodulate=True,
        up=1,
        resample_filter=resample.DEFAULT_TAPS,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)  # w stays float32
        self.filters = filters
        self.kernel_size = kernel_size
        self.demodulate = demodulate
        self.up = up
        self.resample_filter = tuple(resample_filter)

    def build(self, x_shape, w_shape):
        size, maps = self.kernel_size, x_shape[-1]
        self.fir = resample.setup_filter(self.resample_filter)
        self.affine = equalized.EqualizedDense(
            maps, bias_init=1.0, dtype="float32", name="affine"
        )
        self.affine.build(w_shape)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(size, size, maps, self.filters),
            initializer=equalized.normal(),
        )
        # Demodulation undoes any scale of the kernel.
        self.scale = 1.0 if self.demodulate else (size * size * maps) ** -0.5

    def call(self, x, w):
        return modulation.modulated_conv2d(
            *self._inputs(x, w), demodulate=self.demodulate, up=self.up
        )

    def before_demodulation(self, x, w):
        """The result before its last factors, and those, `[N, filters]`.

        `ops.bias_act` takes them in one pass with what follows.
        """
        return modulation.before_demodulation(*self._inputs(x, w), up=self.up)

    def _inputs(self, x, w):
        styles = self.affine(w) * self.scale
        return x, ops.convert_to_tensor(self.kernel), styles, self.fir

    def compute_output_shape(self, x_shape, w_shape):
        batch, height, width, _ = x_shape
        return (batch, height * self.up, width * self.up, self.filters)
