"""StyleGAN2's discriminator: orig, skip, resnet or msg.

arXiv 1912.04958, figure 7; msg is MSG-GAN's, arXiv 1903.06048.
"""

import collections

import keras
from keras import ops

from stylegan_tf import config as config_lib
from stylegan_tf.networks import (
    discriminator_blocks,
    growth,
    mapping,
    precision,
)


@keras.saving.register_keras_serializable("stylegan_tf")
class Discriminator(keras.Model):
    """Scores of images, high for real ones.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
    Call arguments:
        images: `[N, H, W, C]`, float, `[-1, 1]`. msg also takes a list of
            every scale, the smallest first; of one image it makes the others.
        labels: `[N, label_size]`, or None if there are none.
        resolution: None, see `growth.Stage`; likewise `alpha`, 1.
        The result is `[N, 1]`, float32.
    References: https://arxiv.org/abs/1912.04958;
        https://arxiv.org/abs/2006.06676, appendix D, for labels;
        https://arxiv.org/abs/1903.06048, section 2, for msg
    """

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self._allow_non_tensor_positional_args = True  # resolution, alpha
        if isinstance(config, dict):
            config = config_lib.from_dict(config)
        self.config = config
        self.settings = settings = config.discriminator
        sizes = config_lib.resolutions(config)
        filters = [config_lib.channels(settings, size) for size in sizes]
        self.blocks = [
            discriminator_blocks.DiscriminatorBlock(
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
        self.epilogue = discriminator_blocks.DiscriminatorEpilogue(
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

    def call(self, images, labels=None, resolution=None, alpha=1.0):
        growth.refuse_growing(self.config, resolution, alpha)
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
        *smaller, image = self._scales(images)
        x = None
        for block in self.blocks:
            x, image = block(x, image)
            image = smaller.pop() if smaller else image
            yield x, image
        yield self.epilogue(x, image), None

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

    def get_config(self):
        return {"config": config_lib.to_dict(self.config), "name": self.name}
