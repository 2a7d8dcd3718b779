"""Makes numpy arrays of PyTorch's tensors, which look into storages."""

import math

import numpy as np

from stylegan_tf.pickles import numpy_arrays, objects, refusal

TYPES = {
    "DoubleStorage": "f8",
    "FloatStorage": "f4",
    "HalfStorage": "f2",
    "BFloat16Storage": "u2",  # the upper halves of float32 numbers
    "LongStorage": "i8",
    "IntStorage": "i4",
    "ShortStorage": "i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


def storage_type(symbol, is_little=True):
    """The numpy dtype of a class such as `torch.FloatStorage`."""
    name = getattr(symbol, "name", None)
    if type(symbol) is not objects.Symbol or name not in TYPES:
        raise refusal.RefusedPickle(
            f"refused a storage of type {objects.describe(symbol)}"
        )
    return np.dtype(("<" if is_little else ">") + TYPES[name])


def make_storage(content, symbol, *, budget, is_little=True):
    """The numbers of one torch storage, in one dimension.

    Args:
        content: memoryview of its numbers.
        symbol: The storage's class.
        budget: `refusal.Budget`: bfloat16 takes twice its size.
        is_little: Byte order of the file.
    """
    array = np.frombuffer(content, storage_type(symbol, is_little))
    if symbol.name == "BFloat16Storage":
        array = numpy_arrays.from_bfloat16(array, budget)
    return array


def part_of(storage, numel, view=None):
    """The storage that a persistent id means: all of one, or a view."""
    total = len(storage)
    if not numpy_arrays.is_size(numel) or numel > total:
        raise refusal.RefusedPickle(
            f"a storage should have {objects.describe(numel)} numbers, but "
            f"has {total}"
        )
    if view is None:
        return storage
    _, offset, size = view
    is_inside = numpy_arrays.is_size(offset) and numpy_arrays.is_size(size)
    if not is_inside or offset + size > total:
        raise refusal.RefusedPickle("a view reaches past its storage")
    return storage[offset : offset + size]


def rebuild_tensor(unpickler, symbol, storage, offset, size, stride, *more):
    """`_rebuild_tensor_v2(storage, offset, size, stride, ...)`, an array."""
    if not isinstance(storage, np.ndarray) or storage.ndim != 1:
        raise refusal.RefusedPickle(
            f"refused a tensor of {objects.describe(storage)}"
        )
    numpy_arrays.checked_shape(size)
    numpy_arrays.checked_shape(stride)
    count, steps = math.prod(size), zip(size, stride, strict=True)
    last = offset + sum(max(side - 1, 0) * step for side, step in steps)
    total = len(storage)
    is_inside = numpy_arrays.is_size(offset) and count <= total
    if not is_inside or (count and last >= total):
        raise refusal.RefusedPickle(
            f"a tensor of shape {size} reaches past its storage of {total} "
            "numbers, or repeats them"
        )
    array = storage[offset:] if count else storage[:0]
    strides = [step * storage.strides[0] for step in stride]
    return np.lib.stride_tricks.as_strided(
        array, size, strides, writeable=False
    )


def rebuild_parameter(unpickler, symbol, tensor, *more):
    """`_rebuild_parameter(data, ...)`, its data."""
    if not isinstance(tensor, (np.ndarray, np.generic)):
        raise refusal.RefusedPickle("refused a parameter that is no tensor")
    return tensor
