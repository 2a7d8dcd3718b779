"""Reads members of a zip archive as views of its bytes.

For files that nobody vouches for: sizes are checked against what is there,
and unpacking is charged to a budget.
"""

import io
import struct
import zipfile
import zlib

from stylegan_tf.pickles import refusal

_LOCAL = struct.Struct("<26x2H")  # lengths of a name and of an extra field
_MOST_ENTRIES = 20_000
_LONGEST_EXTRA = 200  # bytes


def is_zip(view):
    """Whether the bytes open as a zip archive."""
    return bytes(view[:4]) == b"PK\x03\x04"


def members(view):
    """`zipfile.ZipInfo`s by name.

    Args:
        view: memoryview of all bytes of the archive.

    Raises:
        RefusedPickle: If the archive is damaged or cut off.
    """
    content = view.obj  # as bytes, without a copy
    if content.count(b"PK\x01\x02") > _MOST_ENTRIES:
        raise refusal.RefusedPickle(
            f"a zip archive of more than {_MOST_ENTRIES} members"
        )
    with refusal.explaining("the zip archive is cut off or damaged"):
        found = zipfile.ZipFile(io.BytesIO(content)).infolist()
    for info in found:
        if info.flag_bits & 1 or len(info.extra) > _LONGEST_EXTRA:
            raise refusal.RefusedPickle(
                "refused a zip member that is encrypted or has a long extra "
                "field"
            )
    return {info.filename: info for info in found}


def read(view, info, budget):
    """The member's content: a view if it is stored as it is.

    Args:
        view: memoryview of the archive.
        info: One of its `members`.
        budget: `refusal.Budget` that unpacking is charged to.
    """
    start = info.header_offset
    start += _LOCAL.size + sum(_LOCAL.unpack_from(view, start))
    content = view[start : start + info.compress_size]
    budget.spend_reading(len(content))
    if info.compress_type == zipfile.ZIP_DEFLATED:
        budget.spend_bytes(2 * info.file_size, "unpacking a zip member")
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        content = memoryview(unpacker.decompress(content, info.file_size + 1))
    elif info.compress_type != zipfile.ZIP_STORED:
        raise refusal.RefusedPickle(
            f"refused zip method {info.compress_type}; stored and deflated "
            "are read"
        )
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise refusal.RefusedPickle(
            "a member of the zip archive is damaged: size or checksum is wrong"
        )
    return content
