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
    is_big = type(facts) is dict and facts.get("little_endian") is False
    start, symbols, storages = unpickler.position, {}, {}

    def survey(symbol, key, numel):
        symbols[key] = symbol
        zero = np.zeros((), torch_tensors.storage_type(symbol))
        return np.broadcast_to(zero, (numel,))

    # The value comes before its numbers: once through to learn the types,
    # then again with the storages at hand.
    unpickler.storage = survey
    unpickler.load()
    with refusal.explaining(
        "a torch stream lists a storage twice, or one that it does not use"
    ):
        for key in unpickler.load():
            symbol = symbols.pop(key)
            (count,) = struct.unpack(
                ">Q" if is_big else "<Q", unpickler.read(8)
            )
            size = count * torch_tensors.storage_type(symbol).itemsize
            storages[symbol, key] = torch_tensors.make_storage(
                unpickler.read(size),
                symbol,
                budget=unpickler.budget,
                is_little=not is_big,
            )
    unpickler.storage = lambda symbol, key, numel: storages[symbol, key]
    unpickler.position = start
    return unpickler.load()
