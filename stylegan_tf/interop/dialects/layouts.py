"""How the official repositories lay out the arrays of our weights.

A layout is a pair of functions, to ours and back. Ours are `[K, K, I, O]`,
`[I, O]` and images `[H, W, C]`; a convolution flips no kernel.
"""

import re

import numpy as np

from stylegan_tf.networks import stylegan


def torch(path, network):
    """Layout of the weight at `path` in stylegan2-ada-pytorch.

    Args:
        path: Inside our network, such as `synthesis/b4/const`.
        network: A built `Generator` or `Discriminator`.
    """
    if re.search(r"b\d+/const$", path):
        return _axes(1, 2, 0)
    if not path.endswith("/kernel"):
        return _axes()
    if _takes_maps(path, network):
        shape = network.config.base_shape
        return (
            lambda a: _maps_last(a.T, shape),
            lambda a: _maps_first(a, shape).T,
        )
    if re.search(r"affine|dense|embed|b\d+/out/", path):
        return _axes(1, 0)
    return _axes(2, 3, 1, 0)


def tensorflow(path, network):
    """Layout of the weight at `path` on TensorFlow 1."""
    shape = network.config.base_shape
    if network.config.is_progressive:
        special = _progressive(path, network)
        if special is not None:
            return special
    if re.search(r"b\d+/const$", path):
        to_ours, to_official = _axes(1, 2, 0)
        return lambda a: to_ours(a[0]), lambda a: to_official(a)[None]
    if path.endswith("noise/const"):
        return lambda a: a[0, 0], lambda a: a[None, None]
    if path.endswith("conv/affine/bias"):  # stored without the one
        return lambda a: a + 1, lambda a: a - 1
    if path.endswith("conv0/conv/kernel"):  # ours convolves, theirs correlates
        return _turned(0, 1, 2, 3)
    if _takes_maps(path, network):
        return lambda a: _maps_last(a, shape), lambda a: _maps_first(a, shape)
    return _axes()


def settings_of(network):
    """The `GeneratorConfig` or `DiscriminatorConfig` of a network."""
    is_generator = hasattr(network, "synthesis")
    config = network.config
    return config.generator if is_generator else config.discriminator


def _progressive(path, network):
    """Layouts that only ProGAN and StyleGAN have; None elsewhere.

    ProGAN's is that of its own repository: StyleGAN's copy of its code stores
    a fused up-convolution's kernel as `[K, K, I, O]` instead.
    """
    settings = settings_of(network)
    if settings.architecture == "revised":
        return None
    shape = network.config.base_shape
    if path == f"synthesis/b{max(shape)}/dense/kernel":
        return (
            lambda a: _maps_last(a.T, shape).T,
            lambda a: _maps_first(a.T, shape).T,
        )
    match = re.fullmatch(r"synthesis/b(\d+)/conv0/kernel", path)
    if not match:
        return None
    if not stylegan.fuses(settings, int(match[1])):
        return _axes()
    # Theirs is turned, since a transposed convolution turns it.
    is_progan = settings.architecture == "progan"
    return _turned(0, 1, 3, 2) if is_progan else _turned(0, 1, 2, 3)


def _takes_maps(path, network):
    """Whether it is a dense layer's kernel whose inputs are feature maps."""
    return path == f"b{max(network.config.base_shape)}/dense/kernel"


def _maps_last(array, shape):
    """`[C * H * W, N]` as `[H * W * C, N]`."""
    maps = array.reshape(-1, *shape, array.shape[1])
    return maps.transpose(1, 2, 0, 3).reshape(-1, array.shape[1])


def _maps_first(array, shape):
    """`[H * W * C, N]` as `[C * H * W, N]`."""
    maps = array.reshape(*shape, -1, array.shape[1])
    return maps.transpose(2, 0, 1, 3).reshape(-1, array.shape[1])


def _turned(*order):
    """Kernels turned by half, with axes in this order; its own way back."""
    return (lambda a: a[::-1, ::-1].transpose(order),) * 2


def _axes(*order):
    """Axes in this order; the same if there is none."""
    if not order:
        return lambda a: a, lambda a: a
    back = np.argsort(order)
    return lambda a: a.transpose(order), lambda a: a.transpose(back)
