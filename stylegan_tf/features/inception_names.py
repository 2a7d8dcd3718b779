"""Weights of the Inception of FID, from the names of three file formats.

- "graph", the original: `mixed/tower/conv_1/conv2d_params`, ...
- "script", NVIDIA's TorchScript: `layers.mixed.tower_conv_1.weight`, ...
- "port", pytorch-fid's: `Mixed_5b.branch5x5_2.conv.weight`, ...
"""

import re

import numpy as np

from stylegan_tf.features import weight_files

_EPSILON = 1e-3  # of batch normalisation
_FEATURES, _CLASSES = 2048, 1008

# What ends the names of a kernel, and of beta, mean, variance and gamma of its
# batch normalisation; gamma may be missing.
_PARTS = {
    "graph": (
        "/conv2d_params",
        "/batchnorm/beta",
        "/batchnorm/moving_mean",
        "/batchnorm/moving_variance",
        "/batchnorm/gamma",
    ),
    "script": (".weight", ".beta", ".mean", ".var", ".gamma"),
    "port": (
        ".conv.weight",
        ".bn.bias",
        ".bn.running_mean",
        ".bn.running_var",
        ".bn.weight",
    ),
}
_CLASSIFIER = {
    "graph": "softmax/weights",
    "script": "output.weight",
    "port": "fc.weight",
}

# Of conv, conv_1, ... and of mixed, mixed_1, ...
_PORT_STEM = ("1a_3x3", "2a_3x3", "2b_3x3", "3b_1x1", "4a_3x3")
_PORT_MIXED = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
# Branches of the blocks whose number begins so: conv, tower, tower_1.
_PORT_BRANCHES = {
    "Mixed_5": ("branch1x1", "branch5x5", "branch3x3dbl"),
    "Mixed_6a": ("branch3x3", "branch3x3dbl", None),
    "Mixed_6": ("branch1x1", "branch7x7", "branch7x7dbl"),
    "Mixed_7a": (None, "branch3x3", "branch7x7x3"),
    "Mixed_7": ("branch1x1", "branch3x3", "branch3x3dbl"),
}


def convention_of(arrays):
    """Which of "graph", "script" and "port" the names are of."""
    for convention, name in _CLASSIFIER.items():
        if name in arrays:
            return convention
    raise ValueError(
        "These are not the weights of the Inception of FID: none of "
        f"{', '.join(_CLASSIFIER.values())} is there. Received: "
        f"{', '.join(list(arrays)[:3])}, ..."
    )


def official_name(name, convention):
    """What a layer of `inception` is called in a file."""
    if convention == "graph":
        block, _, rest = name.partition(".")
        rest = re.sub(r"_(?=mixed|conv)", "/", rest)
        return f"{block}/{rest}" if rest else block
    if convention == "script":
        return f"layers.{name}"
    return _port_name(*name.partition(".")[::2])


def assign(network, arrays):
    """Fills the network of `inception.build`.

    Returns:
        Kernel `[2048, 1008]` of the classes' logits; the Inception Score is
        computed without their bias.
    Raises:
        ValueError: If an array is missing or of another shape.
    """
    convention = convention_of(arrays)
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(_folded(arrays, layer.name, convention))
    kernel = _get(arrays, _CLASSIFIER[convention], _FEATURES * _CLASSES)
    return np.ascontiguousarray(kernel if convention == "graph" else kernel.T)


def _port_name(block, layer):
    """`Mixed_7b.branch3x3_2a` of `mixed_9` and `tower_mixed_conv`."""
    kind, _, number = block.partition("_")
    if kind == "conv":
        return f"Conv2d_{_PORT_STEM[int(number or 0)]}"
    block = f"Mixed_{_PORT_MIXED[int(number or 0)]}"
    branches = next(
        names
        for prefix, names in _PORT_BRANCHES.items()
        if block.startswith(prefix)
    )
    if layer == "conv":
        return f"{block}.{branches[0]}"
    match = re.fullmatch(r"tower(?:_([12]))?(_mixed)?_conv(?:_(\d))?", layer)
    tower, is_pair, index = match.groups()
    if tower == "2":
        return f"{block}.branch_pool"
    branch = branches[2 if tower else 1]
    number = 1 + int(index or 0)
    if is_pair:  # the last two of a tower, side by side
        number = ("3" if tower else "2") + "ab"[number - 1]
    return f"{block}.{branch}_{number}"


def _folded(arrays, name, convention):
    """Kernel `[K, K, I, O]` and bias `[O]`, batch normalisation included."""
    prefix = official_name(name, convention)
    *parts, gamma = (prefix + part for part in _PARTS[convention])
    kernel, beta, mean, variance = (_get(arrays, part) for part in parts)
    if convention != "graph":
        kernel = np.transpose(kernel, (2, 3, 1, 0))
    scale = arrays.get(gamma, 1.0) / np.sqrt(
        variance.astype(np.float64) + _EPSILON
    )
    return [
        (kernel * scale).astype(np.float32),
        (beta - mean * scale).astype(np.float32),
    ]


def _get(arrays, name, size=None):
    return weight_files.get(arrays, name, "Inception", size)
