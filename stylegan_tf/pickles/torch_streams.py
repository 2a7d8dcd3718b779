"""The format of `torch.save` before 1.6, still in use inside pickles.

Five pickles follow each other: a magic number, a version, facts about the
machine, the value, the keys of its storages. Then come the storages' numbers,
each behind how many there are.
"""

import struct

import numpy as np

from stylegan_tf.pickles import numpy_arrays, refusal, torch_tensors

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_MOST_DEPTH = 3
_COST = 50  # opcodes that starting a stream is worth


def is_stream(view):
    """Whether the bytes open with torch's magic number."""
    return bytes(view[:14]) == b"\x80\x02\x8a\x0a" + MAGIC_NUMBER.to_bytes(
        10, "little"
    )


def load_from_bytes(machine, symbol, arguments):
    """`_load_from_bytes(content)`: a stream inside a pickle."""
    (content,) = arguments
    if type(content) is not memoryview or machine.depth >= _MOST_DEPTH:
        raise refusal.RefusedPickle(
            "refused a torch stream that is no bytes, or lies in too many "
            "others"
        )
    machine.budget.spend_opcodes(_COST)
    return read(machine, content)


def read(machine, view):
    """The value of the stream in `view`, by the rules of `machine`."""
    end, facts = 0, []
    for _ in range(3):
        fact, end = machine.inner(view, deeper=1).run(end)
        facts.append(fact)
    numbers = [fact for fact in facts[:2] if type(fact) is int]
    if numbers != [MAGIC_NUMBER, _VERSION]:
        raise refusal.RefusedPickle(
            "a torch stream must open with torch's magic number and version "
            f"{_VERSION}"
        )
    is_little = type(facts[2]) is not dict or (
        facts[2].get("little_endian") is not False
    )
    start = end
    # The value comes before its numbers: once through to learn the types,
    # then again with the storages at hand.
    survey = _Survey(len(view))
    _, end = machine.inner(view, survey, deeper=1).run(start)
    keys, end = machine.inner(view, deeper=1).run(end)
    storages = _Storages(machine.budget, is_little)
    storages.locate(view, end, keys, survey.symbols)
    return machine.inner(view, storages, deeper=1).run(start)[0]


class _Survey:
    """Notes which storages a stream has; theirs are all zeros, of no size."""

    def __init__(self, most_bytes):
        self.most_bytes = most_bytes
        self.symbols = {}

    def find(self, symbol, key, numel, view):
        dtype = torch_tensors.storage_type(symbol)
        if type(key) is not str or not numpy_arrays.is_size(numel):
            raise refusal.RefusedPickle("refused a persistent id")
        if numel * dtype.itemsize > self.most_bytes:
            raise refusal.RefusedPickle(
                f"the file is cut off, or damaged: a storage of {numel} "
                "numbers does not fit in"
            )
        self.symbols[key] = symbol
        zeros = np.broadcast_to(np.zeros((), dtype), (numel,))
        return torch_tensors.part_of(torch_tensors.Storage(zeros), numel, view)


class _Storages:
    """The storages behind a stream, by key."""

    def __init__(self, budget, is_little):
        self.budget = budget
        self.is_little = is_little
        self.found = {}

    def locate(self, view, start, keys, symbols):
        """Finds the numbers of `keys`, in this order from `start` on."""
        if type(keys) is not list:
            raise refusal.RefusedPickle("a torch stream lacks its keys")
        order = "<" if self.is_little else ">"
        for key in keys:
            if type(key) is not str or key not in symbols or key in self.found:
                raise refusal.RefusedPickle(
                    "a torch stream lists a storage twice, or one that it "
                    "does not use"
                )
            dtype = torch_tensors.storage_type(symbols[key])
            if len(view) - start < 8:
                raise refusal.RefusedPickle("the file is cut off")
            (count,) = struct.unpack(order + "q", view[start : start + 8])
            start, size = start + 8, count * dtype.itemsize
            if not 0 <= size <= len(view) - start:
                raise refusal.RefusedPickle(
                    f"the file is cut off: a storage of {count} numbers"
                )
            self.found[key] = (
                symbols[key],
                torch_tensors.make_storage(
                    view[start : start + size],
                    symbols[key],
                    budget=self.budget,
                    is_little=self.is_little,
                ),
            )
            start += size

    def find(self, symbol, key, numel, view):
        expected, storage = self.found.get(key, (None, None))
        if storage is None or expected != symbol:
            raise refusal.RefusedPickle("a storage is missing")
        return torch_tensors.part_of(storage, numel, view)
