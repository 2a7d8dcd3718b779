"""Makes arrays, scalars and types of what numpy puts into pickles.

Arrays are views of the file. Types are numbers and booleans only: arrays of
objects would be arrays of addresses.
"""

import math
import re

import numpy as np

from stylegan_tf.pickles import objects, refusal

_MOST_DIMENSIONS = 8
_NUMBER = re.compile(r"[<>|=]?([biuf][1248]|\?)$")


class Dtype:
    """A numpy type of numbers or booleans; its byte order comes as a state.

    Args:
        code: Such as "f4" or "<i8".
    """

    def __init__(self, code):
        if type(code) is not str or not _NUMBER.match(code):
            raise refusal.RefusedPickle(
                f"refused the numpy type {objects.describe(code)}: only "
                "numbers are read"
            )
        self.dtype = np.dtype(code)

    def set_state(self, state):
        """Takes the byte order from `state`, numpy's tuple of eight."""
        order = state[1] if type(state) is tuple and len(state) > 1 else None
        is_plain = order in ("<", ">", "|", "=")
        if not is_plain or any(each is not None for each in state[2:5]):
            raise refusal.RefusedPickle(
                "refused a numpy type that is no plain number"
            )
        self.dtype = self.dtype.newbyteorder(order)


class UnfilledArray:
    """A numpy array between its construction and its state."""

    def __init__(self):
        self.memo_keys = []

    def fill(self, state):
        """The array of `state`: version, shape, type, order and content."""
        if type(state) is not tuple or len(state) not in (4, 5):
            raise refusal.RefusedPickle("refused an array's state")
        shape, dtype, is_fortran, content = state[-4:]
        return view_array(content, dtype, shape, is_fortran=is_fortran)


def view_array(content, dtype, shape, *, is_fortran=False):
    """`content`, bytes or a memoryview of them, as an array.

    Raises:
        RefusedPickle: Unless the content has exactly the shape's size.
    """
    if type(dtype) is not Dtype:
        raise refusal.RefusedPickle("refused an array of an unknown type")
    checked_shape(shape)
    if type(content) is str:  # a short string of Python 2
        content = content.encode("latin-1")
    expected = math.prod(shape) * dtype.dtype.itemsize
    if type(content) not in (bytes, memoryview) or len(content) != expected:
        size = len(content) if hasattr(content, "__len__") else "no"
        raise refusal.RefusedPickle(
            f"an array of shape {shape} and type {dtype.dtype} needs "
            f"{expected} bytes, but has {size}"
        )
    flat = np.frombuffer(content, dtype.dtype)
    return flat.reshape(shape, order="F" if is_fortran else "C")


def checked_shape(shape):
    """`shape` if it is a short tuple of sizes."""
    is_shape = type(shape) is tuple and len(shape) <= _MOST_DIMENSIONS
    if not is_shape or not all(map(is_size, shape)):
        raise refusal.RefusedPickle(
            "refused an array's shape, which must be a tuple of at most "
            f"{_MOST_DIMENSIONS} sizes"
        )
    return shape


def is_size(value):
    """Whether `value` is an int that may be a size or an offset."""
    return type(value) is int and 0 <= value < 2**48


def from_bfloat16(halves, budget):
    """float32 numbers of their upper halves, unsigned integers."""
    budget.spend_bytes(4 * halves.size, "bfloat16 numbers")
    numbers = halves.astype(np.uint32)
    numbers <<= 16
    return numbers.view(np.float32)


def make_dtype(unpickler, symbol, code, align=False, copy=True):
    """`numpy.dtype(code, align, copy)`."""
    return Dtype(code)


def make_array(unpickler, symbol, *arguments):
    """`_reconstruct(ndarray, (0,), b"b")`, whatever the arguments."""
    return UnfilledArray()


def make_scalar(unpickler, symbol, dtype, content):
    """`scalar(dtype, content)`, a numpy number."""
    return view_array(content, dtype, ())[()]


def array_of_buffer(unpickler, symbol, content, dtype, shape, order):
    """`_frombuffer(content, dtype, shape, order)` of protocol 5."""
    if order not in ("C", "F"):
        raise refusal.RefusedPickle("refused an array's order")
    return view_array(content, dtype, shape, is_fortran=order == "F")
