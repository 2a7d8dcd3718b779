"""Stand-ins for classes and objects in a pickle; tells which keys are plain."""

import dataclasses

from stylegan_tf.pickles import refusal

_LONGEST_KEY = 200  # bytes


@dataclasses.dataclass(frozen=True)
class Symbol:
    """The name of a class or function that a file mentions."""

    module: str
    name: str

    def __str__(self):
        return f"{self.module}.{self.name}"


@dataclasses.dataclass(eq=False, repr=False)
class Stub:
    """Stands for an object of a class that is never imported."""

    symbol: Symbol
    state: object = None


def children(value):
    """Values that a container or a stub holds."""
    if type(value) is dict:
        return value.values()
    if type(value) in (list, tuple):
        return value
    return (value.state,) if type(value) is Stub else ()


def checked_key(key):
    """`key`, if it is a plain key of dictionaries; a text for bytes.

    Tuples are not: those that hold the same tuple twice, and so on, take
    forever to hash. Neither are long integers, which may all collide.
    """
    if type(key) in (str, bool, type(None)):
        return key
    if type(key) is int and -(2**63) <= key < 2**64:
        return key
    if type(key) is memoryview and len(key) <= _LONGEST_KEY:
        return str(key, "latin-1")
    raise refusal.RefusedPickle(f"refused the key {describe(key)}")


def describe(value):
    """A short text for messages, whatever the value."""
    if type(value) is Symbol:
        return f"`{value}`"
    if type(value) is Stub:
        return f"a stub of `{value.symbol}`"
    if type(value) in (int, float, bool, type(None)):
        return repr(value)[:80]
    if type(value) is str:
        return repr(value[:80])
    return f"a value of type {type(value).__name__}"
