"""Reads arguments of official networks, each of which must be known.

One that is not understood might change what the network computes, so it is
an error instead of an image that is slightly wrong.
"""

_ACTIVATIONS = ("lrelu", "relu", "linear")
_ARCHITECTURES = ("orig", "skip", "resnet")
_MISSING = object()
_MOST = 1 << 20  # no size or count is larger
_MOST_TAPS = 64
# Arguments of official networks and of forks at values that change nothing.
# None changes nothing whatever the name: it is as if nothing was given.
_NEUTRAL = {
    "init_res": [(4, 4)],
    "kernel_size": [3],
    "structure": ["auto", "linear", "recursive"],
    "fmap_const": [None],
    **dict.fromkeys(("fmap_decay", "fmap_min", "score_size", "score_max"), [1]),
    **dict.fromkeys(("square", "demodulate"), [True]),
    **dict.fromkeys(("use_attention", "rgb_attention", "use_pagan"), [False]),
    **dict.fromkeys(("use_spectral_norm", "spectral_norm"), [False]),
    **dict.fromkeys(("dropout", "adaptive_dropout"), [0]),
    **dict.fromkeys(("disc_c_noise", "augment_strength"), [0]),
}
# Of a call, of how it is computed or frozen, or told by the arrays.
_IGNORED = frozenset(
    "truncation_psi truncation_cutoff truncation_psi_val truncation_cutoff_val "
    "style_mixing_prob is_training is_validation is_template_graph "
    "return_dlatents force_clean_graph randomize_noise dtype dlatent_broadcast "
    "fused_modconv fused_modconv_default num_fp16_res fp16_channels_last "
    "channels_last freeze_layers pixelnorm_epsilon label_fmaps mapping_func "
    "synthesis_func func func_name class_name".split()
)


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

    def number(self, name, default):
        """A finite number; None counts as not given."""
        value = self._real(name, default)
        if not abs(value) < 1e9:
            self._refuse(name, value, "a number, not too large")
        return float(value)

    def size(self, name, default):
        """A whole number, not negative; None counts as not given."""
        value = self._real(name, default)
        if not (0 <= value <= _MOST and value % 1 == 0):
            self._refuse(name, value, "a whole number, not too large")
        return int(value)

    def choice(self, name, default, choices):
        """One of `choices`."""
        value = self._pop(name, default)
        if not isinstance(value, (str, bool)) or value not in choices:
            self._refuse(name, value, "one of " + ", ".join(map(str, choices)))
        return value

    def architecture(self, default):
        """orig, skip or resnet."""
        return self.choice("architecture", default, _ARCHITECTURES)

    def activation(self, name="activation", default="lrelu"):
        """The name of an activation."""
        return self.choice(name, default, _ACTIVATIONS)

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
        """Refuses what is given and neither None nor (in) the value here."""
        for name, choices in neutral.items():
            choices = choices if isinstance(choices, list) else [choices]
            value = self._pop(name, None)
            value = tuple(value) if isinstance(value, list) else value
            is_plain = isinstance(value, (str, bool, int, float, tuple))
            if value is not None and not (is_plain and value in choices):
                self._refuse(name, value, " or ".join(map(repr, choices)))

    def finish(self):
        """Raises `ValueError` if any argument is left that is not neutral."""
        self.require(**_NEUTRAL)
        left = [
            f"`{str(name)[:80]}`"
            for name, value in self.left.items()
            if value is not None and name not in _IGNORED
        ]
        if left:
            raise ValueError(
                f"{self.owner} has settings that are not known here: "
                f"{', '.join(left[:9])}. "
                "It cannot be imported without understanding them."
            )

    def _real(self, name, default):
        value = self._pop(name, default)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self._refuse(name, value, "a number")
        return value

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
