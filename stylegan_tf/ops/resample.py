"""FIR resampling and the convolutions that go with it, NHWC.

StyleGAN2 filters whatever it up- or downsamples (arXiv 1912.04958, appendix
B; arXiv 1904.11486). `upfirdn2d` is the general operation; the convolutions
take the order of filter and kernel that costs least.
"""

import numpy as np
from keras import ops

from stylegan_tf.ops import fast, xla

DEFAULT_TAPS = (1, 3, 3, 1)


def setup_filter(taps, gain=1.0):
    """float32 `[K, K]` filter that sums to `gain`, of 1-D or 2-D taps."""
    taps = np.asarray(taps, np.float32)
    if taps.ndim == 1:
        taps = np.outer(taps, taps)
    return taps / taps.sum() * gain


def upfirdn2d(x, f=None, *, up=1, down=1, padding=(0, 0, 0, 0), gain=1):
    """Inserts zeros, pads, filters and drops samples.

    Args:
        x: Images, `[N, H, W, C]`.
        f: Filter `[K, K]`, a numpy array, used as a true convolution; None
            for none.
        up: Every sample is followed by `up - 1` zeros; one number, or one
            for rows and one for columns.
        down: Every `down`-th sample is kept; likewise.
        padding: Zeros at top, bottom, left and right after zero insertion;
            negative numbers crop.
        gain: Factor on the result.

    Returns:
        `[N, (H * up + top + bottom - K) // down + 1, ..., C]`.
    """
    f = np.ones((1, 1), np.float32) if f is None else f
    up, down = _pair(up), _pair(down)
    f, padding = f * gain, tuple(padding)
    if xla.is_asked():
        return _summed(x, f, up, down, padding)
    if fast.is_asked() and up == down == (1, 1):
        return _filtered(x, f, padding)
    return _upfirdn2d(x, f, up, down, padding)


def _filtered(x, f, padding):
    """A filter whose gradient is one more, turned, and so its own is.

    TensorFlow's own is slower, and that of the padding a copy.
    """
    import tensorflow as tf  # which other backends do without

    @tf.custom_gradient
    def run(x):
        def gradient(dy):
            sizes = f.shape[0], f.shape[0], f.shape[1], f.shape[1]
            back = tuple(k - 1 - p for k, p in zip(sizes, padding, strict=True))
            return _filtered(dy, f[::-1, ::-1], back)

        if min(padding) < 0:
            return _upfirdn2d(x, f, (1, 1), (1, 1), padding), gradient
        y = tf.raw_ops.DepthwiseConv2dNative(
            input=x,
            filter=_depthwise_kernel(x, f),
            strides=[1, 1, 1, 1],
            padding="EXPLICIT",  # which Keras has not
            explicit_paddings=[0, 0, *padding, 0, 0],
        )
        return y, gradient

    return run(x)


def _upfirdn2d(x, f, up, down, padding):
    x = _pad_or_crop(_insert_zeros(x, *up), padding)
    kernel = _depthwise_kernel(x, f)
    rows, columns = down
    if rows == columns:
        return ops.depthwise_conv(x, kernel, strides=rows, padding="valid")
    return ops.depthwise_conv(x, kernel, padding="valid")[:, ::rows, ::columns]


def _summed(x, f, up, down, padding):
    """Weighted sums of shifted images, for XLA to make one loop of.

    In float32, since a loop holds what is between its steps in registers.
    """
    kind = x.dtype
    x = _pad_or_crop(_insert_zeros(ops.cast(x, "float32"), *up), padding)
    for taps in _separated(f[::-1, ::-1]):
        rows = x.shape[1] - taps.shape[0] + 1
        columns = x.shape[2] - taps.shape[1] + 1
        x = sum(
            float(tap) * x[:, i : i + rows, j : j + columns]
            for (i, j), tap in np.ndenumerate(taps)
        )
    return ops.cast(x[:, :: down[0], :: down[1]], kind)


def _separated(f):
    """The filter as one of rows and one of columns, if it is their product."""
    rows, columns = f.sum(1, keepdims=True), f.sum(0, keepdims=True)
    if f.sum() and np.allclose(rows * columns / f.sum(), f, rtol=1e-6, atol=0):
        return rows / f.sum(), columns
    return (f,)


def _depthwise_kernel(x, f):
    kernel = np.tile(f[::-1, ::-1, None, None], (1, 1, x.shape[-1], 1))
    return ops.convert_to_tensor(kernel, dtype=x.dtype)


def filter2d(x, f):
    """Blurs with `f`, size kept: `[N, H, W, C]`."""
    return upfirdn2d(x, f, padding=filter_padding(f))


