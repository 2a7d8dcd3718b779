"""Suggests the known name that is closest to a mistyped one."""

import difflib


def closest(name, names):
    """A hint naming the closest of `names`, or an empty string."""
    by_case = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(name.casefold(), by_case, 1, cutoff=0.5)
    return f" Did you mean `{by_case[near[0]]}`?" if near else ""
