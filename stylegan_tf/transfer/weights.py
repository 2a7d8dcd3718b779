"""A network's weights by the part that they play, whatever its sizes."""

import dataclasses
import re
import typing

import numpy as np

from stylegan_tf import config as config_lib


@dataclasses.dataclass
class Weight:
    """A weight of a network.

    Attributes:
        path: As people know it, `synthesis/b32/conv0/conv/kernel`.
        variable: That of Keras.
        factor: What it is multiplied by where it is used: equalized learning
            rates depend on the width of the input, and on multipliers.
    """

    path: str
    variable: typing.Any
    factor: float

    @property
    def shape(self):
        """Its shape, a tuple."""
        return tuple(self.variable.shape)

    def stored(self):
        """The array that is stored."""
        return self.variable.numpy()

    def used(self):
        """The array as it is used, in float64."""
        return self.stored().astype(np.float64) * self.factor


def of(network):
    """Dict of all `Weight`s of a network, in its order.

    A key names a block by its level, the number of doublings from the
    smallest: `synthesis/+3/conv0/conv/kernel`. So a key is the same part in
    networks of other resolutions, and of another shape.
    """
    sizes = config_lib.resolutions(network.config)
    owners = {layer.path: layer for layer in network._flatten_layers()}
    found = {}
    for variable in network.weights:
        place, _, name = variable.path.rpartition("/")
        path = variable.path.split("/", 1)[1]
        key = re.sub(
            r"\bb(\d+)\b", lambda b: f"+{sizes.index(int(b[1]))}", path
        )
        factor = _factor(owners.get(place), name)
        found[key] = Weight(path, variable, factor)
    return found


def level(key):
    """The level of a key, or None outside of blocks."""
    found = re.search(r"\+(\d+)", key)
    return int(found[1]) if found else None


def _factor(layer, name):
    if name == "kernel":
        return getattr(layer, "scale", 1.0)
    return getattr(layer, "lr_multiplier", 1.0) if name == "bias" else 1.0
