"""Lets TensorFlow's threads leave Python before the interpreter ends.

A thread of tf.data that is inside `tf.numpy_function` when the interpreter
is torn down never comes back, and the process waits for it forever.
"""

import atexit
import contextlib
import threading
import time

import tensorflow as tf

_QUIET_SECONDS = 0.2  # nobody knocked for so long: buffers are full
_PATIENCE_SECONDS = 30.0

_lock = threading.Lock()
_state = {"inside": 0, "last": 0.0, "closed": False, "registered": False}


def numpy_function(function, argument, types):
    """Results of `function(argument)` in a graph, of these TensorFlow types.

    The end of the program waits for the calls that are under way.
    """

    def call(value):
        with _passing():
            return function(value)

    return tf.numpy_function(call, [argument], types, stateful=False)


def is_closed():
    """Whether the program ends, so that nobody will look at the result."""
    return _state["closed"]


@contextlib.contextmanager
def _passing():
    with _lock:
        if not _state["registered"]:
            _state["registered"] = True
            atexit.register(_close)
        _state["last"] = time.monotonic()
        _state["inside"] += 1
    try:
        yield
    finally:
        with _lock:
            _state["inside"] -= 1
            _state["last"] = time.monotonic()


def _close():
    _state["closed"] = True
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with _lock:
            quiet = time.monotonic() - _state["last"] > _QUIET_SECONDS
            if quiet and not _state["inside"]:
                return
        time.sleep(0.01)
