"""The classes and functions that official files name, and what stands in.

All that is not listed here is refused, by name.
"""

from stylegan_tf.pickles import (
    numpy_arrays,
    objects,
    refusal,
    torch_streams,
    torch_tensors,
)

_ENTRY_BYTES = 100  # of a dictionary or set


def _mapping(machine, symbol, arguments):
    """An ordered or attribute dictionary, a plain one here."""
    result = {}
    for pairs in _at_most_one(symbol, arguments):
        items = pairs.items() if type(pairs) is dict else pairs
        if type(pairs) not in (dict, list, tuple):
            raise refusal.RefusedPickle(f"refused the items of `{symbol}`")
        machine.budget.spend_bytes(_ENTRY_BYTES * len(pairs), "a dictionary")
        for key, value in items:
            result[objects.checked_key(key)] = value
    return result


def _set(machine, symbol, arguments):
    result = set()
    for items in _at_most_one(symbol, arguments):
        if type(items) not in (list, tuple, set):
            raise refusal.RefusedPickle(f"refused the items of `{symbol}`")
        machine.budget.spend_bytes(_ENTRY_BYTES * len(items), "a set")
        result.update(objects.checked_key(item) for item in items)
    return result


def _encode(machine, symbol, arguments):
    """Bytes that protocol 2 holds as a text."""
    text, encoding = arguments
    if type(text) is not str or encoding not in ("latin1", "latin-1"):
        raise refusal.RefusedPickle("refused an encoding other than latin1")
    machine.budget.spend_bytes(len(text), "bytes")
    return memoryview(text.encode("latin-1"))


def _empty_bytes(machine, symbol, arguments):
    if arguments:
        raise refusal.RefusedPickle(f"refused to call `{symbol}`")
    return memoryview(b"")


def _stub(machine, symbol, arguments):
    """An object of a class that is never imported, empty so far."""
    if arguments:
        raise refusal.RefusedPickle(f"refused the arguments of `{symbol}`")
    return objects.Stub(symbol)


def _left_out(machine, symbol, arguments):
    """A path or a device among a training's settings; nobody looks at it."""
    return objects.Stub(symbol)


def _persistent_class(machine, symbol, arguments):
    """An object of `torch_utils.persistence`; its source text is not read."""
    (meta,) = arguments
    if type(meta) is not dict:
        raise refusal.RefusedPickle(f"refused the arguments of `{symbol}`")
    return objects.Stub(symbol, meta)


def _first(machine, symbol, arguments):
    """TorchScript's lists and type tags: what they are made of."""
    if not arguments or type(arguments[0]) not in (list, dict):
        raise refusal.RefusedPickle(f"refused the arguments of `{symbol}`")
    return arguments[0]


class _ScriptCalls(dict):
    """Knows the classes of TorchScript too, which files make up."""

    def __contains__(self, name):
        return name[0].split(".")[0] == "__torch__" or super().__contains__(
            name
        )

    def __missing__(self, name):
        return _stub


def _size(machine, symbol, arguments):
    """`torch.Size`, a tuple."""
    (sides,) = arguments
    return numpy_arrays.checked_shape(tuple(sides))


def _at_most_one(symbol, arguments):
    if len(arguments) > 1:
        raise refusal.RefusedPickle(f"refused the arguments of `{symbol}`")
    return arguments


_NUMPY = ("numpy.core", "numpy._core")
CALLS = {
    ("numpy", "dtype"): numpy_arrays.make_dtype,
    ("numpy", "ndarray"): None,
    ("collections", "OrderedDict"): _mapping,
    ("dnnlib", "EasyDict"): _mapping,
    ("dnnlib.util", "EasyDict"): _mapping,
    ("builtins", "set"): _set,
    ("builtins", "bytes"): _empty_bytes,
    ("__builtin__", "set"): _set,
    ("__builtin__", "bytes"): _empty_bytes,
    ("_codecs", "encode"): _encode,
    ("dnnlib.tflib.network", "Network"): _stub,
    ("tfutil", "Network"): _stub,
    ("argparse", "Namespace"): _stub,
    (
        "torch_utils.persistence",
        "_reconstruct_persistent_obj",
    ): _persistent_class,
    ("torch._utils", "_rebuild_parameter"): torch_tensors.rebuild_parameter,
    ("torch._utils", "_rebuild_tensor"): torch_tensors.rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v2"): torch_tensors.rebuild_tensor,
    ("torch.storage", "_load_from_bytes"): torch_streams.load_from_bytes,
    ("torch", "Size"): _size,
    ("torch", "device"): _left_out,
    ("pathlib", "PosixPath"): _left_out,
    ("pathlib", "WindowsPath"): _left_out,
}
for _module in _NUMPY:
    CALLS[f"{_module}.multiarray", "_reconstruct"] = numpy_arrays.make_array
    CALLS[f"{_module}.multiarray", "scalar"] = numpy_arrays.make_scalar
    CALLS[f"{_module}.numeric", "_frombuffer"] = numpy_arrays.array_of_buffer
for _name in torch_tensors.STORAGES:
    CALLS["torch", _name] = None

# Of archives of torch.save, among which are those of TorchScript.
ARCHIVE_CALLS = _ScriptCalls(CALLS)
for _name in (
    "build_intlist",
    "build_doublelist",
    "build_boollist",
    "build_tensorlist",
    "restore_type_tag",
):
    ARCHIVE_CALLS["torch.jit._pickle", _name] = _first
