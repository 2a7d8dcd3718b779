"""Weight modulation and demodulation, done on the activations.

arXiv 1912.04958, section 2.2. Scaling the input by the styles and the output
by the demodulation equals scaling every sample's weights, and needs no
grouped convolution.
"""

from keras import ops

from stylegan_tf.ops import resample


def demodulation(kernel, styles):
    """Factors that give every output map unit expected variance.

    Args:
        kernel: `[K, K, I, O]`.
        styles: `[N, I]`.

    Returns:
        `[N, O]`, equation 3 of the paper.
    """
    energy = ops.sum(ops.square(kernel), axis=(0, 1))  # [I, O]
    return ops.rsqrt(ops.matmul(ops.square(styles), energy) + 1e-8)


def modulated_conv2d(
    x, kernel, styles, f=None, *, demodulate=True, up=1, down=1, padding=None
):
    """Convolution whose weights every sample scales by its own styles.

    Args:
        x: `[N, H, W, I]`, float32, bfloat16 or float16.
        kernel: `[K, K, I, O]`, float32.
        styles: `[N, I]`, float32.
        f: FIR filter `[F, F]` where `up` or `down` is 2.
        demodulate: Bring the output back to unit variance.
        up: As in `resample.conv2d_resample`.
        down: As in `resample.conv2d_resample`.
        padding: As in `resample.conv2d_resample`.

    Returns:
        `[N, H * up // down, W * up // down, O]` in the type of `x`.
    """
    options = {"up": up, "down": down, "padding": padding}
    if not demodulate:
        return _modulated(x, kernel, styles, f, **options)
    x, factors = before_demodulation(x, kernel, styles, f, **options)
    return x * ops.cast(factors, x.dtype)[:, None, None, :]


def before_demodulation(x, kernel, styles, f=None, **options):
    """What `modulated_conv2d` scales at its end, and `[N, O]` by which.

    The arguments are its own.
    """
    if x.dtype == "float16":
        kernel, styles = _fit_float16(kernel, styles)
    factors = demodulation(kernel, styles)
    return _modulated(x, kernel, styles, f, **options), factors


def _modulated(x, kernel, styles, f, **options):
    x = x * ops.cast(styles, x.dtype)[:, None, None, :]
    return resample.conv2d_resample(x, ops.cast(kernel, x.dtype), f, **options)


def _fit_float16(kernel, styles):
    """Demodulation undoes any scale, so large ones need not overflow."""
    fan_in = kernel.shape[0] * kernel.shape[1] * kernel.shape[2]
    largest = ops.max(ops.abs(kernel), axis=(0, 1, 2), keepdims=True)
    kernel = kernel / (largest * fan_in**0.5)
    return kernel, styles / ops.max(ops.abs(styles), axis=1, keepdims=True)
