"""Makes text of other people, such as file names, fit for a terminal."""

import unicodedata

# Controls, halves of characters (bytes of a file name that are no UTF-8
# become such), separators of lines and paragraphs.
_UNFIT = ("Cc", "Cs", "Zl", "Zp")
# What turns the direction of a text around: `gpj.exe` may show as `exe.jpg`.
_TURNING = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")


def counted(count, noun):
    """`1 image`, or `12,000 images`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def escaped(text):
    """`text` without anything that a terminal obeys or can not show.

    Args:
        text: A string or a path; of several lines, escape each by itself.
    """
    return "".join(
        _escape(character)
        if unicodedata.category(character) in _UNFIT
        or unicodedata.bidirectional(character) in _TURNING
        else character
        for character in str(text)
    )


def replaced(error):
    """Handler of `codecs.register_error`: a stream's own `escaped`.

    It replaces what is printed and can not be encoded, such as file names of
    UTF-8 where the locale is ASCII.
    """
    unfit = error.object[error.start : error.end]
    return "".join(map(_escape, unfit)), error.end


def _escape(character):
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte, see os.fsdecode
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
