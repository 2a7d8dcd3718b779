"""Blocks of StyleGAN2's discriminator: orig, skip, resnet or msg.

arXiv 1912.04958, figure 7; msg is MSG-GAN's, arXiv 1903.06048.
"""

import keras
from keras import ops

from stylegan_tf.layers import equalized, minibatch_stddev
from stylegan_tf.ops import resample, scaling


class DiscriminatorBlock(keras.layers.Layer):
    """Everything at one resolution.

    Call arguments: `x` `[N, H, W, I]` (None in the first block) and `image`
    `[N, H, W, C]`. The result is `(x, image)`, both at half the size; the
    image by the FIR of skip, by the box means of msg, or as it was.
    """

    def __init__(self, filters, filters_out, *, config, first, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.settings = settings = config.discriminator
        self.resnet = settings.architecture == "resnet"
        self.skip_inputs = settings.architecture == "skip"
        self.is_msg = settings.architecture == "msg"
        self.fir = resample.setup_filter(settings.resample_filter)
        self.image_channels = config.image_channels
        self.from_rgb = None
        if first or self.skip_inputs:
            self.from_rgb = self._conv(filters, 1, name="from_rgb")
        self.stddev = None
        if self.is_msg:
            self.stddev = _minibatch_stddev(settings, self.dtype_policy)
        self.conv0 = self._conv(filters, 3, name="conv0")
        gain = 0.5**0.5 if self.resnet else 1.0
        self.conv1 = self._conv(filters_out, 3, down=2, gain=gain, name="conv1")
        if self.resnet:
            self.skip = equalized.EqualizedConv2D(
                filters_out,
                1,
                down=2,
                resample_filter=settings.resample_filter,
                use_bias=False,
                gain=gain,
                dtype=self.dtype_policy,
                name="skip",
            )

    def _conv(self, filters, size, **kwargs):
        return equalized.EqualizedConv2D(
            filters,
            size,
            activation=self.settings.activation,
            resample_filter=self.settings.resample_filter,
            clamp=self.settings.conv_clamp,
            dtype=self.dtype_policy,
            **kwargs,
        )

    def build(self, input_shape):
        shape = input_shape
        if self.from_rgb is not None:
            self.from_rgb.build((*shape[:-1], self.image_channels))
        elif self.is_msg:
            shape = (*shape[:-1], shape[-1] + self.image_channels)
        if self.stddev is not None:
            shape = self.stddev.compute_output_shape(shape)
        self.conv0.build(shape)
        self.conv1.build(input_shape)
        if self.resnet:
            self.skip.build(input_shape)

    def call(self, x, image):
        if self.from_rgb is not None:
            rgb = self.from_rgb(ops.cast(image, self.compute_dtype))
            x = rgb if x is None else ops.cast(x, self.compute_dtype) + rgb
        elif self.is_msg:
            x = _concatenate(x, image, self.compute_dtype)
        if self.stddev is not None:
            x = self.stddev(x)
        if self.skip_inputs:
            image = resample.downsample2d(image, self.fir)
        elif self.is_msg:
            image = scaling.downscale2d(image)
        x = inputs = ops.cast(x, self.compute_dtype)
        x = self.conv1(self.conv0(x))
        if self.resnet:
            x = x + self.skip(inputs)
        return x, image


class DiscriminatorEpilogue(keras.layers.Layer):
    """Minibatch stddev and the dense layers at the smallest resolution.

    Call arguments: `x` `[N, H, W, C]` and `image`. The result is
    `[N, units]`, float32.
    """

    def __init__(self, filters, units, *, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        settings = config.discriminator
        self.image_channels = config.image_channels
        self.is_msg = settings.architecture == "msg"
        conv = {
            "activation": settings.activation,
            "clamp": settings.conv_clamp,
        }
        self.from_rgb = None
        if settings.architecture == "skip":
            self.from_rgb = equalized.EqualizedConv2D(
                filters, 1, name="from_rgb", **conv
            )
        self.stddev = _minibatch_stddev(settings, self.dtype_policy)
        self.conv = equalized.EqualizedConv2D(filters, 3, name="conv", **conv)
        self.dense = equalized.EqualizedDense(
            filters, activation=settings.activation, name="dense"
        )
        self.out = equalized.EqualizedDense(units, name="out")

    def build(self, input_shape):
        if self.from_rgb is not None:
            self.from_rgb.build((*input_shape[:-1], self.image_channels))
        shape = input_shape
        if self.is_msg:
            shape = (*shape[:-1], shape[-1] + self.image_channels)
        if self.stddev is not None:
            shape = self.stddev.compute_output_shape(shape)
        self.conv.build(shape)
        _, height, width, _ = input_shape
        self.dense.build((None, height * width * self.conv.filters))
        self.out.build((None, self.dense.units))

    def call(self, x, image):
        x = ops.cast(x, "float32")
        if self.from_rgb is not None:
            x = x + self.from_rgb(image)
        elif self.is_msg:
            x = _concatenate(x, image, "float32")
        if self.stddev is not None:
            x = self.stddev(x)
        x = self.conv(x)
        x = ops.reshape(x, (-1, x.shape[1] * x.shape[2] * x.shape[3]))
        return self.out(self.dense(x))


def _minibatch_stddev(settings, dtype):
    if not settings.minibatch_channels:
        return None
    return minibatch_stddev.MinibatchStddev(
        settings.minibatch_group_size,
        settings.minibatch_channels,
        dtype=dtype,
        name="minibatch_stddev",
    )


def _concatenate(x, image, dtype):
    """MSG-GAN's phi_simple: `[N, H, W, I]` and `[N, H, W, C]` side by side."""
    return ops.concatenate([ops.cast(x, dtype), ops.cast(image, dtype)], -1)
