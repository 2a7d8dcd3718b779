"""What the official repositories call each weight of our networks.

Two conventions: "torch" is stylegan2-ada-pytorch, "tensorflow" is ProGAN to
StyleGAN2-ADA on TensorFlow 1. Names are those inside one network, such as
`synthesis.b8.conv0.weight` and `G_synthesis/8x8/Conv0_up/weight`.
"""

import re

from stylegan_tf.interop.dialects import layouts

_TORCH_RULES = {
    r"mapping/dense(\d+)/": r"mapping/fc\1/",
    r"/(conv0|conv1|conv|to_rgb)/conv/": r"/\1/",
    r"^(b\d+)/dense/": r"\1/fc/",
    r"/to_rgb/": "/torgb/",
    r"/from_rgb/": "/fromrgb/",
    r"/noise/": "/noise_",
    r"/kernel$": "/weight",
    r"/": ".",
}

_TENSORFLOW_RULES = {
    r"/(conv0|conv1|conv|to_rgb)/conv/": r"/\1/",
    r"^synthesis/b(\d+)/const$": r"synthesis/b\1/Const/const",
    r"^synthesis/b(\d+)/conv0/": r"synthesis/b\1/Conv0_up/",
    r"^b(\d+)/conv1/": r"b\1/Conv1_down/",
    r"^b\d+/out/": r"Output/",
    r"^mapping/w_avg$": "dlatent_avg",
    r"/label_concat$": "/LabelConcat/weight",
    r"/embed/": "/LabelEmbed/",
    r"/dense(\d*)/": r"/Dense\1/",
    r"/noise/strength$": "/noise_strength",
    r"/affine/kernel$": "/mod_weight",
    r"/affine/bias$": "/mod_bias",
    r"/to_rgb/": "/ToRGB/",
    r"/from_rgb/": "/FromRGB/",
    r"/conv([01]?)/": r"/Conv\1/",
    r"/skip/": "/Skip/",
    r"/kernel$": "/weight",
    r"(^|/)b(\d+)/": r"\1\2x\2/",
    r"^mapping/": "G_mapping/",
    r"^synthesis/": "G_synthesis/",
}
_EPILOGUE = {
    "noise/strength": "Noise/weight",
    "adain/style/kernel": "StyleMod/weight",
    "adain/style/bias": "StyleMod/bias",
}


def torch(path):
    """The PyTorch name of our weight `path`, e.g. `mapping/w_avg`."""
    return substituted(path, _TORCH_RULES)


def tensorflow(path, network):
    """The TensorFlow name of our weight at `path`.

    Args:
        path: Inside our network, such as `synthesis/b4/conv1/bias`.
        network: A built `Generator` or `Discriminator`.
    """
    name = _stylegan2(path, network)
    return (
        _grown(path, name, network) if network.config.is_progressive else name
    )


def _stylegan2(path, network):
    smallest = max(network.config.base_shape)
    noise = re.fullmatch(r"synthesis/b(\d+)/conv([01])/noise/const", path)
    if noise:
        resolution, conv = int(noise[1]), int(noise[2])
        level = (resolution // smallest).bit_length() - 1
        return f"G_synthesis/noise{max(2 * level - 1 + conv, 0)}"
    path = path.replace(
        f"synthesis/b{smallest}/conv1/", f"synthesis/b{smallest}/conv/"
    )
    if hasattr(network, "synthesis"):  # a generator
        return substituted(path, _TENSORFLOW_RULES)
    path = path.replace(f"b{smallest}/dense/", f"b{smallest}/dense0/")
    name = substituted(path, _TENSORFLOW_RULES)
    name = re.sub(r"^G_mapping/Dense(\d+)/", r"Mapping\1/", name)
    return name.removeprefix("G_mapping/")


def _grown(path, official, network):
    """The name in ProGAN, StyleGAN and StyleGAN2's configs B-D.

    Args:
        path: As of `tensorflow`, such as `synthesis/b8/epilogue1/bias`.
        official: What another StyleGAN2 network would call it.
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


def substituted(path, rules):
    """`path` after all `rules`, replacements by pattern."""
    for pattern, replacement in rules.items():
        path = re.sub(pattern, replacement, path)
    return path
