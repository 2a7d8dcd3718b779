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

    The first `score_units` are scores, weighed by the labels: one-hot labels
    select one (StyleGAN), embedded ones project (StyleGAN2-ADA). With
    `label_logits`, and of ProGAN, the rest are AC-GAN's logits of the labels.
    Those that inherit define `outputs_of(images, resolution, alpha)`, `[N, U]`.

    References: https://arxiv.org/abs/1610.09585 for label logits
    """

    def __init__(self, config, precision="float32", **kwargs):
        super().__init__(config, precision, **kwargs)
        settings, count = self.config.discriminator, self.config.label_size
        self.is_progan = settings.label_mode == "classify"
        self.classifies = self.is_progan or settings.label_logits
        self.score_units = 1 if self.is_progan else max(count, 1)

    @property
    def units(self):
        """Outputs of the last layer."""
        return self.score_units + self.classifies * self.config.label_size

    def groups(self, batch):
        """How many groups of a batch are judged apart from each other."""
        settings = self.config.discriminator
        if not settings.minibatch_channels:
            return batch
        return batch // min(settings.minibatch_group_size or batch, batch)

    def call(self, images, labels=None, resolution=None, alpha=1.0):
        x = self.outputs_of(images, resolution, alpha)
        return self._scores(x, labels)

    def classify(self, images, resolution=None, alpha=1.0):
        """Logits of the labels, `[N, label_size]`."""
        self._refuse_no_logits()
        return self.outputs_of(images, resolution, alpha)[:, self.score_units :]

    def scores_and_logits(
        self, images, labels=None, resolution=None, alpha=1.0
    ):
        """Scores `[N, 1]` and label logits `[N, label_size]` of one pass."""
        self._refuse_no_logits()
        x = self.outputs_of(images, resolution, alpha)
        return self._scores(x, labels), x[:, self.score_units :]

    def projected(self, labels):
        """What weighs the outputs."""
        return labels

    def _scores(self, x, labels):
        x = x[:, : self.score_units]
        if self.is_progan or not self.config.label_size:
            return x
        weights = self.projected(self.checked(labels))
        return ops.sum(x * weights, axis=-1, keepdims=True)

    def _refuse_no_logits(self):
        if not self.classifies:
            raise ValueError(
                "Only ProGAN's discriminator and those with `label_logits` "
                "have logits of labels. This one is "
                f"{self.config.discriminator.architecture!r} without them"
            )


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
