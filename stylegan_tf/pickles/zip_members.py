"""Members of a zip archive as views of its bytes.

For files that nobody vouches for: sizes are checked against what is there,
unpacking is charged to a budget, and nothing grows with what a header says.
"""

import dataclasses
import struct
import zlib

from stylegan_tf.pickles import refusal

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MOST_ENTRIES = 20_000
_LONGEST_NAME = 1_000
_LONGEST_EXTRA = 200
_FULL = 0xFFFFFFFF  # the size is in the extra field
_STORED, _DEFLATED = 0, 8


@dataclasses.dataclass(frozen=True)
class Member:
    """Where a member is, and how large."""

    method: int
    checksum: int
    packed_size: int
    size: int
    start: int


def is_zip(view):
    """Whether the bytes open as a zip archive."""
    return bytes(view[:4]) == b"PK\x03\x04"


def members(view):
    """`Member`s by name.

    Raises:
        RefusedPickle: If the archive is damaged or cut off.
    """
    count, start = _directory(view)
    if count > _MOST_ENTRIES:
        raise refusal.RefusedPickle(
            f"a zip archive of {count} members, more than {_MOST_ENTRIES}"
        )
    found = {}
    for _ in range(count):
        fields = _unpack(_ENTRY, view, start, b"PK\x01\x02")
        flags, method = fields[3], fields[4]
        checksum, packed_size, size = fields[7:10]
        name_length, extra_length, comment_length = fields[10:13]
        is_long = name_length > _LONGEST_NAME or extra_length > _LONGEST_EXTRA
        if flags & 1 or is_long:
            raise refusal.RefusedPickle(
                "refused a zip member that is encrypted, or has a long name "
                "or extra field"
            )
        start += _ENTRY.size
        name = _cut(view, start, name_length).decode("utf-8", "replace")
        extra = _cut(view, start + name_length, extra_length)
        sizes = _large_sizes(extra, (size, packed_size, fields[16]))
        size, packed_size, place = sizes
        found[name] = Member(method, checksum, packed_size, size, place)
        start += name_length + extra_length + comment_length
    return found


def read(view, member, budget):
    """The member's content: a view if it is stored as it is.

    Args:
        view: memoryview of the archive.
        member: A `Member` of it.
        budget: `refusal.Budget` that unpacking is charged to.
    """
    local = _unpack(_LOCAL, view, member.start, b"PK\x03\x04")
    start = member.start + _LOCAL.size + local[9] + local[10]
    content = view[start : start + member.packed_size]
    if len(content) != member.packed_size:
        raise refusal.RefusedPickle("the zip archive is cut off")
    budget.spend_reading(len(content))
    if member.method == _DEFLATED:
        content = _inflate(content, member, budget)
    elif member.method != _STORED:
        raise refusal.RefusedPickle(
            f"refused zip method {member.method}; stored and deflated are read"
        )
    if len(content) != member.size or zlib.crc32(content) != member.checksum:
        raise refusal.RefusedPickle(
            "a member of the zip archive is damaged: size or checksum is wrong"
        )
    return content


def _inflate(content, member, budget):
    budget.spend_bytes(2 * member.size, "unpacking a zip member")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return memoryview(unpacker.decompress(content, member.size + 1))
    except zlib.error as error:
        raise refusal.RefusedPickle(f"damaged zip member: {error}") from None


def _directory(view):
    """How many members there are, and where their list starts."""
    tail_start = max(len(view) - (1 << 16) - _END.size, 0)
    place = bytes(view[tail_start:]).rfind(b"PK\x05\x06")
    if place < 0:
        raise refusal.RefusedPickle("the zip archive is cut off: no directory")
    place += tail_start
    fields = _unpack(_END, view, place, b"PK\x05\x06")
    count, start = fields[4], fields[6]
    locator = place - _LOCATOR_64.size
    if locator >= 0 and bytes(view[locator : locator + 4]) == b"PK\x06\x07":
        (_, _, place, _) = _unpack(_LOCATOR_64, view, locator, b"PK\x06\x07")
        fields = _unpack(_END_64, view, place, b"PK\x06\x06")
        count, start = fields[7], fields[9]
    return count, start


def _large_sizes(extra, sizes):
    """Sizes of 64 bits, where the short ones say so."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == 1:
            numbers = iter(struct.unpack(f"<{len(content) // 8}Q", content))
            return [next(numbers, 0) if n == _FULL else n for n in sizes]
    return sizes


def _unpack(layout, view, start, signature):
    fields = layout.unpack(_cut(view, start, layout.size))
    if fields[0] != signature:
        raise refusal.RefusedPickle("the zip archive is damaged")
    return fields


def _cut(view, start, size):
    content = bytes(view[start : start + size])
    if len(content) != size:
        raise refusal.RefusedPickle("the zip archive is cut off")
    return content
