"""Reads members of a zip archive as views of its bytes.

For files that nobody vouches for: sizes are checked against what is there,
unpacking is charged to a budget, and nothing grows with what a header says.
"""

import dataclasses
import struct
import zlib

from stylegan_tf.pickles import refusal

# Signature and the fields that are looked at; the others are skipped.
_END = struct.Struct("<4s6xH4xL2x")
_ENTRY = struct.Struct("<4s4x2H4x3L3H8xL")
_LOCAL = struct.Struct("<4s22x2H")
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
        RefusedPickle: If the archive is damaged, cut off or larger than 4 GiB.
    """
    tail = max(len(view) - (1 << 16) - _END.size, 0)
    place = bytes(view[tail:]).rfind(b"PK\x05\x06")
    if place < 0:
        raise refusal.RefusedPickle("the zip archive is cut off: no directory")
    count, start = _unpack(_END, view, tail + place, b"PK\x05\x06")
    if count > _MOST_ENTRIES:
        raise refusal.RefusedPickle(
            f"a zip archive of {count} members, more than {_MOST_ENTRIES}"
        )
    found = {}
    for _ in range(count):
        flags, method, checksum, packed_size, size, *lengths, place = _unpack(
            _ENTRY, view, start, b"PK\x01\x02"
        )
        is_long = lengths[0] > _LONGEST_NAME or lengths[1] > _LONGEST_EXTRA
        if flags & 1 or is_long or _FULL in (packed_size, size, place):
            raise refusal.RefusedPickle(
                "refused a zip member that is encrypted, larger than 4 GiB, or "
                "has a long name or extra field"
            )
        start += _ENTRY.size
        name = _cut(view, start, lengths[0]).decode("utf-8", "replace")
        found[name] = Member(method, checksum, packed_size, size, place)
        start += sum(lengths)
    return found


def read(view, member, budget):
    """The member's content: a view if it is stored as it is.

    Args:
        view: memoryview of the archive.
        member: A `Member` of it.
        budget: `refusal.Budget` that unpacking is charged to.
    """
    lengths = _unpack(_LOCAL, view, member.start, b"PK\x03\x04")
    start = member.start + _LOCAL.size + sum(lengths)
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


def _unpack(layout, view, start, expected):
    signature, *fields = layout.unpack(_cut(view, start, layout.size))
    if signature != expected:
        raise refusal.RefusedPickle("the zip archive is damaged")
    return fields


def _cut(view, start, size):
    content = bytes(view[start : start + size])
    if len(content) != size:
        raise refusal.RefusedPickle("the zip archive is cut off")
    return content
