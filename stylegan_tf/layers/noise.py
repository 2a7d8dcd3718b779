"""Noise inputs: stochastic variation."""

import keras
from keras import ops

from stylegan_tf.ops import bias_act


@keras.saving.register_keras_serializable("stylegan_tf")
class NoiseInjection(keras.layers.Layer):
    """Adds a noise image times a learned strength to every feature map.

    The layer draws nothing: its stored noise is a weight that is not trained,
    and fresh noise is an argument.

    Args:
        per_channel: Whether every map has a strength of its own, as in
            StyleGAN (arXiv 1812.04948, section 2), instead of one for all,
            as in StyleGAN2 (arXiv 1912.04958, appendix B).
    Call arguments:
        x: Features, `[N, H, W, C]`; the result has the same shape.
        noise: "const" for the stored noise, "none", or `[N, H, W, 1]`.
    """

    def __init__(self, per_channel=False, **kwargs):
        super().__init__(autocast=False, **kwargs)  # strength stays float32
        self.per_channel = per_channel

    def build(self, input_shape):
        _, height, width, maps = input_shape
        self.strength = self.add_weight(
            name="strength",
            shape=(maps,) if self.per_channel else (),
            initializer="zeros",
        )
        self.const = self.add_weight(
            name="const",
            shape=(height, width),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
        )

    def call(self, x, noise="const"):
        return bias_act.bias_act(x, noise=self.scaled(noise))

    def scaled(self, noise):
        """The noise of `ops.bias_act`, float32; None for none."""
        if isinstance(noise, str):
            if noise == "none":
                return None
            noise = ops.convert_to_tensor(self.const)[None, :, :, None]
        return ops.cast(noise, "float32") * self.strength
