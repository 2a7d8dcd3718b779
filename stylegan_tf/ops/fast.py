"""Ways that only TensorFlow has, and only processors gain from.

Exports must not hold what XLA compiles, and on other backends there is no
TensorFlow: such a way has to be asked for, by `asked`, where a function is
traced. `bias_act` and `resample` choose it.
"""

import contextlib
import contextvars

_is_asked = contextvars.ContextVar("_is_asked", default=False)


@contextlib.contextmanager
def asked(is_asked=True):
    """Has functions that are traced meanwhile take these ways."""
    token = _is_asked.set(is_asked)
    try:
        yield
    finally:
        _is_asked.reset(token)


def is_asked():
    """Whether to take such a way."""
    return _is_asked.get()
