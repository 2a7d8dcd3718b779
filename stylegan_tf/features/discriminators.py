"""What a discriminator sees in images: the input of its last layer.

Reference: https://arxiv.org/abs/1709.07359, which splits classes by it
"""

from stylegan_tf.features import classifiers, running

_BATCH = 64


class Discriminator:
    """A detector around a built discriminator, or a classifier.

    Args:
        network: The discriminator, of grey or RGB images.
        name: What it is called.
    Attributes:
        features: Features of images `[N, H, W, C]`, float32 `[N, F]`.
    """

    def __init__(self, network, *, name):
        config = network.config
        if config.image_channels not in (1, 3):
            raise ValueError(
                f"{name} looks at images with alpha. Features are of networks "
                "for grey or RGB images."
            )
        self.name = name
        self.features = running.batched(
            lambda images: network.features(
                classifiers.prepare(images, config)
            ),
            _BATCH,
        )
