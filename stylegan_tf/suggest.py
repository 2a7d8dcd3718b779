"""The closest name to one that nobody knows."""

import difflib


def closest(name, names):
    """A hint naming the closest of `names`, or an empty string."""
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" Did you mean `{near[0]}`?" if near else ""
