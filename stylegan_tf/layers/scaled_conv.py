"""Convolution of ProGAN and StyleGAN, which scale without a filter."""

import keras

from stylegan_tf.layers import equalized
from stylegan_tf.ops import resample, scaling


@keras.saving.register_keras_serializable("stylegan_tf")
class ScaledConv2D(equalized.EqualizedConv2D):
    """Convolution that doubles the image before or halves it after itself.

    Args:
        filters: Maps of the output.
        kernel_size: Height and width of the kernel, odd.
        resample_filter: Taps of a blur after doubling or before halving;
            none by default, (1, 2, 1) in StyleGAN.
        fused: Whether scaling and convolution are one operation.
        **kwargs: Those of `EqualizedConv2D`.
    Call arguments:
        x: Features, `[N, H, W, I]`, result `[N, H * up // down, ..., filters]`.
    References: https://arxiv.org/abs/1710.10196, section 2;
        https://arxiv.org/abs/1812.04948, section 2, for the blur
    """

    def __init__(
        self,
        filters,
        kernel_size,
        *,
        resample_filter=(),
        fused=False,
        **kwargs,
    ):
        super().__init__(
            filters, kernel_size, resample_filter=resample_filter, **kwargs
        )
        self.fused = fused

    def convolve(self, x, kernel):
        blurs = self.fir is not None
        if self.up == 2:
            x = scaling.upscale_conv2d(x, kernel, fused=self.fused)
            return resample.filter2d(x, self.fir) if blurs else x
        if self.down == 2:
            x = resample.filter2d(x, self.fir) if blurs else x
            return scaling.conv_downscale2d(x, kernel, fused=self.fused)
        return super().convolve(x, kernel)
