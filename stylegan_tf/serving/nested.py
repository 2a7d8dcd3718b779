"""Nested lists of JSON as arrays, without a surprise of memory or time.

`numpy.asarray` makes of one long text among many short ones an array with
room for the long one everywhere, and looks at all before it knows a shape.
"""

import itertools

import numpy as np

from stylegan_tf.serving import errors

_MAX_RANK = 8


def shape(value):
    """The shape of nested lists if all are as the first ones, a tuple.

    At most nine sizes, one more than any tensor has.
    """
    sizes = []
    while isinstance(value, list) and len(sizes) <= _MAX_RANK:
        sizes.append(len(value))
        value = value[0] if value else None
    return tuple(sizes)


def array(name, dtype, value):
    """The array of nested lists, of the shape that `shape` tells.

    Args:
        name: Of the input, for messages.
        dtype: TensorFlow's or NumPy's name of a type of numbers, or "string".
        value: Lists of lists of numbers, or of strings or bytes.

    Returns:
        float64, int64 or objects.

    Raises:
        errors.Invalid: If lists differ in length, or hold something else.
    """
    sizes = shape(value)
    flat = [value]
    for size in sizes:
        if not all(type(each) is list and len(each) == size for each in flat):
            raise errors.Invalid(
                f"`{name}` must be an array of {dtype}. Received: lists of "
                "different lengths"
            )
        flat = list(itertools.chain.from_iterable(flat))
    kinds = set(map(type, flat))
    if dtype == "string":
        return _strings(name, flat, kinds).reshape(sizes)
    is_float = np.dtype(dtype).kind == "f"
    if wrong := kinds - ({int, float} if is_float else {int}):
        raise _not(name, dtype, _in_words(wrong))
    wanted = np.float64 if is_float else np.int64
    try:
        return np.fromiter(flat, wanted, len(flat)).reshape(sizes)
    except OverflowError:
        raise _not(name, dtype, "what are no 64-bit numbers") from None


def _strings(name, flat, kinds):
    if not kinds <= {str, bytes}:
        found = min(each.__name__ for each in kinds - {str, bytes})
        raise _not(name, "strings", found)
    made = np.empty(len(flat), object)
    made[:] = flat
    return made


def _not(name, dtype, found):
    return errors.Invalid(
        f"`{name}` must be an array of {dtype}. Received: {found}"
    )


def _in_words(kinds):
    words = {bool: "booleans", float: "float64", list: "lists of lists"}
    words |= {str: "strings", bytes: "strings"}
    return min(words.get(kind, "what are no numbers") for kind in kinds)
