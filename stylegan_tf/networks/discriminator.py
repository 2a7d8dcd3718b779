"""StyleGAN2's discriminator: orig, skip or resnet.

arXiv 1912.04958, figure 7.
"""

import collections

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.layers import equalized, minibatch_stddev
from stylegan_tf.networks import mapping, precision
from stylegan_tf.ops import resample


class DiscriminatorBlock(keras.layers.Layer):
    """Everything at one resolution.

    Call arguments: `x` `[N, H, W, I]` (None in the first block) and `image`
    `[N, H, W, C]`. The result is `(x, image)`, both at half the size.
    """

    def __init__(self, filters, filters_out, *, config, first, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.settings = settings = config.discriminator
        self.resnet = settings.architecture == "resnet"
        self.skip_inputs = settings.architecture == "skip"
        self.fir = resample.setup_filter(settings.resample_filter)
        self.image_channels = config.image_channels
        self.from_rgb = None
        if first or self.skip_inputs:
            self.from_rgb = self._conv(filters, 1, name="from_rgb")
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
        if self.from_rgb is not None:
            self.from_rgb.build((*input_shape[:-1], self.image_channels))
        self.conv0.build(input_shape)
        self.conv1.build(input_shape)
        if self.resnet:
            self.skip.build(input_shape)

    def call(self, x, image):
        if self.from_rgb is not None:
            rgb = self.from_rgb(ops.cast(image, self.compute_dtype))
            x = rgb if x is None else ops.cast(x, self.compute_dtype) + rgb
        if self.skip_inputs:
            image = resample.downsample2d(image, self.fir)
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
        conv = {
            "activation": settings.activation,
            "clamp": settings.conv_clamp,
        }
        self.from_rgb = None
        if settings.architecture == "skip":
            self.from_rgb = equalized.EqualizedConv2D(
                filters, 1, name="from_rgb", **conv
            )
        self.stddev = None
        if settings.minibatch_channels:
            self.stddev = minibatch_stddev.MinibatchStddev(
                settings.minibatch_group_size,
                settings.minibatch_channels,
                name="minibatch_stddev",
            )
        self.conv = equalized.EqualizedConv2D(filters, 3, name="conv", **conv)
        self.dense = equalized.EqualizedDense(
            filters, activation=settings.activation, name="dense"
        )
        self.out = equalized.EqualizedDense(units, name="out")

    def build(self, input_shape):
        if self.from_rgb is not None:
            self.from_rgb.build((*input_shape[:-1], self.image_channels))
        shape = input_shape
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
        if self.stddev is not None:
            x = self.stddev(x)
        x = self.conv(x)
        x = ops.reshape(x, (-1, x.shape[1] * x.shape[2] * x.shape[3]))
        return self.out(self.dense(x))


@keras.saving.register_keras_serializable("stylegan_tf")
class Discriminator(keras.Model):
    """Scores of images, high for real ones.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
    Call arguments:
        images: `[N, H, W, C]`, float, `[-1, 1]`.
        labels: `[N, label_size]`, or None if there are none.
        The result is `[N, 1]`, float32.
    References: https://arxiv.org/abs/1912.04958;
        https://arxiv.org/abs/2006.06676, appendix D, for labels
    """

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        if isinstance(config, dict):
            config = config_lib.from_dict(config)
        self.config = config
        self.settings = settings = config.discriminator
        sizes = config_lib.resolutions(config)
        filters = [config_lib.channels(settings, size) for size in sizes]
        self.blocks = [
            DiscriminatorBlock(
                filters[level],
                filters[level - 1],
                config=config,
                first=level == config.doublings,
                dtype=precision.block_policy(config, level),
                name=f"b{sizes[level]}",
            )
            for level in range(config.doublings, 0, -1)
        ]
        self.projects = config.label_size and settings.label_mode != "select"
        units = max(config.label_size, 1)
        if self.projects:
            units = settings.label_width
            self.mapping = mapping.Mapping(
                z_size=0,
                label_size=config.label_size,
                w_size=units,
                layers=settings.mapping_layers,
                width=units,
                label_width=units,
                lr_multiplier=settings.mapping_lr_multiplier,
                activation=settings.activation,
                track_mean=False,
                name="mapping",
            )
        self.epilogue = DiscriminatorEpilogue(
            filters[0], units, config=config, name=f"b{sizes[0]}"
        )

    def build(self, input_shape=None):
        height, width, _ = self.config.image_shape
        for block in self.blocks:
            block.build((None, height, width, block.conv0.filters))
            height, width = height // 2, width // 2
        filters = self.blocks[-1].conv1.filters
        self.epilogue.build((None, height, width, filters))
        if self.projects:
            self.mapping.build()

    def call(self, images, labels=None):
        if labels is None and self.config.label_size:
            raise ValueError(
                "This discriminator is conditional: give `labels`, "
                f"[N, {self.config.label_size}], one-hot."
            )
        x = collections.deque(self.stages(images), maxlen=1)[0][0]
        if not self.config.label_size:
            return x
        if self.projects:
            labels = self.mapping(None, labels)
            labels = labels / self.mapping.w_size**0.5
        return ops.sum(x * labels, axis=-1, keepdims=True)

    def stages(self, images):
        """Yields features and image after every block and the epilogue."""
        x, image = None, images
        for block in self.blocks:
            x, image = block(x, image)
            yield x, image
        yield self.epilogue(x, image), None

    def get_config(self):
        return {"config": config_lib.to_dict(self.config), "name": self.name}
