"""The discriminators that grow: ProGAN, StyleGAN, StyleGAN2's configs B-D.

arXiv 1710.10196, section 2 and table 2; arXiv 1812.04948 keeps ProGAN's.
"""

import functools

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.layers import equalized, minibatch_stddev, scaled_conv
from stylegan_tf.networks import growth, network, stylegan
from stylegan_tf.ops import rematerialize, scaling


class ProgressiveBlock(keras.layers.Layer):
    """Everything at one resolution, from its own image or the block above.

    Call arguments: `x` `[N, H, W, I]`. The result is `[N, H/2, W/2, O]`.
    Reference: https://arxiv.org/abs/1710.10196, table 2, right
    """

    def __init__(self, level, *, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        settings = config.discriminator
        resolution = config_lib.resolutions(config)[level]
        self.filters = filters = config_lib.channels(settings, resolution)
        filters_out = config_lib.channels(settings, resolution // 2)
        conv = functools.partial(convolution, settings, dtype=self.dtype_policy)
        fused = stylegan.fuses(settings, resolution)
        # Without fusion ProGAN halves what comes after the activation.
        self.halves = settings.architecture == "progan" and not fused
        options = {"down": 1 if self.halves else 2}
        if settings.architecture != "revised":
            options["fused"] = fused
        self.image_channels = config.image_channels
        self.from_rgb = conv(filters, 1, name="from_rgb")
        self.conv0 = conv(filters, 3, name="conv0")
        self.conv1 = conv(filters_out, 3, name="conv1", **options)

    def build(self, input_shape):
        self.from_rgb.build((*input_shape[:-1], self.image_channels))
        self.conv0.build(input_shape)
        self.conv1.build(input_shape)

    def call(self, x):
        x = self.conv1(self.conv0(ops.cast(x, self.compute_dtype)))
        return scaling.downscale2d(x) if self.halves else x


class Epilogue(keras.layers.Layer):
    """Minibatch stddev and the dense layers at the smallest resolution.

    Call arguments: `x` `[N, H, W, I]`. The result is `[N, units]`, float32.
    Reference: https://arxiv.org/abs/1710.10196, table 2, right
    """

    def __init__(self, units, *, config):
        resolution = max(config.base_shape)
        super().__init__(autocast=False, name=f"b{resolution}")
        settings = config.discriminator
        self.image_channels = config.image_channels
        self.filters = filters = config_lib.channels(settings, resolution)
        self.from_rgb = None
        if config.is_progressive or settings.architecture == "skip":
            self.from_rgb = convolution(settings, filters, 1, name="from_rgb")
        self.stddev = minibatch_stddev.MinibatchStddev(
            settings.minibatch_group_size,
            settings.minibatch_channels,
            name="minibatch_stddev",
        )
        self.conv = convolution(settings, filters, 3, name="conv")
        self.dense = dense(settings, filters, settings.activation, name="dense")
        self.out = dense(settings, units, "linear", name="out")

    def build(self, input_shape):
        _, height, width, _ = input_shape
        if self.from_rgb is not None:
            self.from_rgb.build((None, height, width, self.image_channels))
        self.conv.build(self.stddev.compute_output_shape(input_shape))
        self.dense.build((None, height * width * self.conv.filters))
        self.out.build((None, self.dense.units))

    def call(self, x):
        return self.out(self.features(x))

    def features(self, x):
        """What the last layer sees, `[N, F]`."""
        x = self.conv(self.stddev(ops.cast(x, "float32")))
        x = ops.reshape(x, (-1, x.shape[1] * x.shape[2] * x.shape[3]))
        return self.dense(x)


@keras.saving.register_keras_serializable("stylegan_tf")
class ProgressiveDiscriminator(network.Discriminator):
    """Scores of images, high for real ones, at any stage of the growth.

    The weights of all stages exist from the start; a stage runs only its own.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
        precision: As in `network.Network`.
    Call arguments:
        images: `[N, H, W, C]` at `resolution`, float, `[-1, 1]`.
        labels: `[N, label_size]`; ProGAN's scores do not depend on them.
        resolution: See `growth.Stage`; likewise `alpha`. A Python number:
            every stage is a trace of its own.
        The result is `[N, 1]`, float32.
    References: https://arxiv.org/abs/1710.10196, figure 2 and table 2;
        https://arxiv.org/abs/1812.04948; https://arxiv.org/abs/1610.09585
        for label logits
    """

    def __init__(self, config, precision="float32", **kwargs):
        super().__init__(config, precision, **kwargs)
        config = self.config
        self.epilogue = Epilogue(self.units, config=config)
        self.blocks = network.blocks(
            ProgressiveBlock, config, precision=precision, first=1
        )

    def build(self, input_shape=None):
        for level, part in enumerate((self.epilogue, *self.blocks)):
            part.build((None, *growth.size(self.config, level), part.filters))

    def outputs_of(self, images, resolution, alpha):
        level = growth.level(self.config, resolution)
        images = ops.convert_to_tensor(images)
        height, width = growth.size(self.config, level)
        expected = (height, width, self.config.image_channels)
        if tuple(images.shape[1:]) != expected:
            raise ValueError(
                f"`images` must be {expected} at this stage; `resolution` "
                f"chooses the stage. Received: {tuple(images.shape[1:])}"
            )
        parts = [self.epilogue, *self.blocks[:level]]
        x = parts[level](parts[level].from_rgb(images))
        if level and not growth.is_grown(alpha):
            low = parts[level - 1].from_rgb(scaling.downscale2d(images))
            x = growth.fade(ops.cast(low, x.dtype), x, alpha)
        for part in reversed(parts[:level]):
            x = part(x)
        return x

    def features(self, images):
        """What the last layer sees of full-size images, `[N, F]`."""
        x = self.blocks[-1].from_rgb(images)
        for block in reversed(self.blocks):
            x = rematerialize.call(block, x)
        return self.epilogue.features(x)


def convolution(settings, filters, kernel_size, **options):
    """A convolution with bias and activation, as the architecture has it."""
    options = {
        "activation": settings.activation,
        "clamp": settings.conv_clamp,
        **options,
    }
    if settings.architecture in ("progan", "stylegan"):
        return scaled_conv.ScaledConv2D(
            filters,
            kernel_size,
            weight_gain=stylegan.WEIGHT_GAIN,
            use_wscale=settings.use_wscale,
            resample_filter=settings.blur_filter,
            **options,
        )
    return equalized.EqualizedConv2D(
        filters,
        kernel_size,
        resample_filter=settings.resample_filter,
        **options,
    )


def dense(settings, units, activation, *, name):
    """A dense layer, as the architecture has it."""
    options = {}
    if settings.architecture in ("progan", "stylegan"):
        options["use_wscale"] = settings.use_wscale
        if activation != "linear":
            options["weight_gain"] = stylegan.WEIGHT_GAIN
    return equalized.EqualizedDense(
        units, activation=activation, name=name, **options
    )
