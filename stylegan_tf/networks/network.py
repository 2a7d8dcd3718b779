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


def project(x, labels):
    """Scores `[N, 1]`: the outputs `[N, U]` weighed by labels, x without them.

    One-hot labels select an output (StyleGAN), mapped ones project
    (StyleGAN2-ADA).
    """
    return x if labels is None else ops.sum(x * labels, axis=-1, keepdims=True)
