"""What the official repositories call each weight of our networks.

Two conventions: "torch" is stylegan2-ada-pytorch, "tensorflow" is stylegan2
and stylegan2-ada on TensorFlow 1. Names are those inside one network, such as
`synthesis.b8.conv0.weight` and `G_synthesis/8x8/Conv0_up/weight`.
"""

import re

_TORCH_RULES = (
    (r"mapping/dense(\d+)/", r"mapping/fc\1/"),
    (r"/(conv0|conv1|conv|to_rgb)/conv/", r"/\1/"),
    (r"^(b\d+)/dense/", r"\1/fc/"),
    (r"/to_rgb/", "/torgb/"),
    (r"/from_rgb/", "/fromrgb/"),
    (r"/noise/", "/noise_"),
    (r"/kernel$", "/weight"),
    (r"/", "."),
)

_TENSORFLOW_RULES = (
    (r"/(conv0|conv1|conv|to_rgb)/conv/", r"/\1/"),
    (r"^synthesis/b(\d+)/const$", r"synthesis/b\1/Const/const"),
    (r"^synthesis/b(\d+)/conv0/", r"synthesis/b\1/Conv0_up/"),
    (r"^b(\d+)/conv1/", r"b\1/Conv1_down/"),
    (r"^b\d+/out/", r"Output/"),
    (r"^mapping/w_avg$", "dlatent_avg"),
    (r"/label_concat$", "/LabelConcat/weight"),
    (r"/embed/", "/LabelEmbed/"),
    (r"/dense(\d*)/", r"/Dense\1/"),
    (r"/noise/strength$", "/noise_strength"),
    (r"/affine/kernel$", "/mod_weight"),
    (r"/affine/bias$", "/mod_bias"),
    (r"/to_rgb/", "/ToRGB/"),
    (r"/from_rgb/", "/FromRGB/"),
    (r"/conv([01]?)/", r"/Conv\1/"),
    (r"/skip/", "/Skip/"),
    (r"/kernel$", "/weight"),
    (r"(^|/)b(\d+)/", r"\1\2x\2/"),
    (r"^mapping/", "G_mapping/"),
    (r"^synthesis/", "G_synthesis/"),
)


def torch_name(path):
    """The PyTorch name of our weight `path`, e.g. `mapping/w_avg`."""
    return substituted(path, _TORCH_RULES)


def tensorflow_name(path, smallest, is_generator):
    """The TensorFlow name of our weight at `path`.

    Args:
        path: Path inside the network, e.g. `synthesis/b4/conv1/bias`.
        smallest: Resolution of the smallest block, 4.
        is_generator: Both networks have blocks and a mapping.
    """
    noise = re.fullmatch(r"synthesis/b(\d+)/conv([01])/noise/const", path)
    if noise:
        resolution, conv = int(noise[1]), int(noise[2])
        level = (resolution // smallest).bit_length() - 1
        return f"G_synthesis/noise{max(2 * level - 1 + conv, 0)}"
    path = path.replace(
        f"synthesis/b{smallest}/conv1/", f"synthesis/b{smallest}/conv/"
    )
    if not is_generator:
        path = path.replace(f"b{smallest}/dense/", f"b{smallest}/dense0/")
    name = substituted(path, _TENSORFLOW_RULES)
    if is_generator:
        return name
    name = re.sub(r"^G_mapping/Dense(\d+)/", r"Mapping\1/", name)
    return name.removeprefix("G_mapping/")


def substituted(path, rules):
    """`path` after all `rules`, pairs of a pattern and its replacement."""
    for pattern, replacement in rules:
        path = re.sub(pattern, replacement, path)
    return path
