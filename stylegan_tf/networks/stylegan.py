"""The synthesis networks of ProGAN and StyleGAN, which grow.

arXiv 1710.10196, section 2 and table 2; arXiv 1812.04948, figure 1. ProGAN is
the same network without styles and noise: its first layer is a dense one of
the latent, and pixel norm follows every layer.
"""

import collections
import functools
import math

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
from stylegan_tf.networks import growth, network
from stylegan_tf.ops import (
    bias_act,
    normalization,
    rematerialize,
    scaling,
)

# ProGAN and StyleGAN keep the variance of leaky ReLUs by a gain in the
# weights, where StyleGAN2 puts it after the activation.
WEIGHT_GAIN = math.sqrt(2)
_FUSED_FROM = 128  # pixels, of the larger image


class Epilogue(keras.layers.Layer):
    """What follows a convolution: noise, bias, activation, norms, style.

    Call arguments: `x` `[N, H, W, C]`, `w` `[N, D]`, `noise` as in
    `layers.noise.NoiseInjection`. The result has the shape of `x`.
    Reference: https://arxiv.org/abs/1812.04948, figure 1b, right
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
        x = bias_act.bias_act(
            x,
            self.bias,
            None if self.noise is None else self.noise.scaled(noise),
            activation=self.activation,
            gain=1.0,
            clamp=self.clamp,
        )
        if self.pixel_norm is not None:
            x = self.pixel_norm(x)
        if self.adain is not None:
            return self.adain(x, w)
        return normalization.instance_norm(x) if self.use_instance_norm else x


class StyleBlock(keras.layers.Layer):
    """Two layers at one resolution, and the image that is made of them.

    Call arguments: `x` `[N, H/2, W/2, I]` (None in the first block), `ws`
    `[N, L, D]`, `noises` one entry a layer, both the whole network's. The
    result is `[N, H, W, filters]`.
    References: https://arxiv.org/abs/1812.04948, figure 1b;
        https://arxiv.org/abs/1710.10196, table 2
    """

    def __init__(self, level, *, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.level = level
        self.settings = settings = config.generator
        resolution = config_lib.resolutions(config)[level]
        self.filters = config_lib.channels(settings, resolution)
        self.shape = (*growth.size(config, level), self.filters)
        policy = {"dtype": self.dtype_policy}
        weights = {"use_wscale": settings.use_wscale}
        conv = functools.partial(
            scaled_conv.ScaledConv2D,
            self.filters,
            3,
            use_bias=False,  # after the noise, in the epilogue
            weight_gain=WEIGHT_GAIN,
            resample_filter=settings.blur_filter,
            **weights,
            **policy,
        )
        self.dense = self.conv0 = None
        if level:
            fused = fuses(settings, resolution)
            self.conv0 = conv(name="conv0", up=2, fused=fused)
        elif not settings.const_input:
            self.dense = equalized.EqualizedDense(
                math.prod(self.shape),
                use_bias=False,  # the epilogue's, one a map
                weight_gain=WEIGHT_GAIN / 4,
                dtype="float32",
                name="dense",
                **weights,
            )
        self.conv1 = conv(name="conv1")
        self.epilogues = [
            Epilogue(self.filters, settings=settings, name=name, **policy)
            for name in ("epilogue0", "epilogue1")
        ]
        self.to_rgb = equalized.EqualizedConv2D(
            config.image_channels,
            1,
            clamp=settings.conv_clamp,
            name="to_rgb",
            **weights,
            **policy,
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
        return self.epilogues[index](x, w, noise=noises[layer])

    def rgb(self, x, ws):
        """The resolution's own image `[N, H, W, C]`, float32."""
        return ops.cast(self.to_rgb(x), "float32")


class ProgressiveSynthesis(keras.layers.Layer):
    """Images from styles, at any stage of the growth.

    The weights of all stages exist from the start; a stage runs only its own.

    Args:
        config: A resolved `stylegan_tf.config.Config`.
        precision: As in `network.Network`.
        block: `StyleBlock`, or StyleGAN2's.
    Call arguments:
        ws: `[N, L, D]`.
        noise: As in `generator.Generator`; likewise `resolution` and `alpha`.
        The result is `[N, H, W, C]` at `resolution`, float32.
    Reference: https://arxiv.org/abs/1710.10196, figure 2
    """

    def __init__(self, config, precision, *, block, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.config = config
        self.blocks = network.blocks(block, config, precision=precision)

    def build(self, ws_shape=None):
        shape = None
        for block in self.blocks:
            block.build(shape, (None, self.config.generator.w_size))
            shape = (None, *block.shape)

    def call(self, ws, noise="const", resolution=None, alpha=1.0):
        features = self.features(ws, noise, resolution)
        *below, x = collections.deque(features, maxlen=2)
        level, low = growth.level(self.config, resolution), None
        if below and not growth.is_grown(alpha):
            low = scaling.upscale2d(self.blocks[level - 1].rgb(*below, ws))
        image = self.blocks[level].rgb(x, ws)
        return image if low is None else growth.fade(low, image, alpha)

    def features(self, ws, noise="const", resolution=None):
        """Yields the feature maps of every block up to a stage."""
        level = growth.level(self.config, resolution)
        noises = growth.noises(self.config, noise, level)
        x = None
        for block in self.blocks[: level + 1]:
            x = rematerialize.call(block, x, ws, noises=noises)
            yield x


def fuses(settings, larger):
    """Whether scaling is fused with its convolution.

    Args:
        settings: Config of the network.
        larger: Resolution of the larger of the two images.
    """
    if settings.fused_scale == "auto":
        return larger >= _FUSED_FROM
    return settings.fused_scale == "on"
