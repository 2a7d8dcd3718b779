"""Small files that try to take much time or memory."""

import struct

from tests.helpers.interop.assembling import (
    dtype,
    get,
    line,
    name,
    put,
    stream,
    text,
)

_MANY = 190_000  # items
_DTYPE = dtype()


def _laughs(opening, closing):
    """30 levels, each ten times the one below."""
    levels = [b"N" + put(0) + b"0"]
    for level in range(30):
        body = opening + get(level) * 10 + closing
        levels.append(body + put(level + 1) + b"0")
    return b"".join(levels)


def _nested_streams(depth):
    value = b"N."
    content = stream(b"N")
    for _ in range(depth):
        size = struct.pack("<I", len(content))
        value = line("torch.storage", "_load_from_bytes")
        value += b"B" + size + content + b"\x85R"
        content = stream(value)
    return value + b"."


def _many_states():
    """One array, stored and filled very often."""
    array = name("numpy.core.multiarray", "_reconstruct") + b")R"
    state = b"(K\x01)" + _DTYPE + b"\x89C\x04abcdt" + put(1) + b"0"
    many = _MANY // 2
    return (
        state
        + array
        + b"".join(put(i) for i in range(2, many))
        + get(2) * many
        + (get(1) + b"b0") * many
        + b"."
    )


def pickles():
    """Pairs of a pickle and what the error must say, "" for any end."""
    return {**_many(), **_shared(), **_repeated()}


def _many():
    return {
        "lists": (b"]" * 5_000_000, "opcodes"),
        "lists dropped": (b"]0" * 5_000_000, "opcodes"),
        "marks": (b"(" * 5_000_000, "opcodes"),
        "a memo": (b"N" + b"\x94" * 5_000_000, "opcodes"),
        "far values": (
            b"N" + b"".join(put(i * 4093) for i in range(1_000_000)) + b".",
            "opcodes",
        ),
        "nested lists": (b"]" * _MANY + b"a" * (_MANY - 1) + b".", "levels"),
        "nested tuples": (b")" + b"\x85" * 400_000 + b".", "levels deep"),
        "keys of one hash": (
            b"}("
            + b"".join(
                b"\x8a\x08" + struct.pack("<q", (i << 40) - (1 << 62)) + b"N"
                for i in range(90_000)
            )
            + b"u.",
            "",
        ),
    }


def _shared():
    """What a name, a key or a message must not be made of."""
    return {
        "shared lists": (_laughs(b"](", b"e") + get(30) + b".", ""),
        "shared tuples": (_laughs(b"(", b"t") + get(30) + b".", ""),
        "a shared tuple as key": (
            _laughs(b"(", b"t") + b"}" + get(30) + b"Ns.",
            "the key",
        ),
        "a shared list as a name": (
            _laughs(b"](", b"e") + get(30) + text("x") + b"\x93.",
            "refused a global",
        ),
        "a shared list as a type": (
            _laughs(b"](", b"e") + name("numpy", "dtype") + get(30) + b"\x85R.",
            "numpy type",
        ),
        "a shared list as an id": (
            _laughs(b"](", b"e") + get(30) + b"Q.",
            "persistent id",
        ),
        "a list in itself": (b"]q\x00h\x00a.", ""),
    }


def _repeated():
    """Few bytes that ask for the same work again and again."""
    items = b"(" + b"K\x00" * _MANY + b"t"
    ordered = name("collections", "OrderedDict")
    return {
        "a set made often": (
            items
            + b"\x85"
            + put(0)
            + name("builtins", "set")
            + put(1)
            + (get(1) + get(0) + b"R0") * 200_000
            + b".",
            "bytes of memory",
        ),
        "many arguments": (
            items + put(0) + ordered + put(1) + (get(1) + get(0) + b"R0") * 9,
            "the arguments",
        ),
        "a text encoded often": (
            b"X"
            + struct.pack("<I", 1 << 20)
            + b"x" * (1 << 20)
            + text("latin1")
            + b"\x86"
            + put(0)
            + name("_codecs", "encode")
            + put(1)
            + (get(1) + get(0) + b"R") * 9_000,
            "bytes of memory",
        ),
        "wide texts": (
            (b"X" + struct.pack("<I", 5_000_000) + b"x" * 4_999_996)
            + "\U0001f600".encode()
            + b".",
            "",
        ),
        "states of an array": (_many_states(), ""),
        "streams in streams": (_nested_streams(6), "in too many others"),
        "a stream read often": (
            b"B"
            + struct.pack("<I", len(stream(b"N")))
            + stream(b"N")
            + b"\x85"
            + put(0)
            + line("torch.storage", "_load_from_bytes")
            + put(1)
            + (get(1) + get(0) + b"R0") * 200_000
            + b".",
            "opcodes",
        ),
    }
