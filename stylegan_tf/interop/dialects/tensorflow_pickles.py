"""Reads networks of the official pickles of TensorFlow 1.

A file is a tuple (G, D, Gs) of `Network` objects: ProGAN's, StyleGAN's,
StyleGAN2's and StyleGAN2-ADA's. The source text in them is not looked at.
"""

import re

import numpy as np

from stylegan_tf.interop import imported
from stylegan_tf.interop.dialects import official_arguments, tensorflow_settings
from stylegan_tf.pickles import objects

_NAMES = ("generator", "discriminator", "ema_generator")
# Kind and architecture by the functions of generator and synthesis.
_GENERATORS = {
    ("G_paper", None): ("progan", "progan"),
    ("G_style", "G_synthesis"): ("stylegan", "stylegan"),
    ("G_main", "G_synthesis_stylegan_revised"): ("stylegan2", "revised"),
    ("G_main", "G_synthesis_stylegan2"): ("stylegan2", None),
    ("G_main", "G_synthesis"): ("stylegan2-ada", None),
}
_DISCRIMINATORS = {
    "D_paper": ("progan", "progan"),
    "D_basic": ("stylegan", "stylegan"),
    "D_stylegan": ("stylegan2", "revised"),
    "D_stylegan2": ("stylegan2", None),
    "D_main": ("stylegan2-ada", None),
}


def is_network(value):
    """Whether `value` stands for a TensorFlow network."""
    return type(value) is objects.Stub and value.symbol.name == "Network"


def is_file(value):
    """Whether `value` is what `read` takes, or nearly so."""
    return is_network(value) or (
        isinstance(value, (tuple, list)) and any(map(is_network, value))
    )


def read(value):
    """The `Imported` of an unpickled (G, D, Gs), or of a generator alone.

    Raises:
        ValueError: If the networks are of a kind that is not supported.
    """
    if is_network(value):
        networks = {"ema_generator": value}
    elif len(value) == len(_NAMES):
        networks = dict(zip(_NAMES, value, strict=True))
    else:
        raise ValueError(
            "A TensorFlow pickle must hold three networks, G, D and Gs, or "
            f"one generator. Received: {len(value)}"
        )
    states = {name: _state(each) for name, each in networks.items()}
    name, g = next(iter(states.items()))
    kind, architecture = _kind(g)
    arrays = {name: _arrays(state) for name, state in states.items()}
    if kind == "progan" and networks[name].symbol.module != "tfutil":
        arrays = {name: _as_progan(own) for name, own in arrays.items()}
    arguments = _arguments(g, "G")
    common = tensorflow_settings.common_fields(arguments)
    generator = tensorflow_settings.generator(
        kind, architecture, arguments, arrays[name]
    )
    discriminator = None
    if "discriminator" in states:
        _, discriminator = _discriminator(states["discriminator"], common)
    lods = [own["lod"] for own in arrays.values() if "lod" in own]
    return imported.make(
        kind,
        "tensorflow",
        arrays,
        common=common,
        generator=generator,
        discriminator=discriminator,
        lod=_lod(lods[-1] if lods else 0.0, common["resolution"]),
    )


def read_discriminator(value):
    """The `Imported` of one unpickled discriminator, such as a classifier.

    Raises:
        ValueError: If it is of a kind that is not supported.
    """
    state = _state(value)
    common = tensorflow_settings.common_fields(_arguments(state, "D"))
    kind, settings = _discriminator(state, common)
    return imported.make(
        kind,
        "tensorflow",
        {"discriminator": _arrays(state)},
        common=common,
        generator=None,
        discriminator=settings,
    )


def _arguments(state, owner):
    return official_arguments.Arguments(state.get("static_kwargs"), owner)


def _discriminator(state, common):
    """Its kind and `DiscriminatorConfig`."""
    function = state.get("build_func_name")
    if not isinstance(function, str) or function not in _DISCRIMINATORS:
        raise ValueError(
            f"D is built by {objects.describe(function)}; known are "
            + ", ".join(_DISCRIMINATORS)
        )
    kind, architecture = _DISCRIMINATORS[function]
    arguments = _arguments(state, "D")
    return kind, tensorflow_settings.discriminator(
        kind, architecture, arguments, common
    )


def _state(network):
    if not is_network(network) or type(network.state) is not dict:
        raise ValueError(
            "A TensorFlow pickle must hold networks only. Received: "
            f"{objects.describe(network)}"
        )
    return network.state


def _kind(state):
    parts = _components(state)
    owners = state, parts.get("synthesis", {}), parts.get("mapping", {})
    *names, mapping = built = [each.get("build_func_name") for each in owners]
    is_plain = all(isinstance(name, (str, type(None))) for name in built)
    found = _GENERATORS.get(tuple(names)) if is_plain else None
    if found is None or mapping not in (None, "G_mapping"):
        raise ValueError(
            "G, its synthesis and its mapping are built by "
            f"{', '.join(map(objects.describe, built))}; known are "
            + ", ".join(f"{a} with {b}" for a, b in _GENERATORS)
        )
    return found


def _components(state):
    components = state.get("components") or {}
    if type(components) is not dict:
        raise ValueError("The components of a network are no dictionary.")
    return {name: _state(each) for name, each in components.items()}


def _arrays(state):
    """Variables of a network and its components by official name."""
    parts = {f"G_{name}/": each for name, each in _components(state).items()}
    result = {}
    for prefix, part in {"": state, **parts}.items():
        for variable in part["variables"]:
            match variable:
                case (str(name), np.ndarray() | np.generic() | int() | float()):
                    result[prefix + name] = np.asarray(variable[1])
                case _:
                    raise ValueError("A variable is no array with a name.")
    return result


def _as_progan(arrays):
    """StyleGAN's copy of ProGAN stores fused kernels as `[K, K, I, O]`."""
    return {
        name: array.transpose(0, 1, 3, 2)
        if re.search("/Conv0_up/weight$", name) and array.ndim == 4
        else array
        for name, array in arrays.items()
    }


def _lod(value, resolution):
    value = float(value) if np.ndim(value) == 0 else -1.0
    if not 0 <= value <= max(resolution, 1).bit_length() - 1:
        raise ValueError(f"`lod` must be a number from 0. Received: {value}")
    return value
