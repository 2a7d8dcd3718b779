"""StyleGAN2's synthesis network: orig, skip, resnet or msg.

arXiv 1912.04958, figures 2 and 7; msg is MSG-GAN's, arXiv 1903.06048.
"""

import collections

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.layers import equalized, modulated_conv, noise
from stylegan_tf.networks import precision
from stylegan_tf.ops import bias_act, resample


class SynthesisLayer(keras.layers.Layer):
    """Modulated convolution, noise, bias and activation.

    Call arguments: `x` `[N, H, W, I]`, `w` `[N, D]`, `noise` as in
    `layers.noise.NoiseInjection`. The result is `[N, H * up, W * up, filters]`.
    """

    def __init__(self, filters, *, config, up=1, gain=1.0, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.filters = filters
        self.activation = config.activation
        self.clamp = config.conv_clamp * gain
        self.gain = gain * bias_act.DEFAULT_GAINS.get(config.activation, 1.0)
        self.conv = modulated_conv.ModulatedConv2D(
            filters,
            3,
            up=up,
            resample_filter=config.resample_filter,
            dtype=self.dtype_policy,
            name="conv",
        )
        self.noise = None
        if config.use_noise:
            self.noise = noise.NoiseInjection(
                dtype=self.dtype_policy, name="noise"
            )

    def build(self, input_shape, w_shape):
        self.conv.build(input_shape, w_shape)
        if self.noise is not None:
            self.noise.build(
                self.conv.compute_output_shape(input_shape, w_shape)
            )
        self.bias = self.add_weight(
            name="bias", shape=(self.filters,), initializer="zeros"
        )

    def call(self, x, w, noise="const"):
        x = self.conv(x, w)
        if self.noise is not None:
            x = self.noise(x, noise=noise)
        return bias_act.bias_act(
            x,
            self.bias,
            activation=self.activation,
            gain=self.gain,
            clamp=self.clamp,
        )


class ToRGB(keras.layers.Layer):
    """Modulated 1x1 convolution without demodulation, to image channels.

    Call arguments: `x` `[N, H, W, I]`, `w` `[N, D]`. The result is
    `[N, H, W, channels]`.
    """

    def __init__(self, channels, *, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.channels = channels
        self.clamp = config.conv_clamp
        self.conv = modulated_conv.ModulatedConv2D(
            channels, 1, demodulate=False, dtype=self.dtype_policy, name="conv"
        )

    def build(self, input_shape, w_shape):
        self.conv.build(input_shape, w_shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.channels,), initializer="zeros"
        )

    def call(self, x, w):
        x = self.conv(x, w)
        return bias_act.bias_act(x, self.bias, clamp=self.clamp)


class SynthesisBlock(keras.layers.Layer):
    """Everything at one resolution.

    Call arguments: `x` `[N, H/2, W/2, I]` (None in the first block), `image`
    so far or None, `ws` the block's own `[N, 2 or 3, D]`, `noises` one entry a
    convolution. The result is `(x, image)`.
    """

    def __init__(self, filters, *, config, first, to_rgb, **kwargs):
        super().__init__(autocast=False, **kwargs)
        settings = config.generator
        self.filters = filters
        self.base_shape = tuple(config.base_shape)
        self.is_first = first
        self.resnet = settings.architecture == "resnet" and not first
        self.fir = resample.setup_filter(settings.resample_filter)
        policy = {"config": settings, "dtype": self.dtype_policy}
        self.convs = []
        if not first:
            up = SynthesisLayer(filters, up=2, name="conv0", **policy)
            self.convs.append(up)
        gain = 0.5**0.5 if self.resnet else 1.0
        self.convs.append(
            SynthesisLayer(filters, gain=gain, name="conv1", **policy)
        )
        self.to_rgb = None
        if to_rgb:
            self.to_rgb = ToRGB(config.image_channels, name="to_rgb", **policy)
        if self.resnet:
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
        if self.is_first:
            input_shape = (None, *self.base_shape, self.filters)
            self.const = self.add_weight(
                name="const",
                shape=input_shape[1:],
                initializer=equalized.unit_normal(),
            )
        elif self.resnet:
            self.skip.build(input_shape)
        for conv in self.convs:
            conv.build(input_shape, w_shape)
            input_shape = conv.conv.compute_output_shape(input_shape, w_shape)
        if self.to_rgb is not None:
            self.to_rgb.build(input_shape, w_shape)

    def call(self, x, image, ws, noises):
        if self.is_first:
            shape = (ops.shape(ws)[0], *self.const.shape)
            x = ops.broadcast_to(self.const[None], shape)
        x = inputs = ops.cast(x, self.compute_dtype)
        for index, conv in enumerate(self.convs):
            x = conv(x, ws[:, index], noise=noises[index])
        if self.resnet:
            x = x + self.skip(inputs)
        if image is not None:
            image = resample.upsample2d(image, self.fir)
        if self.to_rgb is not None:
            rgb = ops.cast(self.to_rgb(x, ws[:, len(self.convs)]), "float32")
            image = rgb if image is None else image + rgb
        return x, image


class Synthesis(keras.layers.Layer):
    """Images from styles.

    Call arguments:
        ws: `[N, L, D]`; a block's to_rgb shares the style of the next
            block's first convolution.
        noise: "const", "none" or a list of `[N, H, W, 1]`, one for each of
            `noise_shapes`.
        The result is `[N, H, W, C]`, float32, about `[-1, 1]`.
    """

    def __init__(self, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        settings = config.generator
        self.num_ws = config.num_ws
        self.w_size = settings.w_size
        self.filters = [
            config_lib.channels(settings, resolution)
            for resolution in config_lib.resolutions(config)
        ]
        self.noise_shapes = [
            tuple(side << (index + 1) // 2 for side in config.base_shape)
            for index in range(self.num_ws - 1)
        ]
        last = config.doublings
        makes_scales = settings.architecture in ("skip", "msg")
        self.sums_images = settings.architecture == "skip"
        self.blocks = [
            SynthesisBlock(
                self.filters[level],
                config=config,
                first=level == 0,
                to_rgb=makes_scales or level == last,
                dtype=precision.block_policy(config, level),
                name=f"b{resolution}",
            )
            for level, resolution in enumerate(config_lib.resolutions(config))
        ]

    def build(self, ws_shape=None):
        shape = None
        for level, block in enumerate(self.blocks):
            block.build(shape, (None, self.w_size))
            sides = (side << level for side in self.blocks[0].base_shape)
            shape = (None, *sides, self.filters[level])

    def call(self, ws, noise="const"):
        last = collections.deque(self.stages(ws, noise), maxlen=1)
        return last[0][1]

    def stages(self, ws, noise="const"):
        """Yields features and image after every block."""
        x = image = None
        first_w = 0
        for block in self.blocks:
            last_w = first_w + len(block.convs)
            noises = self._noises(noise, first_w, last_w)
            block_ws = ws[:, first_w : last_w + 1]
            below = image if self.sums_images else None
            x, image = block(x, below, block_ws, noises=noises)
            yield x, image
            first_w = last_w

    def _noises(self, noise, first, last):
        if isinstance(noise, str):
            if noise not in ("const", "none"):
                raise ValueError(
                    '`noise` must be "const", "none" or a list of tensors. '
                    f"Received: noise={noise!r}"
                )
            return [noise] * (last - first)
        if len(noise) != len(self.noise_shapes):
            raise ValueError(
                f"`noise` must hold {len(self.noise_shapes)} tensors, one for "
                f"each of {self.noise_shapes}. Received: {len(noise)}"
            )
        return noise[first:last]

    def compute_output_shape(self, ws_shape, **kwargs):
        height, width = (
            side << len(self.blocks) - 1 for side in self.blocks[0].base_shape
        )
        return (ws_shape[0], height, width, self.blocks[-1].to_rgb.channels)
