"""Noise inputs: stochastic variation."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("stylegan_tf")
class NoiseInjection(keras.layers.Layer):
    """Adds a noise image times a learned strength to every feature map.

    The layer draws nothing: its stored noise is a weight that is not trained,
    and fresh noise is an argument.

    Call arguments:
        x: Features, `[N, H, W, C]`; the result has the same shape.
        noise: "const" for the stored noise, "none", or `[N, H, W, 1]`.
    References: https://arxiv.org/abs/1812.04948, section 2, where noise has a
        strength per map; https://arxiv.org/abs/1912.04958, appendix B, where
        one strength serves all maps, as here.
    """

    def __init__(self, **kwargs):
        super().__init__(autocast=False, **kwargs)  # strength stays float32

    def build(self, input_shape):
        _, height, width, _ = input_shape
        self.strength = self.add_weight(
            name="strength", shape=(), initializer="zeros"
        )
        self.const = self.add_weight(
            name="const",
            shape=(height, width),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
        )

    def call(self, x, noise="const"):
        if isinstance(noise, str):
            if noise == "none":
                return x
            noise = ops.convert_to_tensor(self.const)[None, :, :, None]
        noise = ops.cast(noise, "float32") * self.strength
        return x + ops.cast(noise, x.dtype)

    def compute_output_shape(self, input_shape, *args, **kwargs):
        return input_shape
