"""VGG16: the maps that LPIPS compares, and the two wide layers after them.

Reference: https://arxiv.org/abs/1409.1556, table 1, D
"""

import keras
import numpy as np

SIDE = 224
FEATURES = 4096
# Convolutions of each block, before a pool that halves the sides.
BLOCKS = ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3)

# Of the convolutions in their order; then of the two wide layers.
_TORCHVISION = [
    f"features.{index}"
    for index in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)
] + ["classifier.0", "classifier.3"]
_SCRIPT = [f"layers.conv{index}" for index in range(1, 14)]
_SCRIPT += ["layers.fc1", "layers.fc2"]


def build_maps():
    """A model to the five maps before the pools, of images of any size.

    Takes what `normalise` returns, `[N, H, W, 3]`.
    """
    x = images = keras.Input((None, None, 3), name="images")
    maps, index = [], 0
    for block in BLOCKS:
        if maps:
            x = keras.layers.MaxPooling2D(2)(x)
        for filters in block:
            index += 1
            x = keras.layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                name=f"conv{index}",
            )(x)
        maps.append(x)
    return keras.Model(images, maps, name="vgg16_maps")


def build_features(maps):
    """A model of `[N, 224, 224, 3]` to fc2 after its ReLU, `[N, 4096]`.

    Args:
        maps: The model of `build_maps`, shared.
    """
    images = keras.Input((SIDE, SIDE, 3), name="images")
    x = keras.layers.MaxPooling2D(2, name="pool5")(maps(images)[-1])
    x = keras.layers.Flatten()(x)
    for name in ("fc1", "fc2"):
        x = keras.layers.Dense(FEATURES, activation="relu", name=name)(x)
    return keras.Model(images, x, name="vgg16_features")


def normalise(images):
    """RGB `[0, 255]` less ImageNet's mean, over its standard deviation."""
    mean = np.array([0.485, 0.456, 0.406], np.float32)
    deviation = np.array([0.229, 0.224, 0.225], np.float32)
    return (images / 255.0 - mean) / deviation


def is_script(arrays):
    """Whether the names are those of NVIDIA's TorchScript."""
    return f"{_SCRIPT[0]}.weight" in arrays


def assign_maps(network, arrays):
    """Fills the model of `build_maps` from torchvision's or NVIDIA's names.

    Raises:
        ValueError: If an array is missing or of another shape.
    """
    names = _SCRIPT if is_script(arrays) else _TORCHVISION
    layers = [layer for layer in network.layers if layer.weights]
    for layer, name in zip(layers, names, strict=False):
        kernel = _get(arrays, f"{name}.weight")
        _assign(layer, kernel.transpose(2, 3, 1, 0), arrays, name)


def assign_features(network, arrays):
    """Fills fc1 and fc2 of the model of `build_features`."""
    names = _SCRIPT if is_script(arrays) else _TORCHVISION
    for layer_name, name in zip(("fc1", "fc2"), names[-2:], strict=True):
        kernel = _get(arrays, f"{name}.weight")
        if layer_name == "fc1":  # flattened as C, H, W there, as H, W, C here
            kernel = kernel.reshape(FEATURES, 512, 7, 7)
            kernel = kernel.transpose(2, 3, 1, 0).reshape(-1, FEATURES)
        else:
            kernel = kernel.T
        _assign(network.get_layer(layer_name), kernel, arrays, name)


def _assign(layer, kernel, arrays, name):
    if kernel.shape != tuple(layer.kernel.shape):
        raise ValueError(
            f"`{name}.weight` of VGG16 does not fit `{layer.name}`, "
            f"{tuple(layer.kernel.shape)}. Received: {kernel.shape}"
        )
    layer.set_weights([kernel, _get(arrays, f"{name}.bias")])


def _get(arrays, name):
    if name not in arrays:
        raise ValueError(
            f"The weights of VGG16 lack `{name}`. Received: "
            f"{', '.join(list(arrays)[:3])}, ..."
        )
    return np.asarray(arrays[name], np.float32)
