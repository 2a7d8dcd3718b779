"""VGG16, the detector of improved precision and recall, and of LPIPS.

Reference: https://arxiv.org/abs/1409.1556, table 1, D
"""

import keras
import numpy as np

from stylegan_tf.features import pixels, running, weight_files

SIDE = 224

# Of the convolutions in their order; then of the two wide layers.
_TORCHVISION = [
    f"features.{index}"
    for index in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)
] + ["classifier.0", "classifier.3"]
_SCRIPT = [f"layers.conv{index}" for index in range(1, 14)]
_SCRIPT += ["layers.fc1", "layers.fc2"]


class Vgg16:
    """VGG16 up to its second wide layer, after the ReLU.

    Images are resized to 224x224 without averaging: as TensorFlow 1 did for
    NVIDIA's file, as PyTorch does for torchvision's.

    Args:
        arrays: Weights by torchvision's or NVIDIA's names.
        sha256: Of the file they are from.
        batch_size: Images at a time.
    Attributes:
        features: fc2 of images `[N, H, W, C]`, float32 `[N, 4096]`.
    """

    name = "vgg16"
    label = ""

    def __init__(self, arrays, *, sha256="", batch_size=16):
        self.sha256 = sha256
        self.resize = "legacy" if is_script(arrays) else "half_pixel"
        network = build(arrays, include_top=True)
        network = keras.Model(network.input, network.get_layer("fc2").output)
        self.features = running.batched(
            lambda images: network(self.prepare(images)), batch_size
        )

    def prepare(self, images):
        """The network's input `[N, 224, 224, 3]` of images `[N, H, W, C]`."""
        x = pixels.to_rgb(images)
        return normalise(pixels.resize_bilinear(x, SIDE, self.resize))


def load(path=None):
    """The `Vgg16` of a file, or of the one `finding.find` finds."""
    arrays, sha256 = weight_files.load("vgg16", path)
    return Vgg16(arrays, sha256=sha256)


def build(arrays, *, include_top):
    """Keras's VGG16, which takes what `normalise` returns.

    Args:
        arrays: Weights by torchvision's or NVIDIA's names.
        include_top: Whether it has the wide layers, and so takes images
            `[N, 224, 224, 3]` only.
    Raises:
        ValueError: If an array is missing or of another shape.
    """
    network = keras.applications.VGG16(
        include_top=include_top, weights=None, classes=1
    )
    names = _SCRIPT if is_script(arrays) else _TORCHVISION
    layers = [layer for layer in network.layers if layer.weights]
    for layer, name in zip(layers, names, strict=False):
        weight, bias = (
            weight_files.get(arrays, f"{name}.{part}", "VGG16")
            for part in ("weight", "bias")
        )
        layer.set_weights([_kernel(weight, layer.name), bias])
    return network


def normalise(images):
    """RGB `[0, 255]` less ImageNet's mean, over its standard deviation."""
    mean = np.array([0.485, 0.456, 0.406], np.float32)
    deviation = np.array([0.229, 0.224, 0.225], np.float32)
    return (images / 255.0 - mean) / deviation


def is_script(arrays):
    """Whether the names are those of NVIDIA's TorchScript."""
    return f"{_SCRIPT[0]}.weight" in arrays


def _kernel(array, layer_name):
    """PyTorch's `[O, I, K, K]` or `[O, I]` as Keras has it."""
    kernel = np.moveaxis(array, (0, 1), (-1, -2))
    if layer_name == "fc1":  # flattened as C, H, W there, as H, W, C here
        kernel = kernel.reshape(-1, 7, 7, kernel.shape[-1])
        kernel = np.moveaxis(kernel, 0, 2).reshape(-1, kernel.shape[-1])
    return kernel
