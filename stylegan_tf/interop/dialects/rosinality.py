"""Renames arrays of rosinality/stylegan2-pytorch to official names.

Its weights are stylegan2-ada-pytorch's, some with axes of length one more.
"""

import re

from stylegan_tf.interop.dialects import names

_GENERATOR = {
    r"^noises\.noise_(\d{1,2})\Z": lambda m: (
        f"synthesis.b{4 << (int(m[1]) + 1) // 2}.conv{(int(m[1]) + 1) % 2}."
        "noise_const"
    ),
    r"^style\.(\d{1,2})\.": lambda m: f"mapping.fc{int(m[1]) - 1}.",
    r"^convs\.(\d{1,2})\.": lambda m: (
        f"synthesis.b{8 << int(m[1]) // 2}.conv{int(m[1]) % 2}."
    ),
    r"^to_rgbs\.(\d{1,2})\.": lambda m: f"synthesis.b{8 << int(m[1])}.torgb.",
    r"^conv1\.": "synthesis.b4.conv1.",
    r"^to_rgb1\.": "synthesis.b4.torgb.",
    r"^input\.input$": "synthesis.b4.const",
    r"\.conv\.modulation\.": ".affine.",
    r"\.conv\.weight$": ".weight",
    r"\.noise\.weight$": ".noise_strength",
    r"\.activate\.bias$": ".bias",
    r"\.(conv\.blur|upsample)\.kernel$": ".resample_filter",
}
_DISCRIMINATOR = {
    r"\.conv1\.[01]\.": ".conv0.",
    r"\.conv2\.0\.kernel$": ".conv1.resample_filter",
    r"\.conv2\.[12]\.": ".conv1.",
    r"\.skip\.0\.kernel$": ".skip.resample_filter",
    r"\.skip\.1\.": ".skip.",
    r"^final_conv\.[01]\.": "b4.conv.",
    r"^final_linear\.0\.": "b4.fc.",
    r"^final_linear\.1\.": "b4.out.",
}

# Axes of the official arrays, by the last part of their names.
_AXES = {"noise_strength": 0, "noise_const": 2, "const": 3, "weight": 4}


def generator(own, owner):
    """The arrays of a generator by official name.

    Args:
        own: Its arrays by name.
        owner: What the file calls it, for messages.

    Raises:
        ValueError: If it is not one of this repository's own.
    """
    arrays = {
        name: _without_ones(name, array)
        for name, array in _renamed(own, _GENERATOR, owner).items()
    }
    affine = arrays.get("synthesis.b4.conv1.affine.weight")
    for name, weight in own.items():
        if affine is None or not re.fullmatch(r"style\.\d+\.weight", name):
            continue
        width = affine.shape[-1]
        if weight.shape != (width, width):
            raise ValueError(
                f"`{name}` of `{owner}` is {list(weight.shape)}, where "
                f"rosinality's own networks have [{width}, {width}]: a fork "
                "that is conditional or changes the mapping in another way, "
                "which is not supported."
            )
    return arrays


def discriminator(own, owner):
    """The arrays of a discriminator by official name; see `generator`."""
    found = re.findall(r"\bconvs\.(\d{1,2})\.conv1\.", " ".join(own))
    top = 4 << max(map(int, found), default=0)
    blocks = {
        r"^convs\.0\.[01]\.": f"b{top}.fromrgb.",
        r"^convs\.(\d{1,2})\.": lambda m: f"b{top >> max(int(m[1]) - 1, 0)}.",
    }
    return _renamed(own, blocks | _DISCRIMINATOR, owner)


def _renamed(own, rules, owner):
    arrays = {}
    for key, array in own.items():
        name = names.substituted(key, rules)
        if name in arrays:
            raise ValueError(f"`{owner}` has `{key}` twice.")
        arrays[name] = array
    return arrays


def _without_ones(name, array):
    """Without the axes of length one that the official arrays lack."""
    if name.startswith("synthesis.") and name.endswith(".bias"):
        return array.reshape(-1)
    axes = _AXES.get(name.rsplit(".", 1)[-1], array.ndim)
    while array.ndim > axes and array.shape[0] == 1:
        array = array.reshape(array.shape[1:])
    return array
