"""Official names and layouts of what only the progressive networks have.

Those of ProGAN and StyleGAN on TensorFlow 1, and of StyleGAN2's configs B-D.
ProGAN's files are those of its own repository: StyleGAN's copy of its code
stores a fused up-convolution's kernel as `[K, K, I, O]` instead.
"""

import re

import numpy as np

from stylegan_tf.networks import stylegan

_EPILOGUE = {
    "noise/strength": "Noise/weight",
    "adain/style/kernel": "StyleMod/weight",
    "adain/style/bias": "StyleMod/bias",
}


def name(path, official, network):
    """The official name of a weight.

    Args:
        path: Inside our network, such as `synthesis/b8/epilogue1/bias`.
        official: What a StyleGAN2 network would call it.
        network: A progressive network.
    """
    largest = max(network.config.image_shape[:2])
    official = re.sub(
        r"(\d+)x\d+/(ToRGB|FromRGB)/",
        lambda m: f"{m[2]}_lod{(largest // int(m[1])).bit_length() - 1}/",
        official,
    )
    settings = _settings(network)
    if settings.architecture == "revised":
        return official
    smallest = max(network.config.base_shape)
    official = official.replace("Output/", f"{smallest}x{smallest}/Dense1/")
    match = re.fullmatch(r"synthesis/b(\d+)/epilogue([01])/(.*)", path)
    if match:
        resolution, index = int(match[1]), int(match[2])
        if match[3] == "noise/const":
            level = (resolution // smallest).bit_length() - 1
            return f"G_synthesis/noise{2 * level + index}"
        layer = _layer_name(settings, resolution == smallest, index)
        weight = _EPILOGUE.get(match[3], match[3])
        official = f"G_synthesis/{resolution}x{resolution}/{layer}/{weight}"
    if settings.architecture == "progan":
        official = official.removeprefix("G_synthesis/")
        if settings.fused_scale == "off":
            official = re.sub(r"_(up|down)/", "/", official)
    return official


def layouts(path, network):
    """Functions to our layout and back, or None where it is StyleGAN2's."""
    settings = _settings(network)
    if settings.architecture == "revised":
        return None
    smallest = max(network.config.base_shape)
    if path == f"synthesis/b{smallest}/dense/kernel":
        shape = network.config.base_shape
        return (
            lambda a: _move_channels(a, (-1, *shape), (0, 2, 3, 1)),
            lambda a: _move_channels(a, (*shape, -1), (0, 3, 1, 2)),
        )
    match = re.fullmatch(r"synthesis/b(\d+)/conv0/kernel", path)
    if not match:
        return None
    if not stylegan.fuses(settings, int(match[1])):
        return lambda a: a, lambda a: a
    # Theirs is turned, since a transposed convolution turns it.
    axes = (0, 1, 3, 2) if settings.architecture == "progan" else (0, 1, 2, 3)
    return (
        lambda a: a[::-1, ::-1].transpose(axes),
        lambda a: a[::-1, ::-1].transpose(axes),
    )


def _settings(network):
    is_generator = hasattr(network, "synthesis")
    config = network.config
    return config.generator if is_generator else config.discriminator


def _layer_name(settings, is_smallest, index):
    if not is_smallest:
        return ("Conv0_up", "Conv1")[index]
    return ("Const" if settings.const_input else "Dense", "Conv")[index]


def _move_channels(kernel, shape, axes):
    """Rows stay; columns are `shape` and come out in the order of `axes`."""
    rows = len(kernel)
    kernel = np.reshape(kernel, (rows, *shape)).transpose(axes)
    return kernel.reshape(rows, -1)
