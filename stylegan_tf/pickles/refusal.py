"""Refuses files, and counts what reading one may cost."""

import contextlib
import pickle
import struct
import zipfile
import zlib

# What Python and numpy raise at values that make no sense.
DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

_SPARE_BYTES = 256 << 20
_MOST_OPCODES = 500_000  # a network of 1024 pixels takes a fifth of that


class RefusedPickle(ValueError):
    """A file asks for something that reading plain arrays does not need."""


class Budget:
    """Counts down what one file may cost, nested streams included.

    Payloads cost nothing, since they are views of the file. An opcode makes
    at most some 250 bytes of containers; whatever may make more is charged.

    Args:
        file_bytes: Size of the file.
    """

    def __init__(self, file_bytes):
        self.bytes_left = file_bytes + _SPARE_BYTES
        self.reading_left = file_bytes
        self.opcodes_left = _MOST_OPCODES

    def spend_bytes(self, count, what):
        """Raises `RefusedPickle` if `count` bytes for `what` are too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise RefusedPickle(
                f"{what} would take {count} bytes of memory, more than a file "
                "of this size may use"
            )

    def spend_reading(self, count):
        """Raises `RefusedPickle` if parts of the file are read repeatedly."""
        self.reading_left -= count
        if self.reading_left < 0:
            raise RefusedPickle("members of the archive overlap each other")

    def spend_opcodes(self, count):
        """Raises `RefusedPickle` if there have been too many."""
        self.opcodes_left -= count
        if self.opcodes_left < 0:
            raise RefusedPickle(
                f"more than {_MOST_OPCODES} pickle opcodes, which no network "
                "needs"
            )


@contextlib.contextmanager
def explaining(what, passing=RefusedPickle):
    """Turns `DAMAGE` into a `RefusedPickle` that says `what` and why.

    Args:
        what: How the message begins.
        passing: Errors that say themselves what is wrong.
    """
    try:
        yield
    except passing:
        raise
    except DAMAGE as error:
        raise RefusedPickle(
            f"{what}: {type(error).__name__}: {str(error)[:200]}"
        ) from None