def upsample2d(x, f, factor=2):
    """`[N, H, W, C]` to `[N, factor * H, factor * W, C]`."""
    padding = filter_padding(f, up=factor)
    return upfirdn2d(x, f, up=factor, padding=padding, gain=factor**2)


def downsample2d(x, f, factor=2):
    """`[N, H, W, C]` to `[N, H // factor, W // factor, C]`."""
    return upfirdn2d(x, f, down=factor, padding=filter_padding(f, down=factor))


def filter_padding(f, up=1, down=1):
    """Top, bottom, left and right, that keep a filtered image centred."""
    padding = ()
    for size in f.shape if f is not None else (1, 1):
        before = after = 0
        if up > 1:
            before += (size + up - 1) // 2
            after += (size - up) // 2
        if down > 1 or up == 1:
            before += (size - down + 1) // 2
            after += (size - down) // 2
        padding += (before, after)
    return padding


def conv2d_resample(x, kernel, f=None, *, up=1, down=1, padding=None):
    """Convolution that doubles (`up=2`) or halves (`down=2`) the image.

    Where `up > 1` it is a transposed convolution, a true convolution of the
    zero-inserted image with the kernel as it is stored; elsewhere it is the
    usual correlation.

    Args:
        x: `[N, H, W, I]`.
        kernel: `[K, K, I, O]`.
        f: FIR filter `[F, F]`, needed to resample; None resamples without.
        up: Factor.
        down: Factor.
        padding: Zeros at top, bottom, left and right of the upsampled image;
            by default `K // 2` each.

    Returns:
        `[N, H * up // down, W * up // down, O]` with the default padding.
    """
    size = kernel.shape[0]
    if padding is None:
        padding = (size // 2,) * 4
    if up == 1 and down == 1:
        return _conv(x, kernel, padding)
    padding = _add(padding, filter_padding(f, up=up, down=down))
    if up == 1:
        return _conv_down(x, kernel, f, down, padding)
    if size == 1:
        x = ops.conv(x, kernel)
        x = upfirdn2d(x, f, up=up, padding=padding, gain=up**2)
    else:
        x = _conv_up(x, kernel, f, up, padding)
    return upfirdn2d(x, f, down=down) if down > 1 else x


def _conv_up(x, kernel, f, up, padding):
    """Transposed convolution, then the filter on its `(H-1)*up+K` rows."""
    size = kernel.shape[0]
    transposed = ops.transpose(kernel, (0, 1, 3, 2))
    x = ops.conv_transpose(x, transposed, strides=up, padding="valid")
    padding = _add(padding, (1 - size, up - size) * 2)
    return upfirdn2d(x, f, padding=padding, gain=up**2)


def _conv_down(x, kernel, f, down, padding):
    """The filter first, then a strided convolution."""
    if kernel.shape[0] == 1:
        x = upfirdn2d(x, f, down=down, padding=padding)
        return ops.conv(x, kernel)
    x = upfirdn2d(x, f, padding=padding)
    return ops.conv(x, kernel, strides=down, padding="valid")


def _conv(x, kernel, padding):
    if padding == (kernel.shape[0] // 2,) * 4 and kernel.shape[0] % 2:
        return ops.conv(x, kernel, padding="same")
    return ops.conv(_pad_or_crop(x, padding), kernel, padding="valid")


def _add(a, b):
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _pair(factor):
    return (factor, factor) if isinstance(factor, int) else tuple(factor)


def _insert_zeros(x, rows, columns):
    if rows == columns == 1:
        return x
    _, height, width, channels = x.shape
    # One axis at a time: LiteRT pads no more than four.
    none = (0, 0)
    x = ops.reshape(x, (-1, height, 1, width * channels))
    x = ops.pad(x, (none, none, (0, rows - 1), none))
    x = ops.reshape(x, (-1, width, 1, channels))
    x = ops.pad(x, (none, none, (0, columns - 1), none))
    return ops.reshape(x, (-1, height * rows, width * columns, channels))


def _pad_or_crop(x, padding):
    top, bottom, left, right = padding
    if max(padding) > 0:
        rows = (max(top, 0), max(bottom, 0))
        columns = (max(left, 0), max(right, 0))
        x = ops.pad(x, ((0, 0), rows, columns, (0, 0)))
    if min(padding) < 0:
        x = x[
            :,
            max(-top, 0) : x.shape[1] - max(-bottom, 0),
            max(-left, 0) : x.shape[2] - max(-right, 0),
        ]
    return x
