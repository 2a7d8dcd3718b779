"""One resolution of the progressive generators."""

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.layers import (
    adain,
    equalized,
    noise,
    pixel_norm,
    scaled_conv,
)
from stylegan_tf.networks import growth, precision, synthesis
from stylegan_tf.ops import bias_act, normalization


class Epilogue(keras.layers.Layer):
    """What follows a convolution: noise, bias, activation, norms, style.

    Call arguments: `x` `[N, H, W, C]`, `w` `[N, D]`, `noise` as in
    `layers.noise.NoiseInjection`. The result has the shape of `x`.
    Reference: https://arxiv.org/abs/1812.04948, figure 1b
    """

    def __init__(self, filters, *, settings, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.filters = filters
        self.activation = settings.activation
        self.clamp = settings.conv_clamp
        policy = {"dtype": self.dtype_policy}
        self.noise = self.pixel_norm = self.adain = None
        if settings.use_noise:
            self.noise = noise.NoiseInjection(
                per_channel=True, name="noise", **policy
            )
        if settings.pixel_norm == "on":
            self.pixel_norm = pixel_norm.PixelNorm(name="pixel_norm", **policy)
        self.use_instance_norm = settings.instance_norm == "on"
        if settings.use_styles:
            self.adain = adain.AdaIN(
                use_instance_norm=self.use_instance_norm,
                use_wscale=settings.use_wscale,
                name="adain",
                **policy,
            )

    def build(self, input_shape, w_shape):
        if self.noise is not None:
            self.noise.build(input_shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.filters,), initializer="zeros"
        )
        if self.adain is not None:
            self.adain.build(input_shape, w_shape)

    def call(self, x, w, noise="const"):
        if self.noise is not None:
            x = self.noise(x, noise=noise)
        x = bias_act.bias_act(
            x, self.bias, activation=self.activation, gain=1.0, clamp=self.clamp
        )
        if self.pixel_norm is not None:
            x = self.pixel_norm(x)
        if self.adain is not None:
            return self.adain(x, w)
        return normalization.instance_norm(x) if self.use_instance_norm else x


class StyleBlock(keras.layers.Layer):
    """Two layers of ProGAN or StyleGAN.

    Call arguments: `x` `[N, H/2, W/2, I]` (None in the first block), `ws`
    `[N, L, D]`, `noises` "const", "none" or a list, the whole network's. The
    result is `[N, H, W, filters]`.
    """

    def __init__(self, level, *, config, **kwargs):
        policy = precision.block_policy(config, level)
        super().__init__(autocast=False, dtype=policy, **kwargs)
        self.level = level
        self.settings = settings = config.generator
        resolution = config_lib.resolutions(config)[level]
        self.filters = config_lib.channels(settings, resolution)
        height, width, _ = config.image_shape
        drop = config.doublings - level
        self.shape = (height >> drop, width >> drop, self.filters)
        self.dense = self.conv0 = None
        if level:
            fused = growth.fuses(settings, resolution)
            self.conv0 = self._conv("conv0", up=2, fused=fused)
        elif not settings.const_input:
            self.dense = equalized.EqualizedDense(
                self.shape[0] * self.shape[1] * self.filters,
                use_bias=False,  # the epilogue's, one a map
                weight_gain=growth.WEIGHT_GAIN / 4,
                use_wscale=settings.use_wscale,
                dtype="float32",
                name="dense",
            )
        self.conv1 = self._conv("conv1")
        self.epilogues = [
            Epilogue(
                self.filters,
                settings=settings,
                dtype=self.dtype_policy,
                name=f"epilogue{index}",
            )
            for index in range(2)
        ]
        self.to_rgb = equalized.EqualizedConv2D(
            config.image_channels,
            1,
            use_wscale=settings.use_wscale,
            clamp=settings.conv_clamp,
            dtype=self.dtype_policy,
            name="to_rgb",
        )

    def _conv(self, name, **options):
        return scaled_conv.ScaledConv2D(
            self.filters,
            3,
            use_bias=False,  # after the noise, in the epilogue
            weight_gain=growth.WEIGHT_GAIN,
            use_wscale=self.settings.use_wscale,
            resample_filter=self.settings.blur_filter,
            dtype=self.dtype_policy,
            name=name,
            **options,
        )

    def build(self, input_shape, w_shape):
        shape = (None, *self.shape)
        if self.level:
            self.conv0.build(input_shape)
        elif self.dense is not None:
            self.dense.build(w_shape)
        else:
            self.const = self.add_weight(
                name="const", shape=self.shape, initializer="ones"
            )
        self.conv1.build(shape)
        for epilogue in self.epilogues:
            epilogue.build(shape, w_shape)
        self.to_rgb.build(shape)

    def call(self, x, ws, noises):
        if self.level:
            x = self.conv0(x)
        elif self.dense is not None:
            x = ops.reshape(self.dense(ws[:, 0]), (-1, *self.shape))
        else:
            shape = (ops.shape(ws)[0], *self.shape)
            x = ops.broadcast_to(self.const[None], shape)
        x = self._finish(0, ops.cast(x, self.compute_dtype), ws, noises)
        return self._finish(1, self.conv1(x), ws, noises)

    def _finish(self, index, x, ws, noises):
        layer = 2 * self.level + index
        w = ws[:, layer] if self.settings.use_styles else None
        noise = pick(noises, layer)
        return self.epilogues[index](x, w, noise=noise)

    def rgb(self, x, ws):
        """The stage's own image `[N, H, W, C]`, float32."""
        return ops.cast(self.to_rgb(x), "float32")


