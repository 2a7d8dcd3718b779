"""The rule that the weights of golden k11 are made by, see its README."""

import math
import zlib

import numpy as np

from tests.helpers import support


def inception():
    """Weights of the Inception of golden k11 by pytorch-fid's names."""
    _, meta = support.golden("k11_inception")
    return {
        name: _inception_entry(name, shape)
        for name, shape, _ in meta["entries"]
    }


def vgg16(*, has_classifier):
    """Weights of the VGG16 of golden k11 by torchvision's names."""
    _, meta = support.golden("k11_vgg16_lpips")
    return {
        name: _vgg16_entry(name, shape)
        for name, shape, _ in meta["entries"]
        if has_classifier or name.startswith("features")
    }


def crc32(array):
    """As in `entry_crc32_of_float32_bytes`."""
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


def _normal(name, shape):
    random = np.random.RandomState(zlib.crc32(name.encode()) % 2**32)
    return random.standard_normal(shape).astype(np.float32)


def _inception_entry(name, shape):
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, np.int64)
    noise = _normal(name, shape)
    if name == "fc.weight":
        return noise * np.float32(math.sqrt(64 / 2048))
    if name.endswith("conv.weight"):
        return noise * np.float32(math.sqrt(2 / math.prod(shape[1:])))
    tenth = np.float32(0.1)
    if name.endswith("bn.weight"):
        return 1 + tenth * noise
    if name.endswith("running_var"):
        return 1 + tenth * np.abs(noise)
    return tenth * noise


def _vgg16_entry(name, shape):
    noise = _normal(name, shape)
    if name.endswith("bias"):
        return np.float32(0.1) * noise
    return noise * np.float32(math.sqrt(2 / math.prod(shape[1:])))
