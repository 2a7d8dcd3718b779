"""Pickles for tests: official ones made of arrays, and bytes by hand."""

import contextlib
import itertools
import json
import pickle
import sys
import types

import numpy as np

from stylegan_tf.pickles import objects
from tests.helpers.interop import assembling

_STORAGES = {
    "<f2": "HalfStorage",
    "<f4": "FloatStorage",
    "<f8": "DoubleStorage",
    "<i8": "LongStorage",
}


def tensorflow_pickle(
    networks, *, module="dnnlib.tflib.network", protocol=pickle.DEFAULT_PROTOCOL
):
    """Bytes of a tuple of `Network` objects with these states."""
    with _official_class(module) as network:
        return pickle.dumps(
            tuple(_network(network, state) for state in networks), protocol
        )


def lone_pickle(state, *, module="dnnlib.tflib.network"):
    """Bytes of one `Network` object, as classifiers are."""
    with _official_class(module) as network:
        return pickle.dumps(_network(network, state))


def tensorflow_state(function, arguments, arrays, components=None):
    """What `Network.__getstate__` gives, as far as it matters.

    Args:
        function: Name of the function that builds it.
        arguments: Static arguments.
        arrays: By the name inside the network; those of components carry
            their prefix.
        components: Building functions of "mapping" and "synthesis".
    """
    own = dict(arrays)
    parts = {}
    for name, part in (components or {}).items():
        prefix = f"G_{name}/"
        inside = {k: own.pop(k) for k in arrays if k.startswith(prefix)}
        parts[name] = tensorflow_state(
            part,
            arguments,
            {k.removeprefix(prefix): v for k, v in inside.items()},
        )
    return {
        "version": 4,
        "name": "G",
        "static_kwargs": dict(arguments),
        "components": parts,
        "build_module_src": "import os\nos.abort()\n",
        "build_func_name": function,
        "variables": list(own.items()),
    }


def torch_module(state, children=None):
    """The stub of a persistent torch module."""
    state = {"_modules": children or {}, **state}
    symbol = objects.Symbol(
        "torch_utils.persistence", "_reconstruct_persistent_obj"
    )
    return objects.Stub(symbol, {"class_name": "x", "state": state})


def torch_network(arguments, arrays):
    """The stub of a network whose arrays have dotted names."""
    tree = {}
    for name, array in arrays.items():
        *path, last = name.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = array
    return _torch_node(tree, {"_init_args": (), "_init_kwargs": arguments})


def _torch_node(tree, state):
    children = {
        name: _torch_node(child, {})
        for name, child in tree.items()
        if isinstance(child, dict)
    }
    arrays = {k: v for k, v in tree.items() if not isinstance(v, dict)}
    return torch_module({"_parameters": arrays, **state}, children)


def torch_file(value):
    """Bytes of what torch.save writes of dictionaries of arrays."""
    members = {}
    content = _torch_value(value, members)
    return assembling.archive({"data.pkl": content + b".", **members})


def safetensors_file(arrays):
    """Bytes of float32 arrays as safetensors writes them."""
    entries, place = {"__metadata__": {"format": "pt"}}, 0
    for name, array in arrays.items():
        entries[name] = {
            "dtype": "F32",
            "shape": array.shape,
            "data_offsets": [place, place + array.nbytes],
        }
        place += array.nbytes
    header = json.dumps(entries).encode()
    numbers = b"".join(array.tobytes() for array in arrays.values())
    return len(header).to_bytes(8, "little") + header + numbers


def _torch_value(value, members):
    if isinstance(value, dict):
        items = [
            assembling.text(name) + _torch_value(each, members)
            for name, each in value.items()
        ]
        start = assembling.line("collections", "OrderedDict") + b")R"
        return start + b"(" + b"".join(items) + b"u"
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value).reshape(value.shape)
        key = str(len(members))
        members[f"data/{key}"] = array.tobytes()
        strides = [step // array.itemsize for step in array.strides]
        storage = assembling.storage(
            _STORAGES[array.dtype.str], key, array.size
        )
        return assembling.tensor(storage, array.shape, strides)
    return pickle.dumps(value, 2)[2:-1]  # without its start and end


def rosinality_generator(maps, width):
    """Random arrays of a generator as rosinality/stylegan2-pytorch saves it.

    Args:
        maps: Feature maps from 4 pixels on.
        width: Of z and w.
    """
    shapes = {"input.input": (1, maps[0], 4, 4)}
    for depth in range(1, 9):
        shapes[f"style.{depth}.weight"] = (width, width)
        shapes[f"style.{depth}.bias"] = (width,)

    def layer(name, before, after, side):
        shapes[f"{name}.conv.weight"] = (1, after, before, side, side)
        shapes[f"{name}.conv.modulation.weight"] = (before, width)
        shapes[f"{name}.conv.modulation.bias"] = (before,)
        if side == 1:
            shapes[f"{name}.bias"] = (1, after, 1, 1)
        else:
            shapes[f"{name}.noise.weight"] = (1,)
            shapes[f"{name}.activate.bias"] = (after,)

    layer("conv1", maps[0], maps[0], 3)
    layer("to_rgb1", maps[0], 3, 1)
    for level, (before, after) in enumerate(itertools.pairwise(maps)):
        layer(f"convs.{2 * level}", before, after, 3)
        layer(f"convs.{2 * level + 1}", after, after, 3)
        layer(f"to_rgbs.{level}", after, 3, 1)
    arrays = random_state(shapes, shapes.values())
    return {
        name: array * 100 if name.startswith("style.") else array
        for name, array in arrays.items()
    }


def random_state(names, shapes, seed=0):
    """float32 arrays by name."""
    random = np.random.default_rng(seed)
    return {
        name: random.standard_normal(shape, np.float32)
        for name, shape in zip(names, shapes, strict=True)
    }


def _network(kind, state):
    """A component's state holds networks in its turn."""
    state = dict(state)
    state["components"] = {
        name: _network(kind, each) for name, each in state["components"].items()
    }
    network = kind.__new__(kind)
    network.state = state
    return network


@contextlib.contextmanager
def _official_class(module):
    """A class that pickles as `module`.Network, for a while."""

    class Network:
        def __getstate__(self):
            return self.state

    Network.__module__, Network.__qualname__ = module, "Network"
    parts = module.split(".")
    names = [".".join(parts[: i + 1]) for i in range(len(parts))]
    for name in names:
        sys.modules[name] = types.ModuleType(name)
    sys.modules[module].Network = Network
    try:
        yield Network
    finally:
        for name in names:
            del sys.modules[name]