class RevisedBlock(keras.layers.Layer):
    """StyleGAN2's layers at one resolution, with an image of their own.

    Call arguments and result are those of `StyleBlock`.
    Reference: https://arxiv.org/abs/1912.04958, figure 2c
    """

    def __init__(self, level, *, config, **kwargs):
        policy = precision.block_policy(config, level)
        super().__init__(autocast=False, dtype=policy, **kwargs)
        self.level = level
        settings = config.generator
        resolution = config_lib.resolutions(config)[level]
        self.filters = config_lib.channels(settings, resolution)
        self.base_shape = tuple(config.base_shape)
        options = {"config": settings, "dtype": self.dtype_policy}
        self.convs = []
        if level:
            self.convs.append(
                synthesis.SynthesisLayer(
                    self.filters, up=2, name="conv0", **options
                )
            )
        self.convs.append(
            synthesis.SynthesisLayer(self.filters, name="conv1", **options)
        )
        self.to_rgb = synthesis.ToRGB(
            config.image_channels, name="to_rgb", **options
        )

    def build(self, input_shape, w_shape):
        shape = input_shape
        if not self.level:
            self.const = self.add_weight(
                name="const",
                shape=(*self.base_shape, self.filters),
                initializer=equalized.unit_normal(),
            )
            shape = (None, *self.const.shape)
        for layer in self.convs:
            layer.build(shape, w_shape)
            shape = layer.conv.compute_output_shape(shape, w_shape)
        self.to_rgb.build(shape, w_shape)

    def call(self, x, ws, noises):
        if not self.level:
            shape = (ops.shape(ws)[0], *self.const.shape)
            x = ops.broadcast_to(self.const[None], shape)
        x = ops.cast(x, self.compute_dtype)
        first = max(2 * self.level - 1, 0)
        for layer, conv in enumerate(self.convs, first):
            x = conv(x, ws[:, layer], noise=pick(noises, layer))
        return x

    def rgb(self, x, ws):
        """The stage's own image `[N, H, W, C]`, float32."""
        w = ws[:, 2 * self.level + 1]
        return ops.cast(self.to_rgb(x, w), "float32")


def pick(noises, index):
    """One layer's entry of "const", "none" or a list."""
    return noises if isinstance(noises, str) else noises[index]
