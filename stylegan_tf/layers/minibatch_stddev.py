"""Minibatch standard deviation: shows the discriminator variety."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("stylegan_tf")
class MinibatchStddev(keras.layers.Layer):
    """Appends maps of the standard deviation over groups of the batch.

    Groups are strided: of N samples in groups of G, sample n is in group
    n mod (N / G).

    Args:
        group_size: Samples a group (the batch, where it is smaller); 0 for
            the whole batch.
        channels: Maps to append; each averages C / channels features. 0 leaves
            features as they are.
    Call arguments:
        x: Features, `[N, H, W, C]`; the result is `[N, H, W, C + channels]`.
    Reference: https://arxiv.org/abs/1710.10196, section 3
    """

    def __init__(self, group_size=4, channels=1, **kwargs):
        super().__init__(**kwargs)
        self.group_size = group_size
        self.channels = channels

    def call(self, x):
        if not self.channels:
            return x
        batch = ops.shape(x)[0]
        _, height, width, maps = x.shape
        group = self._group(batch)
        # Sums of squares want float32.
        y = ops.reshape(
            ops.cast(x, "float32"),
            (group, -1, height, width, self.channels, maps // self.channels),
        )
        y = y - ops.mean(y, axis=0, keepdims=True)
        y = ops.sqrt(ops.mean(ops.square(y), axis=0) + 1e-8)
        y = ops.mean(y, axis=(1, 2, 4))  # [N / G, channels]
        y = ops.tile(y[:, None, None, :], (group, height, width, 1))
        return ops.concatenate([x, ops.cast(y, x.dtype)], axis=-1)

    def _group(self, batch):
        if not self.group_size:
            return batch
        if not isinstance(batch, int):
            return ops.minimum(self.group_size, batch)
        group = min(self.group_size, batch)
        if batch % group:
            raise ValueError(
                "The batch must be a multiple of the minibatch stddev group. "
                f"Received: batch={batch}, group_size={group}"
            )
        return group

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + self.channels)
