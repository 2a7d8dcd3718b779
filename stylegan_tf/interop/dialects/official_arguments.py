"""Keyword arguments of an official network, each of which must be known.

One that is not understood might change what the network computes, so it is
an error instead of an image that is slightly wrong.
"""

_MISSING = object()
_MOST = 1 << 20  # no size or count is larger
_MOST_TAPS = 64
# Arguments that forks have added, at the value that changes nothing. None
# changes nothing whatever the name: it is as if nothing was given.
_NEUTRAL = {
    "square": True,
    "init_res": (4, 4),
    "demodulate": True,
    "use_attention": False,
    "rgb_attention": False,
    "use_spectral_norm": False,
    "spectral_norm": False,
    "dropout": 0,
    "disc_c_noise": 0,
}


class Arguments:
    """Takes arguments one by one; `finish` refuses what is left.

    Args:
        values: A dict of them.
        owner: What they belong to, for messages.
    """

    def __init__(self, values, owner):
        if not isinstance(values, dict):
            raise ValueError(f"The arguments of {owner} are missing.")
        self.left = dict(values)
        self.owner = owner

    def size(self, name, default):
        """A whole number, not negative; None counts as not given."""
        value = self._pop(name, default)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self._refuse(name, value, "a number")
        if not (0 <= value <= _MOST and value == int(value)):
            self._refuse(name, value, "a whole number, not too large")
        return int(value)

    def number(self, name, default):
        """A finite number; None counts as not given."""
        value = self._pop(name, default)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self._refuse(name, value, "a number")
        if not abs(value) < 1e9:
            self._refuse(name, value, "a number, not too large")
        return float(value)

    def choice(self, name, default, choices):
        """One of `choices`."""
        value = self._pop(name, default)
        if not isinstance(value, (str, bool)) or value not in choices:
            self._refuse(name, value, "one of " + ", ".join(map(str, choices)))
        return value

    def flag(self, name, default):
        """True or False."""
        return self.choice(name, default, (True, False))

    def switch(self, name, default):
        """Our "on", "off" or "auto" of a boolean or "auto"."""
        value = self.choice(name, default, (True, False, "auto"))
        return {True: "on", False: "off"}.get(value, "auto")

    def taps(self, name, default):
        """Taps of a filter, a tuple of whole numbers; None is none."""
        value = self._pop(name, default)
        value = () if value is None else value
        is_list = isinstance(value, (list, tuple)) and len(value) <= _MOST_TAPS
        if not is_list or not all(
            isinstance(tap, (int, float)) and abs(tap) < _MOST and tap % 1 == 0
            for tap in value
        ):
            self._refuse(name, value, "a short list of whole numbers")
        return tuple(int(tap) for tap in value)

    def dictionary(self, name):
        """`Arguments` of a nested dictionary, empty if there is none."""
        return Arguments(self._pop(name, {}), f"{self.owner}'s {name}")

    def require(self, **neutral):
        """Refuses what is given and neither None nor as expected."""
        for name, expected in neutral.items():
            value = self._pop(name, None)
            choices = expected if isinstance(expected, tuple) else (expected,)
            is_plain = isinstance(value, (str, bool, int, float, type(None)))
            if not is_plain or (value is not None and value not in choices):
                self._refuse(name, value, " or ".join(map(repr, choices)))

    def ignore(self, *names):
        """Drops what does not change the network."""
        for name in names:
            self.left.pop(name, None)

    def finish(self):
        """Raises `ValueError` if any argument is left that is not neutral."""
        for name, expected in _NEUTRAL.items():
            value = self._pop(name, None)
            value = tuple(value) if type(value) is list else value
            is_plain = isinstance(value, (bool, int, float, tuple))
            if value is not None and not (is_plain and value == expected):
                self._refuse(name, value, repr(expected))
        left = [name for name, value in self.left.items() if value is not None]
        if left:
            names = [f"`{str(name)[:80]}`" for name in left[:9]]
            raise ValueError(
                f"{self.owner} has settings that are not known here: "
                f"{', '.join(names)}. "
                "It cannot be imported without understanding them."
            )

    def _pop(self, name, default):
        value = self.left.pop(name, _MISSING)
        if value is _MISSING:
            return default
        # numpy's numbers count as Python's.
        is_scalar = getattr(value, "ndim", None) == 0
        return value.item() if is_scalar else value

    def _refuse(self, name, value, expected):
        if not isinstance(value, (str, bool, int, float, type(None))):
            value = type(value).__name__
        raise ValueError(
            f"`{name}` of {self.owner} must be {expected} to be imported. "
            f"Received: {str(value)[:80]}"
        )
