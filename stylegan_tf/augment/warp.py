"""Moves the pixels of images without aliasing.

Images are mirrored at their borders and upsampled by two, sampled between
pixels, and downsampled by two (arXiv 2006.06676, appendix B). All of it is
linear in the images. What is heavy is matrix products, which TensorFlow does
well, and sampling and its transpose, which XLA compiles well; each compiled
on its own is faster on CPUs than all in one.
"""

import tensorflow as tf

from stylegan_tf.augment import wavelets


def warp(images, way_back):
    """`[N, H, W, C]` whose pixels come from where `way_back` leads.

    Args:
        images: `[N, H, W, C]`, float32.
        way_back: `[N, 3, 3]`, of `geometry.way_back`.
    """
    _, height, width, _ = images.shape
    dense = _both(
        images, wavelets.upsampler(height), wavelets.upsampler(width)
    )  # [N, X, Y, C]: a transposition less
    samples = _sample(dense, *_places(way_back, height, width))
    return _both(
        samples, wavelets.downsampler(width), wavelets.downsampler(height)
    )


def _both(x, first, second):
    """Matrices on both axes of `[N, P, Q, C]`, which then are swapped."""
    channels = x.shape[-1]
    for matrix, swaps in ((first, True), (second, False)):
        _, p, q, _ = x.shape
        x = tf.matmul(matrix, tf.reshape(x, (-1, p, q * channels)))
        x = tf.reshape(x, (-1, len(matrix), q, channels))
        if swaps:
            x = tf.transpose(x, (0, 2, 1, 3))
    return x


@tf.function(jit_compile=True, autograph=False)
def _places(way_back, height, width):
    """Where `downsampler` wants samples, in the pattern of `upsampler`.

    Returns:
        int32 `[N, X, Y]`, pixels as counted through the whole batch, and
        float32 `[N, X, Y, 1]`, how far beyond them, along x and along y.
    """
    right, down = (
        tf.range(-2.5, size + 2.5, 0.5) - (size - 1) / 2
        for size in (width, height)
    )
    found = []
    for axis, size in enumerate((width, height)):
        a, b, c = (way_back[:, axis, i, None, None] for i in range(3))
        place = a * right[:, None] + b * down[None, :] + c  # [N, X, Y]
        place = 2 * place + (size - 1)
        period = 4.0 * (size - 1)
        place = tf.maximum(place - period * tf.floor(place / period), 0.0)
        # Rounding may have made it the period itself.
        found.append((tf.minimum(tf.floor(place), period - 1), place))
    (x, x_place), (y, y_place) = found
    columns, rows = 4 * width - 3, 4 * height - 3
    image = tf.range(tf.shape(way_back)[0])[:, None, None] * columns
    pixel = (image + tf.cast(x, tf.int32)) * rows + tf.cast(y, tf.int32)
    return pixel, (x_place - x)[..., None], (y_place - y)[..., None]


@tf.custom_gradient
def _sample(dense, pixel, along_x, along_y):
    """Values between four pixels; linear in `dense`."""
    shape = tuple(dense.shape)

    def gradient(dy):
        return _spread(dy, pixel, along_x, along_y, shape), None, None, None

    return _gather(dense, pixel, along_x, along_y), gradient


def _spread(dy, pixel, along_x, along_y, shape):
    """The transpose of `_sample`, and its gradient is `_sample`."""

    @tf.custom_gradient
    def spread(dy):
        def gradient(dense):
            return _sample(dense, pixel, along_x, along_y)

        return _scatter(dy, pixel, along_x, along_y, shape), gradient

    return spread(dy)


@tf.function(jit_compile=True, autograph=False)
def _gather(dense, pixel, along_x, along_y):
    row, channels = dense.shape[2:]
    flat = tf.reshape(dense, (-1, channels))
    left, right = (
        upper + (lower - upper) * along_y
        for upper, lower in (
            (tf.gather(flat, pixel + i), tf.gather(flat, pixel + i + 1))
            for i in (0, row)
        )
    )
    return left + (right - left) * along_x


@tf.function(jit_compile=True, autograph=False)
def _scatter(dy, pixel, along_x, along_y, shape):
    _, columns, row, channels = shape
    right = dy * along_x
    pixel = tf.reshape(pixel, (-1, 1))
    flat = tf.zeros((shape[0] * columns * row, channels))
    for i, part in ((0, dy - right), (row, right)):
        lower = part * along_y
        for j, value in ((0, part - lower), (1, lower)):
            flat = tf.tensor_scatter_nd_add(
                flat, pixel + i + j, tf.reshape(value, (-1, channels))
            )
    return tf.reshape(flat, shape)
