"""What all networks share: a config, a precision, blocks, labels."""

import keras
from keras import ops

from stylegan_tf import config as config_lib


class Network(keras.Model):
    """A generator or a discriminator.

    Args:
        config: A resolved `stylegan_tf.config.Config`, or its dict.
        precision: What the highest `training.low_precision_blocks` compute
            in: float32, bfloat16 or float16. Weights are float32 in all.
    """

    def __init__(self, config, precision="float32", **kwargs):
        super().__init__(**kwargs)
        self._allow_non_tensor_positional_args = True  # resolution, alpha
        if isinstance(config, dict):
            config = config_lib.from_dict(config)
        self.config = config
        self.precision = precision

    def checked(self, labels):
        """The labels, which conditional networks need; None of others."""
        if not self.config.label_size:
            return None
        if labels is None:
            raise ValueError(
                "This network is conditional: give `labels`, "
                f"[N, {self.config.label_size}], one-hot."
            )
        return labels

    def get_config(self):
        return {
            "config": config_lib.to_dict(self.config),
            "precision": self.precision,
            "name": self.name,
        }


class Discriminator(Network):
    """What all discriminators make of their last layer's outputs.

    With `label_mode` select or projection the labels choose the score, with
    classify it is the first output and the rest are AC-GAN's label logits.
    Those that inherit define `outputs_of(images, resolution, alpha)`, `[N, U]`.

    References: https://arxiv.org/abs/1610.09585 for label logits
    """

    def __init__(self, config, precision="float32", **kwargs):
        super().__init__(config, precision, **kwargs)
        is_classifier = self.config.discriminator.label_mode == "classify"
        self.classifies = is_classifier and self.config.label_size > 0

    @property
    def units(self):
        """Outputs of the last layer without a projection."""
        return max(self.config.label_size, 1) + self.classifies

    def call(self, images, labels=None, resolution=None, alpha=1.0):
        x = self.outputs_of(images, resolution, alpha)
        if self.classifies:
            return x[:, :1]
        labels = self.checked(labels)
        if labels is None:
            return x
        return ops.sum(x * self.projected(labels), axis=-1, keepdims=True)

    def projected(self, labels):
        """What weighs the outputs: one-hot labels select one (StyleGAN)."""
        return labels

    def classify(self, images, resolution=None, alpha=1.0):
        """AC-GAN's label logits `[N, label_size]`."""
        return self.scores_and_logits(images, resolution, alpha)[1]

    def scores_and_logits(self, images, resolution=None, alpha=1.0):
        """Scores `[N, 1]` and label logits `[N, label_size]` of one pass."""
        if not self.classifies:
            raise ValueError(
                "Only a discriminator with `label_mode` classify, of data "
                "with labels, has label logits. This one has "
                f"{self.config.discriminator.label_mode!r} and "
                f"{self.config.label_size} labels"
            )
        x = self.outputs_of(images, resolution, alpha)
        return x[:, :1], x[:, 1:]


def blocks(block, config, *, precision, first=0):
    """Layers `block(level, config=config)`, from level `first` on.

    The highest compute in `precision`, the smallest never does.

    Reference: https://arxiv.org/abs/2006.06676, appendix D
    """
    sizes = config_lib.resolutions(config)
    lowest = max(len(sizes) - config.training.low_precision_blocks, 1)
    policies = ["float32"] * len(sizes)
    if precision in ("bfloat16", "float16"):
        policies[lowest:] = [f"mixed_{precision}"] * len(sizes[lowest:])
    return [
        block(
            level,
            config=config,
            dtype=policies[level],
            name=f"b{sizes[level]}",
        )
        for level in range(first, len(sizes))
    ]
