"""Reads files of safetensors: a header of JSON, then numbers."""

import json

from stylegan_tf.pickles import numpy_arrays, refusal

_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",  # the upper halves of float32 numbers
    "I64": "<i8",
    "I32": "<i4",
    "U8": "<u1",
    "BOOL": "?",
}
_MOST_HEADER = 8 << 20  # bytes; a network's has some 100,000


def is_head(head, size):
    """Whether a file of `size` bytes that starts with `head` is such a one."""
    header = int.from_bytes(head[:8], "little")
    is_likely = 2 <= header <= min(size - 8, _MOST_HEADER)
    return is_likely and bytes(head[8:9]) == b"{"


def read(view):
    """Arrays by name, views of the file's bytes.

    Raises:
        refusal.RefusedPickle: A `ValueError` that says what is wrong.
    """
    end = 8 + int.from_bytes(view[:8], "little")
    with refusal.explaining("this file of safetensors is damaged"):
        header = json.loads(bytes(view[8:end]))
        header.pop("__metadata__", None)
        budget = refusal.Budget(len(view))
        return {
            name: _array(view[end:], entry, budget)
            for name, entry in header.items()
        }


def _array(content, entry, budget):
    code, shape = entry["dtype"], tuple(entry["shape"])
    if code not in _TYPES:
        raise refusal.RefusedPickle(
            f"refused the type {str(code)[:80]!r}; known are "
            + ", ".join(_TYPES)
        )
    start, end = entry["data_offsets"]
    is_inside = numpy_arrays.is_size(start) and numpy_arrays.is_size(end)
    if not is_inside or not start <= end <= len(content):
        raise refusal.RefusedPickle("the file is cut off, or damaged")
    budget.spend_reading(end - start)
    array = numpy_arrays.view_array(
        content[start:end], numpy_arrays.Dtype(_TYPES[code]), shape
    )
    is_half = code == "BF16"
    return numpy_arrays.from_bfloat16(array, budget) if is_half else array
