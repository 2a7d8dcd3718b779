"""Takes weights of our networks from official arrays, and gives them back."""

import dataclasses
from collections.abc import Callable

import numpy as np

from stylegan_tf.interop.dialects import layouts, names

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
    result = []
    for variable in network.weights:
        path = variable.path.split("/", 1)[1]
        if convention == "torch":
            name, layout = names.torch(path), layouts.torch(path, network)
        else:
            name = names.tensorflow(path, network)
            layout = layouts.tensorflow(path, network)
        result.append(Entry(variable, path, name, *layout))
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
