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
        weight_gain: Factor on the weights instead of the activation's gain
            after it; sqrt(2) in ProGAN and StyleGAN.
        use_wscale: False stores the weights as they are used.
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
        weight_gain=None,
        use_wscale=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
        self.lr_multiplier = lr_multiplier
        self.use_bias = use_bias
        self.bias_init = bias_init
        self.weight_gain = weight_gain
        self.use_wscale = use_wscale

    def build(self, input_shape):
        deviation = (self.weight_gain or 1.0) / input_shape[-1] ** 0.5
        self.scale, stored = stored_scale(deviation, self.use_wscale)
        self.scale *= self.lr_multiplier
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=normal(stored / self.lr_multiplier),
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
        gain = None if self.weight_gain is None else 1.0
        return bias_act.bias_act(x, bias, activation=self.activation, gain=gain)


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
        weight_gain: Factor on the weights instead of the activation's gain
            after it; sqrt(2) in ProGAN and StyleGAN.
        use_wscale: False stores the weights as they are used.
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
        weight_gain=None,
        use_wscale=True,
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
        self.weight_gain = weight_gain
        self.use_wscale = use_wscale

    def build(self, input_shape):
        size, maps = self.kernel_size, input_shape[-1]
        deviation = (self.weight_gain or 1.0) / (size * size * maps) ** 0.5
        self.scale, stored = stored_scale(deviation, self.use_wscale)
        self.fir = None
        if self.resample_filter:
            self.fir = resample.setup_filter(self.resample_filter)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(size, size, maps, self.filters),
            initializer=normal(stored),
            autocast=False,  # scaled in float32, then cast
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.filters,), initializer="zeros"
            )

    def call(self, x):
        gain = self.gain
        if self.weight_gain is None:
            gain *= bias_act.DEFAULT_GAINS.get(self.activation, 1.0)
        # On the kernel the gain is free.
        before, after = bias_act.split_gain(self.activation, gain)
        kernel = ops.cast(self.kernel * (self.scale * before), x.dtype)
        return bias_act.bias_act(
            self.convolve(x, kernel),
            self.bias * before if self.use_bias else None,
            activation=self.activation,
            gain=after,
            clamp=self.clamp * self.gain,
        )

    def convolve(self, x, kernel):
        """The convolution alone, without bias and activation."""
        return resample.conv2d_resample(
            x, kernel, self.fir, up=self.up, down=self.down
        )


def normal(deviation=1.0):
    """Initializer of a normal distribution, mean 0."""
    return keras.initializers.RandomNormal(stddev=deviation)


def stored_scale(deviation, use_wscale):
    """Factor at run time, and first deviation of what is stored."""
    return (deviation, 1.0) if use_wscale else (1.0, deviation)
