"""The synthesis networks of StyleGAN2: orig, skip, resnet, msg, and growing.

arXiv 1912.04958, figures 2 and 7; msg is MSG-GAN's, arXiv 1903.06048.
"""

import collections
import functools

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.layers import equalized, modulated_conv, noise
from stylegan_tf.networks import growth, network
from stylegan_tf.ops import bias_act, rematerialize, resample


class SynthesisLayer(keras.layers.Layer):
    """Modulated convolution, noise, bias and activation.

    Call arguments: `x` `[N, H, W, I]`, `w` `[N, D]`, `noise` as in
    `layers.noise.NoiseInjection`. The result is `[N, H * up, W * up, filters]`.
    Reference: https://arxiv.org/abs/1912.04958, figure 2d, one grey box
    """

    def __init__(self, filters, *, settings, up=1, gain=1.0, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.filters = filters
        self.activation = settings.activation
        self.clamp = settings.conv_clamp * gain
        self.gain = gain * bias_act.DEFAULT_GAINS.get(settings.activation, 1.0)
        self.conv = modulated_conv.ModulatedConv2D(
            filters,
            3,
            up=up,
            resample_filter=settings.resample_filter,
            dtype=self.dtype_policy,
            name="conv",
        )
        self.noise = None
        if settings.use_noise:
            self.noise = noise.NoiseInjection(
                dtype=self.dtype_policy, name="noise"
            )

    def build(self, input_shape, w_shape):
        self.conv.build(input_shape, w_shape)
        if self.noise is not None:
            shape = self.conv.compute_output_shape(input_shape, w_shape)
            self.noise.build(shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.filters,), initializer="zeros"
        )

    def call(self, x, w, noise="const"):
        x, factors = self.conv.before_demodulation(x, w)
        return bias_act.bias_act(
            x,
            self.bias,
            None if self.noise is None else self.noise.scaled(noise),
            factors,
            activation=self.activation,
            gain=self.gain,
            clamp=self.clamp,
        )


class ToRGB(keras.layers.Layer):
    """Modulated 1x1 convolution without demodulation, to image channels.

    Call arguments: `x` `[N, H, W, I]`, `w` `[N, D]`. The result is
    `[N, H, W, channels]`.
    Reference: https://arxiv.org/abs/1912.04958, figure 7, tRGB
    """

    def __init__(self, channels, *, settings, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.channels = channels
        self.clamp = settings.conv_clamp
        self.conv = modulated_conv.ModulatedConv2D(
            channels, 1, demodulate=False, dtype=self.dtype_policy, name="conv"
        )

    def build(self, input_shape, w_shape):
        self.conv.build(input_shape, w_shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.channels,), initializer="zeros"
        )

    def call(self, x, w):
        return bias_act.bias_act(self.conv(x, w), self.bias, clamp=self.clamp)


class SynthesisBlock(keras.layers.Layer):
    """The layers at one resolution, and the image that is made of them.

    Call arguments: `x` `[N, H/2, W/2, I]` (None in the first block), `ws`
    `[N, L, D]`, `noises` one entry a layer, both the whole network's. The
    result is `[N, H, W, filters]`.
    Reference: https://arxiv.org/abs/1912.04958, figures 2c and 2d, and the
        residual branch of figure 7c
    """

    def __init__(self, level, *, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.level = level
        settings = config.generator
        resolution = config_lib.resolutions(config)[level]
        self.filters = filters = config_lib.channels(settings, resolution)
        self.shape = (*growth.size(config, level), filters)
        options = {"settings": settings, "dtype": self.dtype_policy}
        layer = functools.partial(SynthesisLayer, filters, **options)
        is_resnet = settings.architecture == "resnet" and level > 0
        gain = 0.5**0.5 if is_resnet else 1.0
        convs = [layer(up=2, name="conv0")] if level else []
        self.convs = [*convs, layer(gain=gain, name="conv1")]
        self.to_rgb = self.skip = None
        has_last_alone = settings.architecture in ("orig", "resnet")
        if level == config.doublings or not has_last_alone:
            self.to_rgb = ToRGB(config.image_channels, name="to_rgb", **options)
        if is_resnet:
            self.skip = equalized.EqualizedConv2D(
                filters,
                1,
                up=2,
                resample_filter=settings.resample_filter,
                use_bias=False,
                gain=gain,
                dtype=self.dtype_policy,
                name="skip",
            )

    def build(self, input_shape, w_shape):
        if not self.level:
            self.const = self.add_weight(
                name="const",
                shape=self.shape,
                initializer=equalized.normal(),
            )
            input_shape = (None, *self.shape)
        if self.skip is not None:
            self.skip.build(input_shape)
        for conv in self.convs:
            conv.build(input_shape, w_shape)
            input_shape = (None, *self.shape)
        if self.to_rgb is not None:
            self.to_rgb.build(input_shape, w_shape)

    def call(self, x, ws, noises):
        if not self.level:
            shape = (ops.shape(ws)[0], *self.shape)
            x = ops.broadcast_to(self.const[None], shape)
        x = inputs = ops.cast(x, self.compute_dtype)
        first = max(2 * self.level - 1, 0)
        for layer, conv in enumerate(self.convs, first):
            x = conv(x, ws[:, layer], noise=noises[layer])
        return x if self.skip is None else x + self.skip(inputs)

    def rgb(self, x, ws):
        """The resolution's own image `[N, H, W, C]`, float32.

        Its style is that of the next block's first layer.
        """
        w = ws[:, 2 * self.level + 1]
        return ops.cast(self.to_rgb(x, w), "float32")


class RevisedBlock(SynthesisBlock):
    """A block of configs B to D, which grow; .keras files name its weights."""


class Synthesis(keras.layers.Layer):
    """Images from styles; skip sums those of all resolutions.

    Call arguments:
        ws: `[N, L, D]`.
        noise: As in `generator.Generator`; likewise `resolution` and `alpha`.
        The result is `[N, H, W, C]`, float32, about `[-1, 1]`.
    References: https://arxiv.org/abs/1912.04958, figure 7, upper row;
        https://arxiv.org/abs/1903.06048, section 2, for msg
    """

    def __init__(self, config, precision, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.config = config
        self.is_skip = config.generator.architecture == "skip"
        self.fir = resample.setup_filter(config.generator.resample_filter)
        self.blocks = network.blocks(
            SynthesisBlock, config, precision=precision
        )

    def build(self, ws_shape=None):
        shape = None
        for block in self.blocks:
            block.build(shape, (None, self.config.generator.w_size))
            shape = (None, *block.shape)

    def call(self, ws, noise="const", resolution=None, alpha=1.0):
        growth.refuse_growing(self.config, resolution, alpha)
        return collections.deque(self.outputs(ws, noise), maxlen=1)[0][1]

    def outputs(self, ws, noise="const"):
        """Yields features and image (None if it has none) of every block."""
        noises = growth.noises(self.config, noise, self.config.doublings)
        x = image = None
        for block in self.blocks:
            x = rematerialize.call(block, x, ws, noises=noises)
            if block.to_rgb is not None:
                rgb = block.rgb(x, ws)
                if self.is_skip and image is not None:
                    rgb = resample.upsample2d(image, self.fir) + rgb
                image = rgb
            yield x, image

    def features(self, ws, noise="const", resolution=None):
        """Yields the feature maps of every block."""
        growth.refuse_growing(self.config, resolution, alpha=1.0)
        for x, _ in self.outputs(ws, noise):
            yield x
