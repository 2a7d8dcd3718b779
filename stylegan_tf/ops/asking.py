"""Ways to compute that functions take only where they are asked to."""

import contextlib
import contextvars


def way(name):
    """Two functions: `asked`, a context, and `is_asked`.

    Functions that are traced within `asked()` see `is_asked()`, in this thread
    only; `asked(False)` asks not to.
    """
    variable = contextvars.ContextVar(name, default=False)

    @contextlib.contextmanager
    def asked(is_asked=True):
        token = variable.set(is_asked)
        try:
            yield
        finally:
            variable.reset(token)

    return asked, variable.get
