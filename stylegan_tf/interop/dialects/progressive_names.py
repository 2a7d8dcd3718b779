"""Names weights that only progressive networks have as official code does.

Those of ProGAN and StyleGAN on TensorFlow 1, and of StyleGAN2's configs B-D.
"""

import re

from stylegan_tf.interop.dialects import layouts

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
    settings = layouts.settings_of(network)
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


def _layer_name(settings, is_smallest, index):
    if not is_smallest:
        return ("Conv0_up", "Conv1")[index]
    return ("Const" if settings.const_input else "Dense", "Conv")[index]
