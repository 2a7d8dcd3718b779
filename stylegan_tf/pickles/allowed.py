"""Pure stand-ins for the classes and functions that official files name.

All that is not listed here is refused, by name. A stand-in takes the
unpickler, the `Symbol` that was called and the arguments of the call.
"""

from stylegan_tf.pickles import (
    numpy_arrays,
    objects,
    refusal,
    torch_streams,
    torch_tensors,
)

_ENTRY_BYTES = 100  # of a dictionary or set


def _mapping(unpickler, symbol, pairs=()):
    """An ordered or attribute dictionary, a plain one here."""
    pairs = pairs.items() if type(pairs) is dict else pairs
    unpickler.budget.spend_bytes(_ENTRY_BYTES * len(pairs), "a dictionary")
    return {objects.checked_key(key): value for key, value in pairs}


def _set(unpickler, symbol, items=()):
    unpickler.budget.spend_bytes(_ENTRY_BYTES * len(items), "a set")
    return {objects.checked_key(item) for item in items}


def _encode(unpickler, symbol, text, encoding):
    """Bytes that protocol 2 holds as a text."""
    if type(text) is not str or encoding not in ("latin1", "latin-1"):
        raise refusal.RefusedPickle("refused an encoding other than latin1")
    unpickler.budget.spend_bytes(len(text), "bytes")
    return memoryview(text.encode("latin-1"))


def _stub(unpickler, symbol):
    """An object of a class that is never imported, empty so far."""
    return objects.Stub(symbol)


def _left_out(unpickler, symbol, *arguments):
    """A path or a device among a training's settings; nobody looks at it."""
    return objects.Stub(symbol)


def _persistent_class(unpickler, symbol, meta):
    """An object of `torch_utils.persistence`; its source text is not read."""
    if type(meta) is not dict:
        raise TypeError("a dictionary is expected")
    return objects.Stub(symbol, meta)


def _first(unpickler, symbol, value, *more):
    """TorchScript's lists and type tags: what they are made of."""
    if type(value) not in (list, dict):
        raise TypeError("a list or dictionary is expected")
    return value


class _ScriptCalls(dict):
    """Knows the classes of TorchScript too, which files make up."""

    def __contains__(self, name):
        is_script = name[0].split(".")[0] == "__torch__"
        return is_script or super().__contains__(name)

    def __missing__(self, name):
        return _stub


def _named(calls):
    """Functions by module and name, of groups of names below modules."""
    return {
        (module, name): function
        for (modules, names), function in calls.items()
        for module in modules.split()
        for name in names.split()
    }


_MULTIARRAY = "numpy.core.multiarray numpy._core.multiarray"
_NUMERIC = "numpy.core.numeric numpy._core.numeric"
_PERSISTENT = ("torch_utils.persistence", "_reconstruct_persistent_obj")
_TENSOR = ("torch._utils", "_rebuild_tensor _rebuild_tensor_v2")
CALLS = _named(
    {
        ("numpy", "dtype"): numpy_arrays.make_dtype,
        ("numpy", "ndarray"): None,
        (_MULTIARRAY, "_reconstruct"): numpy_arrays.make_array,
        (_MULTIARRAY, "scalar"): numpy_arrays.make_scalar,
        (_NUMERIC, "_frombuffer"): numpy_arrays.array_of_buffer,
        ("collections", "OrderedDict"): _mapping,
        ("dnnlib dnnlib.util", "EasyDict"): _mapping,
        ("builtins __builtin__", "set"): _set,
        ("builtins __builtin__", "bytes"): lambda *_: memoryview(b""),
        ("_codecs", "encode"): _encode,
        ("dnnlib.tflib.network tfutil", "Network"): _stub,
        ("argparse", "Namespace"): _stub,
        ("pathlib", "PosixPath WindowsPath"): _left_out,
        _PERSISTENT: _persistent_class,
        ("torch._utils", "_rebuild_parameter"): torch_tensors.rebuild_parameter,
        _TENSOR: torch_tensors.rebuild_tensor,
        ("torch.storage", "_load_from_bytes"): torch_streams.load_from_bytes,
        ("torch", "Size"): lambda *call: numpy_arrays.checked_shape(call[-1]),
        ("torch", "device"): _left_out,
        ("torch", " ".join(torch_tensors.TYPES)): None,
    }
)
# Of archives of torch.save, among which are those of TorchScript.
_LISTS = (
    "build_intlist build_doublelist build_boollist build_tensorlist "
    "restore_type_tag"
)
ARCHIVE_CALLS = _ScriptCalls(
    CALLS | _named({("torch.jit._pickle", _LISTS): _first})
)
