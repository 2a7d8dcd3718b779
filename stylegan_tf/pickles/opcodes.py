"""Opcodes of pickle protocols 2 to 5, read without acting on any of them.

Arguments of variable length come as views of the file: nothing is allocated
because a file says so.
"""

import pickletools
import struct

from stylegan_tf.pickles import refusal

_LONGEST_LINE = 512  # of a module's or a class's name
_LONGEST_INTEGER = 16  # bytes; torch's magic number has 10


def read(view, position):
    """Name, argument and end of the opcode at `position`.

    Args:
        view: A memoryview of bytes.
        position: Where the opcode starts.

    Raises:
        RefusedPickle: If it is unknown, not supported or cut off.
    """
    if position >= len(view):
        raise refusal.RefusedPickle(
            f"the file is cut off: it ends after {len(view)} bytes"
        )
    code = view[position]
    found = _OPCODES.get(code)
    if found is None:
        raise refusal.RefusedPickle(f"refused the opcode {_describe(code)}")
    name, reader = found
    if reader is None:
        return name, None, position + 1
    return name, *reader(view, position + 1)


def _describe(code):
    known = pickletools.code2op.get(chr(code))
    return known.name if known else f"0x{code:02x}, which is none of pickle's"


def _cut(view, start, size):
    """`size` bytes from `start` and where they end."""
    if size > len(view) - start:
        raise refusal.RefusedPickle(
            f"the file is cut off: {size} bytes should follow, but there are "
            f"{max(len(view) - start, 0)}"
        )
    return view[start : start + size], start + size


def _number(layout):
    parser = struct.Struct(layout)

    def reader(view, start):
        try:
            return parser.unpack_from(view, start)[0], start + parser.size
        except struct.error:
            raise refusal.RefusedPickle(
                f"the file is cut off: it ends after {len(view)} bytes"
            ) from None

    return reader


def _sized(layout):
    """Bytes that follow their number."""
    number = _number(layout)

    def reader(view, start):
        size, start = number(view, start)
        return _cut(view, start, size)

    return reader


def _integer(layout):
    sized = _sized(layout)

    def reader(view, start):
        content, end = sized(view, start)
        if len(content) > _LONGEST_INTEGER:
            raise refusal.RefusedPickle(
                f"refused an integer of {len(content)} bytes"
            )
        return int.from_bytes(content, "little", signed=True), end

    return reader


def _two_lines(view, start):
    """A module and a name, each up to a line's end."""
    names = []
    for _ in range(2):
        line = bytes(view[start : start + _LONGEST_LINE])
        length = line.find(b"\n")
        if length < 0:
            raise refusal.RefusedPickle(
                "the name of a global has no end, or the file is cut off"
            )
        names.append(line[:length].decode("utf-8", "backslashreplace"))
        start += length + 1
    return tuple(names), start


_READERS = {
    None: "NONE NEWTRUE NEWFALSE EMPTY_LIST EMPTY_DICT EMPTY_TUPLE EMPTY_SET "
    "MARK POP POP_MARK TUPLE TUPLE1 TUPLE2 TUPLE3 APPEND APPENDS SETITEM "
    "SETITEMS ADDITEMS MEMOIZE STACK_GLOBAL REDUCE NEWOBJ BUILD BINPERSID STOP",
    _number("<B"): "PROTO BININT1 BINGET BINPUT",
    _number("<H"): "BININT2",
    _number("<i"): "BININT",
    _number("<I"): "LONG_BINGET LONG_BINPUT",
    _number("<Q"): "FRAME",
    _number(">d"): "BINFLOAT",
    _integer("<B"): "LONG1",
    _integer("<I"): "LONG4",
    _sized("<B"): "SHORT_BINUNICODE SHORT_BINBYTES SHORT_BINSTRING",
    _sized("<I"): "BINUNICODE BINBYTES BINSTRING",
    _sized("<Q"): "BINUNICODE8 BINBYTES8 BYTEARRAY8",
    _two_lines: "GLOBAL",
}
_CODES = {each.name: ord(each.code) for each in pickletools.opcodes}
_OPCODES = {
    _CODES[name]: (name, reader)
    for reader, names in _READERS.items()
    for name in names.split()
}
