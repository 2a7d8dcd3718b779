"""Estimates what training costs by sizes alone: nothing is built or traced.

`plan` counts what is traced, which takes as long as beginning to train.
"""

import time

import tensorflow as tf

from stylegan_tf import config as config_lib

_SIZE = 1024  # of a matrix product
_SHARE = 0.7  # of its speed, that training reaches: 0.6 narrow, 0.8 wide


def train_flops_per_image(config):
    """FLOPs of an iteration by its images, of networks that do not grow.

    A gradient by inputs costs as much as the forward pass, one by weights
    too. D's update makes an image and judges two, with both gradients; G's
    makes one with both and judges it with one, and a relativistic one judges
    a real image. R1 and path length take gradients of gradients: six passes.
    """
    loss, g, d = config.loss, *forward_flops(config)
    penalties = (loss.r1_gamma > 0) + (loss.r2_gamma > 0)
    paths = (loss.pl_weight > 0) / loss.pl_batch_shrink
    opponents = loss.adversarial == "relativistic"
    return (1 + 3 + 6 * paths / loss.g_reg_interval_steps) * g + (
        6 + 2 + opponents + 6 * penalties / loss.d_reg_interval_steps
    ) * d


def forward_flops(config):
    """FLOPs of the convolutions of G and of D, for one image."""
    sizes = config_lib.resolutions(config)
    height, width = config.base_shape
    shape = height * width / sizes[0] ** 2  # 1 of a square

    def maps(network):
        return [config_lib.channels(network, size) for size in sizes]

    def conv(taps, inputs, outputs, size):
        return 2 * taps * inputs * outputs * size**2 * shape

    colours, smallest = config.image_channels, sizes[0]
    g, d = maps(config.generator), maps(config.discriminator)
    generator = conv(9, g[0], g[0], smallest)
    discriminator = conv(1, colours, d[-1], sizes[-1])
    discriminator += conv(9, d[0] + 1, d[0], smallest)
    discriminator += conv(1, d[0], d[0], smallest)  # the dense layer
    generator += sum(conv(1, g[i], colours, sizes[i]) for i in range(len(g)))
    is_resnet = config.discriminator.architecture == "resnet"
    for i in range(1, len(sizes)):
        low, high = sizes[i - 1], sizes[i]
        generator += conv(9, g[i - 1], g[i], low) + conv(9, g[i], g[i], high)
        discriminator += conv(9, d[i], d[i], high) + conv(
            9, d[i], d[i - 1], low
        )
        discriminator += is_resnet * conv(1, d[i], d[i - 1], low)
    return generator, discriminator


def images_per_second(config):
    """About how fast this machine's processor trains, in float32.

    It multiplies matrices for some hundredths of a second.
    """
    matrix = tf.random.stateless_normal((_SIZE, _SIZE), seed=(0, 0))
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        tf.linalg.matmul(matrix, matrix).numpy()
        seconds.append(time.perf_counter() - start)
    peak = 2 * _SIZE**3 / min(seconds)
    return _SHARE * peak / train_flops_per_image(config)
