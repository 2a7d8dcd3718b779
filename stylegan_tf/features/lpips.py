"""LPIPS, the perceptual distance of path length and projection.

Reference: https://arxiv.org/abs/1801.03924, equation 1
"""

import keras
from keras import ops

from stylegan_tf.features import pixels, running, vgg16, weight_files

_EPSILON = 1e-10
# The last layers before the pools, and their channels.
_LAYERS = {
    "block1_conv2": 64,
    "block2_conv2": 128,
    "block3_conv3": 256,
    "block4_conv3": 512,
    "block5_conv3": 512,
}


class Lpips:
    """LPIPS 0.1 over VGG16, at the images' own size.

    Args:
        arrays: VGG16's weights by torchvision's or NVIDIA's names.
        heads: The five linear heads by the names of lpips (`lin0...`) or
            NVIDIA (`lpips0`); None: they are among `arrays`.
        sha256: Of the file or files they are from.
        batch_size: Pairs at a time.
    Attributes:
        distance: Distances of two sets `[N, H, W, C]`, float32 `[N]`. Give
            float images: as uint8, a short step in latents is lost.
    """

    name = "lpips-vgg16"
    label = ""
    resize = "none"

    def __init__(self, arrays, heads=None, *, sha256="", batch_size=8):
        self.sha256 = sha256
        network = vgg16.build(arrays, include_top=False)
        maps = [network.get_layer(name).output for name in _LAYERS]
        self.network = keras.Model(network.input, maps)
        self._heads = _read_heads(arrays if heads is None else heads)
        self.distance = running.batched(self.tensor_distance, batch_size)

    def tensor_distance(self, first, second):
        """`distance` of one batch of tensors; has gradients."""
        return self.distance_of_maps(self.maps(first), self.maps(second))

    def distance_of_maps(self, first, second):
        """`tensor_distance` of two batches whose `maps` are there."""
        squares = squared_differences(first, second)
        return sum(
            mean_of_map(square * head)
            for square, head in zip(squares, self._heads, strict=True)
        )

    def maps(self, images):
        """The five maps of a batch of images, `[N, H / s, W / s, C]` each."""
        return self.network(vgg16.normalise(pixels.to_rgb(images)))


def squared_differences(first, second):
    """Of lists of maps, whose channels are first made unit vectors."""
    return [
        ops.square(_unit(a) - _unit(b))
        for a, b in zip(first, second, strict=True)
    ]


def mean_of_map(x):
    """Channels of `[N, H, W, C]` added, pixels averaged: `[N]`."""
    return ops.mean(ops.sum(x, axis=-1), axis=(1, 2))


def load(path=None, heads_path=None):
    """The `Lpips` of NVIDIA's file, or of torchvision's and lpips's two."""
    arrays, sha256 = weight_files.load("lpips", path)
    if vgg16.is_script(arrays):
        return Lpips(arrays, sha256=sha256)
    heads, of_heads = weight_files.load("lpips_heads", heads_path)
    return Lpips(arrays, heads, sha256=f"{sha256}+{of_heads}")


def _unit(x):
    square = ops.sum(ops.square(x), axis=-1, keepdims=True)
    # The root of zero has no gradient.
    return x / (ops.sqrt(ops.maximum(square, _EPSILON**2)) + _EPSILON)


def _read_heads(arrays):
    heads = []
    for index, channels in enumerate(_LAYERS.values()):
        names = (f"lpips{index}", f"lin{index}", f"lin{index}.model.1.weight")
        name = next((each for each in names if each in arrays), names[-1])
        head = weight_files.get(arrays, name, "LPIPS", channels)
        heads.append(head.reshape(-1))
    return heads
