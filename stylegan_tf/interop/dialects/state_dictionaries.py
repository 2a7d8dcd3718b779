"""Reads networks that came as PyTorch's state dictionaries: arrays by name.

Two code bases are known by their names, stylegan2-ada-pytorch (and the
StyleGAN2 of stylegan3) and rosinality/stylegan2-pytorch, whether a network is
alone in the file, among others, or a part of a larger one, such as the decoder
of pSp and e4e.
"""

import dataclasses
import re

import numpy as np

from stylegan_tf.interop import imported, weights
from stylegan_tf.interop.dialects import (
    missing_arrays,
    other_networks,
    rosinality,
    torch_shapes,
)
from stylegan_tf.pickles import torch_files

_ADA, _ROSINALITY = "stylegan2-ada-pytorch", "rosinality"
_CLAMP = {_ADA: 256.0, _ROSINALITY: 0.0}  # of activations
# Arrays that tell where a network is, by what it is and whose.
_ANCHORS = {
    ("generator", _ROSINALITY): "style.1.weight input.input conv1.conv.weight "
    "to_rgb1.conv.weight",
    ("generator", _ADA): "synthesis.b4.const synthesis.b4.conv1.weight "
    "synthesis.b4.torgb.weight",
    ("discriminator", _ROSINALITY): "final_conv.0.weight "
    "final_linear.0.weight final_linear.1.weight",
    ("discriminator", _ADA): "b4.conv.weight b4.fc.weight b4.out.weight",
}
# Words of what networks are called in files.
_WRAPPERS = set(
    "state dict module model net params weights checkpoint gan".split()
)
_AVERAGED = set("ema avg average averaged running gs".split())
_CALLED = {
    "generator": {"g", "gen", "generator", "netg", "decoder"},
    "discriminator": {"d", "disc", "discriminator", "netd"},
}
_ASSUMED = (
    "a state dictionary does not tell the activation (lrelu here), the clamp "
    "of activations (256 here) nor the group of minibatch stddev (4 here): "
    "they are those of stylegan2-ada-pytorch's train.py"
)


@dataclasses.dataclass
class _Part:
    """A network in a file."""

    prefix: str  # of its arrays' names
    what: str  # generator or discriminator
    dialect: str
    arrays: dict[str, np.ndarray]

    @property
    def owner(self):
        """Its name in messages."""
        return self.prefix or "the file"

    @property
    def role(self):
        """Its name in `imported.Imported`; None if it is called otherwise."""
        words = set(re.findall(r"[a-z]+", self.prefix.lower()))
        if words - _WRAPPERS - _AVERAGED - _CALLED[self.what]:
            return None
        is_averaged = self.what == "generator" and words & _AVERAGED
        return "ema_generator" if is_averaged else self.what


def read(value):
    """The `Imported` of what `torch_files` or `unpickler` gave.

    Without a mean w in the file it is that of 4096 fixed z; without noise
    inputs they are fixed ones.

    Raises:
        ValueError: If there is none of these networks, or if it is changed.
    """
    named = torch_files.arrays_by_name(value)
    other_networks.refuse_related(named)
    parts = _by_role(_parts(named), value, named)
    arrays = {role: _official(part) for role, part in parts.items()}
    role = next(filter(_is_generator, parts))
    first = parts[role]
    common, generator = torch_shapes.generator(
        arrays[role], first.owner, _CLAMP[first.dialect]
    )
    discriminator = None
    if part := parts.get("discriminator"):
        discriminator = torch_shapes.discriminator(
            arrays["discriminator"], part.owner, common, _CLAMP[part.dialect]
        )
    notes = [_ASSUMED] if first.dialect == _ADA else []
    for each in filter(_is_generator, arrays):
        notes += missing_arrays.complete(
            arrays[each], generator, common=common, named=named
        )
    p = value.get("ada_aug_p")
    return imported.make(
        first.dialect,
        "torch",
        arrays,
        common=common,
        generator=generator,
        discriminator=discriminator,
        augment_p=float(p) if isinstance(p, (int, float)) else None,
        notes=list(dict.fromkeys(notes)),
    )


def _is_generator(role):
    return role != "discriminator"


def _parts(named):
    """The networks among arrays by name; others' arrays are left out."""
    found = {}
    for (what, dialect), anchors in _ANCHORS.items():
        for anchor in anchors.split():
            for name in named:
                if name == anchor or name.endswith(f".{anchor}"):
                    prefix = name.removesuffix(anchor)
                    found.setdefault((prefix, what), dialect)
    arrays = {prefix: {} for prefix, _ in found}
    for name, array in named.items():
        prefix = _prefix(name, arrays)
        if prefix is not None and not missing_arrays.is_mean(name):
            arrays[prefix][name.removeprefix(prefix)] = array
    return [
        _Part(prefix.removesuffix("."), what, dialect, arrays[prefix])
        for (prefix, what), dialect in found.items()
    ]


def _prefix(name, prefixes):
    """The longest of `prefixes` that a dotted name has; None if none."""
    starts = ["", *(name[: dot.end()] for dot in re.finditer(r"\.", name))]
    return max(filter(prefixes.__contains__, starts), key=len, default=None)


def _by_role(parts, value, named):
    """`_Part`s by role."""
    found = {}
    for part in parts:
        if part.role and found.setdefault(part.role, part) is not part:
            raise ValueError(
                f"`{found[part.role].owner}` and `{part.owner}` may both be "
                f"the {part.role.replace('_', ' ')}: save one of them alone."
            )
    if any(map(_is_generator, found)):
        return found
    start = "This file has neither `g_ema` nor `g` nor their like"
    if parts:
        owners = sorted(each.owner for each in parts)
        names = ", ".join(f"`{name[:80]}`" for name in owners[:9])
        raise ValueError(
            f"{start}, only networks called {names}. Save the state dictionary "
            "of a generator alone, or call it `g_ema`."
        )
    raise ValueError(
        f"{start}: it holds none of the official networks, and no state "
        f"dictionary of theirs. {other_networks.contents(value, named)}"
    )


def _official(part):
    """Its arrays by official name, in float32."""
    arrays = {
        name: weights.numbers(array, f"{part.prefix}.{name}".lstrip("."))
        for name, array in part.arrays.items()
    }
    if part.dialect == _ADA:
        return arrays
    if part.what == "generator":
        return rosinality.generator(arrays, part.owner)
    return rosinality.discriminator(arrays, part.owner)
