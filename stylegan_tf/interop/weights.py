"""Weights of our networks from and to dictionaries of official arrays."""

import dataclasses
import re
from collections.abc import Callable

import numpy as np

from stylegan_tf.interop.dialects import official_names, progressive_names

CONVENTIONS = ("torch", "tensorflow")


@dataclasses.dataclass(frozen=True)
class Entry:
    """One weight: ours, its official name, and the way between layouts."""

    variable: object  # keras.Variable
    path: str  # inside our network
    name: str  # inside the official network
    to_ours: Callable[[np.ndarray], np.ndarray]
    to_official: Callable[[np.ndarray], np.ndarray]


def entries(network, convention):
    """An `Entry` for every weight of a `Generator` or `Discriminator`.

    Args:
        network: A built network.
        convention: "torch" (OIHW, [out, in], images NCHW) or "tensorflow"
            (HWIO, [in, out], images NCHW).
    """
    if convention not in CONVENTIONS:
        raise ValueError(
            f"`convention` must be one of {', '.join(CONVENTIONS)}. "
            f"Received: {convention!r}"
        )
    if convention == "torch" and network.config.is_progressive:
        raise ValueError(
            "Progressive networks exist on TensorFlow only: use convention "
            '"tensorflow".'
        )
    is_generator = hasattr(network, "synthesis")
    smallest = max(network.config.base_shape)
    result = []
    for variable in network.weights:
        path = variable.path.split("/", 1)[1]
        if convention == "torch":
            name = official_names.torch_name(path)
            layouts = _torch_layouts
        else:
            name = official_names.tensorflow_name(path, smallest, is_generator)
            layouts = _tensorflow_layouts
            if network.config.is_progressive:
                name = progressive_names.name(path, name, network)
        to_ours, to_official = layouts(path, network)
        result.append(Entry(variable, path, name, to_ours, to_official))
    return result


def assign(network, arrays, convention):
    """Fills `network` from official `arrays`, a dict by official name.

    Raises `ValueError` if a weight is missing, of another shape or not of
    finite numbers. Arrays that no weight wants (filters, `lod`) are left alone.
    """
    for entry in entries(network, convention):
        if entry.name not in arrays:
            raise ValueError(
                f"`{entry.name}` is missing, the array of `{entry.path}`. Is "
                "the config that of the network the arrays come from?"
            )
        given = numbers(arrays[entry.name], entry.name)
        try:
            array = entry.to_ours(given)
        except (ValueError, IndexError):  # it has other axes
            array = given
        if tuple(array.shape) != tuple(entry.variable.shape):
            raise ValueError(
                f"`{entry.path}` wants shape {tuple(entry.variable.shape)}. "
                f"Received: {tuple(array.shape)} from `{entry.name}`"
            )
        entry.variable.assign(array)


def numbers(array, name):
    """`array` as float32.

    Raises:
        ValueError: If it is of another kind than floating point, or not finite.
    """
    array = np.asarray(array)
    if array.dtype.kind != "f":
        raise ValueError(
            f"`{name}` must be of floating point numbers. Received: "
            f"{array.dtype}"
        )
    with np.errstate(over="ignore"):
        array = array.astype(np.float32, copy=False)
    if not np.all(np.isfinite(array)):
        raise ValueError(f"`{name}` has numbers that are not finite.")
    return array


def arrays(network, convention):
    """Official arrays of `network` by official name."""
    return {
        entry.name: entry.to_official(np.asarray(entry.variable))
        for entry in entries(network, convention)
    }


def _torch_layouts(path, network):
    if re.search(r"b\d+/const$", path):
        return _axes(1, 2, 0), _axes(2, 0, 1)
    if not path.endswith("/kernel"):
        return _same, _same
    if _is_flattened(path, network):
        return _from_flat_chw(network, (1, 0)), _to_flat_chw(network, (1, 0))
    if re.search(r"affine|dense|embed|b\d+/out/", path):
        return _axes(1, 0), _axes(1, 0)
    return _axes(2, 3, 1, 0), _axes(3, 2, 0, 1)


def _tensorflow_layouts(path, network):
    if network.config.is_progressive:
        special = progressive_names.layouts(path, network)
        if special is not None:
            return special
    if re.search(r"b\d+/const$", path):
        return (
            lambda a: a[0].transpose(1, 2, 0),
            lambda a: a.transpose(2, 0, 1)[None],
        )
    if path.endswith("noise/const"):
        return lambda a: a[0, 0], lambda a: a[None, None]
    if path.endswith("conv/affine/bias"):  # stored without the one
        return lambda a: a + 1, lambda a: a - 1
    if path.endswith("conv0/conv/kernel"):  # ours convolves, theirs correlates
        return lambda a: a[::-1, ::-1], lambda a: a[::-1, ::-1]
    if path.endswith("/kernel") and _is_flattened(path, network):
        return _from_flat_chw(network, (0, 1)), _to_flat_chw(network, (0, 1))
    return _same, _same


def _is_flattened(path, network):
    """Whether the dense layer's inputs are flattened feature maps."""
    return path == f"b{max(network.config.base_shape)}/dense/kernel"


def _from_flat_chw(network, axes):
    """`[C * H * W, O]` after `axes` to our `[H * W * C, O]`."""
    height, width = network.config.base_shape

    def convert(array):
        array = array.transpose(axes)
        units = array.shape[1]
        array = array.reshape(-1, height, width, units)
        return array.transpose(1, 2, 0, 3).reshape(-1, units)

    return convert


def _to_flat_chw(network, axes):
    height, width = network.config.base_shape

    def convert(array):
        units = array.shape[1]
        array = array.reshape(height, width, -1, units)
        array = array.transpose(2, 0, 1, 3).reshape(-1, units)
        return array.transpose(axes)

    return convert


def _axes(*order):
    return lambda array: array.transpose(order)


def _same(array):
    return array
