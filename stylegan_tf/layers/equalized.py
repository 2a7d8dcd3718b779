"""Dense and convolution layers with equalized learning rate."""

import keras
from keras import ops

from stylegan_tf.ops import bias_act, resample


@keras.saving.register_keras_serializable("stylegan_tf")
class EqualizedDense(keras.layers.Layer):
    """Dense layer with unit-normal weights, rescaled at run time.

    Adam's steps do not depend on a gradient's scale, so that weights of equal
    spread learn equally fast.

    Args:
        units: Width of the output.
        activation: Name, see `ops.bias_act`; its gain comes after it.
        lr_multiplier: How much slower this layer learns; 0.01 in mapping.
        use_bias: Whether there is a bias.
        bias_init: First value of the bias; 1 for styles.
    Call arguments:
        x: Features, `[N, I]`. The result is `[N, units]`, float32.
    Reference: https://arxiv.org/abs/1710.10196, section 4.1
    """

    def __init__(
        self,
        units,
        *,
        activation="linear",
        lr_multiplier=1.0,
        use_bias=True,
        bias_init=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
        self.lr_multiplier = lr_multiplier
        self.use_bias = use_bias
        self.bias_init = bias_init

    def build(self, input_shape):
        self.scale = self.lr_multiplier / input_shape[-1] ** 0.5
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=unit_normal(self.lr_multiplier),
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(self.units,),
                initializer=keras.initializers.Constant(self.bias_init),
            )

    def call(self, x):
        x = ops.matmul(x, self.kernel * self.scale)
        bias = self.bias * self.lr_multiplier if self.use_bias else None
        return bias_act.bias_act(x, bias, activation=self.activation)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": self.activation,
            "lr_multiplier": self.lr_multiplier,
            "use_bias": self.use_bias,
            "bias_init": self.bias_init,
        }


@keras.saving.register_keras_serializable("stylegan_tf")
class EqualizedConv2D(keras.layers.Layer):
    """Convolution with unit-normal weights, resampling, bias, activation.

    Args:
        filters: Maps of the output.
        kernel_size: Height and width of the kernel, odd.
        activation: Name, see `ops.bias_act`; its gain comes after it.
        up: 2 doubles the image, see `ops.resample.conv2d_resample`.
        down: 2 halves it.
        resample_filter: Taps of the FIR filter.
        use_bias: Whether there is a bias.
        gain: Factor on the result; 0.5 ** 0.5 where two branches are added.
        clamp: Largest absolute value before `gain`; 0 for no limit.
    Call arguments:
        x: Features, `[N, H, W, I]`, result `[N, H * up // down, ..., filters]`.
    References: https://arxiv.org/abs/1710.10196, section 4.1;
        https://arxiv.org/abs/1912.04958, appendix B
    """

    def __init__(
        self,
        filters,
        kernel_size,
        *,
        activation="linear",
        up=1,
        down=1,
        resample_filter=resample.DEFAULT_TAPS,
        use_bias=True,
        gain=1.0,
        clamp=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.activation = activation
        self.up = up
        self.down = down
        self.resample_filter = tuple(resample_filter)
        self.use_bias = use_bias
        self.gain = gain
        self.clamp = clamp

    def build(self, input_shape):
        size, maps = self.kernel_size, input_shape[-1]
        self.scale = 1.0 / (size * size * maps) ** 0.5
        self.fir = resample.setup_filter(self.resample_filter)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(size, size, maps, self.filters),
            initializer=unit_normal(),
            autocast=False,  # scaled in float32, then cast
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.filters,), initializer="zeros"
            )

    def call(self, x):
        kernel = ops.cast(self.kernel * self.scale, x.dtype)
        x = resample.conv2d_resample(
            x, kernel, self.fir, up=self.up, down=self.down
        )
        own_gain = bias_act.DEFAULT_GAINS.get(self.activation, 1.0)
        return bias_act.bias_act(
            x,
            self.bias,
            activation=self.activation,
            gain=own_gain * self.gain,
            clamp=self.clamp * self.gain,
        )

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        height, width = (
            side * self.up // self.down for side in (height, width)
        )
        return (batch, height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "activation": self.activation,
            "up": self.up,
            "down": self.down,
            "resample_filter": self.resample_filter,
            "use_bias": self.use_bias,
            "gain": self.gain,
            "clamp": self.clamp,
        }


def unit_normal(lr_multiplier=1.0):
    """Initializer of weights that are scaled at run time."""
    return keras.initializers.RandomNormal(stddev=1.0 / lr_multiplier)
