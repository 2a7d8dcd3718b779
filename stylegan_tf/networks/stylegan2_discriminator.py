"""The discriminators of StyleGAN2: orig, skip, resnet and msg.

arXiv 1912.04958, figure 7; msg is MSG-GAN's, arXiv 1903.06048.
"""

import collections
import functools

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.layers import minibatch_stddev
from stylegan_tf.networks import (
    growth,
    mapping,
    network,
    stylegan_discriminator,
)
from stylegan_tf.ops import rematerialize, resample, scaling


class DiscriminatorBlock(keras.layers.Layer):
    """The layers at one resolution.

    Call arguments: `x` `[N, H, W, I]`. The result is `[N, H/2, W/2, O]`.
    References: https://arxiv.org/abs/1912.04958, figure 7, lower row;
        https://arxiv.org/abs/1903.06048, section 2, for msg
    """

    def __init__(self, level, *, config, **kwargs):
        super().__init__(autocast=False, **kwargs)
        settings = config.discriminator
        resolution = config_lib.resolutions(config)[level]
        self.filters = filters = config_lib.channels(settings, resolution)
        filters_out = config_lib.channels(settings, resolution // 2)
        conv = functools.partial(
            stylegan_discriminator.convolution,
            settings,
            dtype=self.dtype_policy,
        )
        self.image_channels = config.image_channels
        self.from_rgb = self.skip = None
        if settings.architecture == "skip" or level == config.doublings:
            self.from_rgb = conv(filters, 1, name="from_rgb")
        is_msg = settings.architecture == "msg"
        self.stddev = minibatch_stddev.MinibatchStddev(
            settings.minibatch_group_size,
            settings.minibatch_channels if is_msg else 0,
            dtype=self.dtype_policy,
            name="minibatch_stddev",
        )
        is_resnet = settings.architecture == "resnet"
        gain = 0.5**0.5 if is_resnet else 1.0
        self.conv0 = conv(filters, 3, name="conv0")
        self.conv1 = conv(filters_out, 3, down=2, gain=gain, name="conv1")
        if is_resnet:
            self.skip = conv(
                filters_out,
                1,
                activation="linear",
                down=2,
                use_bias=False,
                gain=gain,
                clamp=0.0,
                name="skip",
            )

    def build(self, input_shape):
        *sides, _ = input_shape
        if self.from_rgb is not None:
            self.from_rgb.build((*sides, self.image_channels))
        input_shape = self.stddev.compute_output_shape(input_shape)
        self.conv0.build(input_shape)
        self.conv1.build((*sides, self.filters))
        if self.skip is not None:
            self.skip.build(input_shape)

    def call(self, x):
        x = self.stddev(ops.cast(x, self.compute_dtype))
        y = self.conv1(self.conv0(x))
        return y if self.skip is None else y + self.skip(x)


@keras.saving.register_keras_serializable("stylegan_tf")
class Discriminator(network.Discriminator):
    """Scores of images, high for real ones.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
        precision: As in `network.Network`.
    Call arguments:
        images: `[N, H, W, C]`, float, `[-1, 1]`. msg also takes a list of
            every scale, the smallest first; of one image it makes the others.
        labels: `[N, label_size]`, or None if there are none.
        resolution: None, see `growth.Stage`; likewise `alpha`, 1.
        The result is `[N, 1]`, float32.
    References: https://arxiv.org/abs/1912.04958, figure 7;
        https://arxiv.org/abs/2006.06676, appendix D, for labels;
        https://arxiv.org/abs/1610.09585 for label logits;
        https://arxiv.org/abs/1903.06048, section 2, for msg
    """

    def __init__(self, config, precision="float32", **kwargs):
        super().__init__(config, precision, **kwargs)
        config = self.config
        self.settings = settings = config.discriminator
        self.fir = resample.setup_filter(settings.resample_filter)
        self.blocks = network.blocks(
            DiscriminatorBlock, config, precision=precision, first=1
        )[::-1]
        self.projects = (
            config.label_size > 0 and settings.label_mode == "projection"
        )
        if self.projects:
            self.score_units = units = settings.label_width
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
        self.epilogue = stylegan_discriminator.Epilogue(
            self.units, config=config
        )

    def build(self, input_shape=None):
        is_msg = self.settings.architecture == "msg"
        parts = (self.epilogue, *self.blocks[::-1])
        # From the largest on: a seed's initial weights depend on the order.
        for level, part in reversed(list(enumerate(parts))):
            maps = part.filters
            if is_msg and part.from_rgb is None:
                maps += self.config.image_channels
            part.build((None, *growth.size(self.config, level), maps))
        if self.projects:
            self.mapping.build()

    def outputs_of(self, images, resolution=None, alpha=1.0):
        growth.refuse_growing(self.config, resolution, alpha)
        return collections.deque(self.outputs(images), maxlen=1)[0][0]

    def projected(self, labels):
        """StyleGAN2-ADA's embedding of labels in place of themselves."""
        if not self.projects:
            return labels
        return self.mapping(None, labels) / self.mapping.w_size**0.5

    def outputs(self, images):
        """Yields features and image after every block and the epilogue."""
        for x, image in self._after_blocks(images):
            yield x, image
        yield self.epilogue(self._with_image(self.epilogue, x, image)), None

    def features(self, images):
        """What the last layer sees of images, `[N, F]`."""
        x, image = collections.deque(self._after_blocks(images), maxlen=1)[0]
        return self.epilogue.features(self._with_image(self.epilogue, x, image))

    def _after_blocks(self, images):
        *smaller, image = self._scales(images)
        x = None
        for block in self.blocks:
            x = rematerialize.call(block, self._with_image(block, x, image))
            image = smaller.pop() if smaller else self._half(image)
            yield x, image

    def _with_image(self, part, x, image):
        """What a block or the epilogue starts from."""
        if part.from_rgb is not None:
            rgb = part.from_rgb(image)
            return rgb if x is None else ops.cast(x, rgb.dtype) + rgb
        if self.settings.architecture == "msg":  # MSG-GAN's phi_simple
            image = ops.cast(image, part.compute_dtype)
            return ops.concatenate([ops.cast(x, image.dtype), image], -1)
        return x

    def _half(self, image):
        """The image for the next block, if that looks at it."""
        if self.settings.architecture == "skip":
            return resample.downsample2d(image, self.fir)
        if self.settings.architecture == "msg":
            return scaling.downscale2d(image)
        return image

    def _scales(self, images):
        """A list of what was given, the largest image last."""
        if not isinstance(images, (list, tuple)):
            return [images]
        count = len(self.blocks) + 1
        if self.settings.architecture != "msg" or len(images) != count:
            raise ValueError(
                f"`images` must be a tensor or, of msg, a list of {count} "
                f"scales. Received: {len(images)} tensors, architecture="
                f"{self.settings.architecture!r}"
            )
        return images
