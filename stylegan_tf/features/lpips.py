"""LPIPS, the perceptual distance of path length and projection.

Reference: https://arxiv.org/abs/1801.03924, equation 1
"""

import numpy as np
from keras import ops

from stylegan_tf.features import (
    files,
    finding,
    pixels,
    running,
    vgg16_network,
)

_EPSILON = 1e-10


class Lpips:
    """LPIPS 0.1 over VGG16, at the images' own size.

    Args:
        arrays: VGG16's weights by torchvision's or NVIDIA's names.
        heads: The five linear heads by the names of lpips (`lin0...`) or
            NVIDIA (`lpips0`); None: they are among `arrays`.
        sha256: Of the file or files they are from.
        batch_size: Pairs at a time.
    """

    name = "lpips-vgg16"
    label = ""
    resize = "none"

    def __init__(self, arrays, heads=None, *, sha256="", batch_size=8):
        self.sha256, self.batch_size = sha256, batch_size
        self.network = vgg16_network.build_maps()
        vgg16_network.assign_maps(self.network, arrays)
        self._heads = _read_heads(arrays if heads is None else heads)
        self._run = running.compiled(self.tensor_distance)

    def distance(self, first, second):
        """Distances of two sets `[N, H, W, C]`, float32 `[N]`.

        Give float images: as uint8, a short step in latents is lost.
        """
        return running.in_batches(
            self._run, first, second, batch_size=self.batch_size
        )

    def tensor_distance(self, first, second):
        """`distance` of one batch of tensors; has gradients."""
        return sum(
            mean_of_map(square * head)
            for square, head in zip(
                squared_differences(self.maps(first), self.maps(second)),
                self._heads,
                strict=True,
            )
        )

    def maps(self, images):
        """The five maps of a batch of images, `[N, H / s, W / s, C]` each."""
        return self.network(vgg16_network.normalise(pixels.to_rgb(images)))


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
    found = finding.find("lpips", path)
    arrays = files.read_arrays(found.path)
    if vgg16_network.is_script(arrays):
        return Lpips(arrays, sha256=found.sha256)
    heads = finding.find("lpips_heads", heads_path)
    return Lpips(
        arrays,
        files.read_arrays(heads.path),
        sha256=f"{found.sha256}+{heads.sha256}",
    )


def _unit(x):
    square = ops.sum(ops.square(x), axis=-1, keepdims=True)
    # The root of zero has no gradient.
    return x / (ops.sqrt(ops.maximum(square, _EPSILON**2)) + _EPSILON)


def _read_heads(arrays):
    heads = []
    for index, block in enumerate(vgg16_network.BLOCKS):
        names = (f"lpips{index}", f"lin{index}.model.1.weight", f"lin{index}")
        name = next((each for each in names if each in arrays), None)
        if name is None:
            raise ValueError(
                f"The heads of LPIPS lack {names[0]} or {names[1]}. Received: "
                f"{', '.join(list(arrays)[:3])}, ..."
            )
        head = np.asarray(arrays[name], np.float32).reshape(-1)
        if len(head) != block[-1]:
            raise ValueError(
                f"`{name}` of LPIPS must have {block[-1]} values. Received: "
                f"{len(head)}"
            )
        heads.append(head)
    return heads
