"""Reads the format of `torch.save` before 1.6, still in use inside pickles.

Five pickles follow each other: a magic number, a version, facts about the
machine, the value, the keys of its storages. Then come the storages' numbers,
each behind how many there are.
"""

import struct

import numpy as np

from stylegan_tf.pickles import refusal, torch_tensors

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_MOST_DEPTH = 3
_COST = 50  # opcodes that starting a stream is worth


def is_stream(view):
    """Whether the bytes open with torch's magic number."""
    return bytes(view[:14]) == b"\x80\x02\x8a\x0a" + MAGIC_NUMBER.to_bytes(
        10, "little"
    )


def load_from_bytes(unpickler, symbol, content):
    """`_load_from_bytes(content)`: a stream inside a pickle."""
    if type(content) is not memoryview or unpickler.depth >= _MOST_DEPTH:
        raise refusal.RefusedPickle(
            "refused a torch stream that is no bytes, or lies in too many "
            "others"
        )
    unpickler.budget.spend_opcodes(_COST)
    inner = type(unpickler)(
        content,
        unpickler.budget,
        unpickler.calls,
        depth=unpickler.depth + 1,
    )
    return read(inner)


def read(unpickler):
    """The value of the stream that an unpickler is at the start of."""
    magic, version, facts = (unpickler.load() for _ in range(3))
    if type(magic) is not int or (magic, version) != (MAGIC_NUMBER, _VERSION):
        raise refusal.RefusedPickle(
            "a torch stream must open with torch's magic number and version "
            f"{_VERSION}"
        )
    is_little = type(facts) is not dict or (
        facts.get("little_endian") is not False
    )
    # The value comes before its numbers: once through to learn the types,
    # then again with the storages at hand.
    start, symbols = unpickler.position, {}
    unpickler.storage = _survey(symbols, len(unpickler.view))
    unpickler.load()
    unpickler.storage = None
    keys = unpickler.load()
    storages = _storages(unpickler, keys, symbols, is_little)
    unpickler.storage = lambda symbol, key, numel: storages[symbol, key]
    unpickler.position = start
    return unpickler.load()


def _survey(symbols, most_bytes):
    """Notes types by key; the storages are all zeros, of no size."""

    def storage(symbol, key, numel):
        dtype = torch_tensors.storage_type(symbol)
        if not 0 <= numel * dtype.itemsize <= most_bytes:
            raise refusal.RefusedPickle(
                f"the file is cut off, or damaged: a storage of {numel} "
                "numbers does not fit in"
            )
        symbols[key] = symbol
        return np.broadcast_to(np.zeros((), dtype), (numel,))

    return storage


def _storages(unpickler, keys, symbols, is_little):
    """The storages that follow, in the order of `keys`, by symbol and key."""
    if type(keys) is not list:
        raise refusal.RefusedPickle("a torch stream lacks its keys")
    found, left = {}, dict(symbols)
    for key in keys:
        if type(key) is not str or key not in left:
            raise refusal.RefusedPickle(
                "a torch stream lists a storage twice, or one that it does "
                "not use"
            )
        symbol = left.pop(key)
        order = "<" if is_little else ">"
        (count,) = struct.unpack(order + "Q", unpickler.read(8))
        dtype = torch_tensors.storage_type(symbol)
        found[symbol, key] = torch_tensors.make_storage(
            unpickler.read(count * dtype.itemsize),
            symbol,
            budget=unpickler.budget,
            is_little=is_little,
        )
    return found
