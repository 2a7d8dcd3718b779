"""Pickles of official networks, read without running any of them."""

import pathlib

from stylegan_tf.pickles import allowed, numpy_arrays, objects, refusal
from stylegan_tf.pickles import machine as machines

_MOST_LEVELS = 200


def load(source):
    """The value of a pickle: plain containers, numpy arrays and stubs.

    Nothing is imported, called or run: a short list of classes and functions
    (`allowed`) has stand-ins, all others are refused. Arrays are
    read-only views of the file's bytes.

    Args:
        source: A path, or bytes.

    Raises:
        refusal.RefusedPickle: A `ValueError` that names what was refused,
            and where.
    """
    view = read_bytes(source)
    value, _ = machine(view).run()
    return checked(value)


def machine(view, storages=None, calls=allowed.CALLS):
    """A machine that knows the official files' globals, or `calls`."""
    return machines.Machine(
        view,
        refusal.Budget(len(view)),
        calls,
        storages=storages,
    )


def read_bytes(source):
    """A memoryview of a file's bytes, or of bytes."""
    if isinstance(source, (bytes, memoryview)):
        return memoryview(source)
    return memoryview(pathlib.Path(source).read_bytes())


def checked(value):
    """`value`, if all its arrays are there and it is not nested too deep."""
    seen, level, depth = set(), [value], 0
    while level:
        depth += 1
        if depth > _MOST_LEVELS:
            raise refusal.RefusedPickle(
                f"values are nested more than {_MOST_LEVELS} levels deep"
            )
        below = []
        for each in level:
            if type(each) is numpy_arrays.UnfilledArray:
                raise refusal.RefusedPickle("damaged: an array has no content")
            for child in _children(each):
                if id(child) not in seen:
                    seen.add(id(child))
                    below.append(child)
        level = below
    return value


def _children(value):
    if type(value) is dict:
        return value.values()
    if type(value) in (list, tuple):
        return value
    return (value.state,) if type(value) is objects.Stub else ()
