"""Reads networks of stylegan2-ada-pytorch's and stylegan3's pickles.

A file is a dictionary with G, D and G_ema, objects of the class decorator
`persistence`. The source text in them is not looked at.
"""

import numpy as np

from stylegan_tf import config as config_lib
from stylegan_tf.interop import imported
from stylegan_tf.interop.dialects import official_arguments
from stylegan_tf.pickles import objects

_NAMES = {"generator": "G", "discriminator": "D", "ema_generator": "G_ema"}
_MOST_MODULES = 2_000
_LONGEST_PATH = 200


def is_network(value):
    """Whether `value` stands for a PyTorch network of these repositories."""
    return type(value) is objects.Stub and (
        value.symbol.name == "_reconstruct_persistent_obj"
    )


def is_file(value):
    """Whether `value` is what `read` takes."""
    return is_network(value) or (
        isinstance(value, dict)
        and any(is_network(value.get(name)) for name in _NAMES.values())
    )


def read(value):
    """The `Imported` of an unpickled dictionary, or of a generator alone.

    Raises:
        ValueError: If the networks are of a kind that is not supported.
    """
    if is_network(value):
        value = {"G_ema": value}
    modules = {
        ours: _modules(value[theirs], theirs)
        for ours, theirs in _NAMES.items()
        if value.get(theirs) is not None
    }
    first = modules.get("generator") or modules.get("ema_generator")
    if not first:
        raise ValueError("There is no generator, G or G_ema, in this file.")
    arrays = {name: _arrays(each) for name, each in modules.items()}
    kind, common, generator = _generator(first)
    discriminator = None
    if "discriminator" in modules:
        discriminator = _discriminator(modules["discriminator"], common)
    return imported.make(
        kind,
        "torch",
        arrays,
        common=common,
        generator=generator,
        discriminator=discriminator,
        augment_p=_augment_p(value.get("augment_pipe")),
    )


def _generator(modules):
    """Kind, common fields and `GeneratorConfig`."""
    if "synthesis.b4.conv1." not in modules or "mapping." not in modules:
        raise ValueError(
            "This generator has no `synthesis.b4.conv1`: it is no StyleGAN2. "
            "StyleGAN3's own generators are not supported."
        )
    blocks, layer = modules["synthesis."], modules["synthesis.b4.conv1."]
    order = ("z_dim", "c_dim", "w_dim", "img_resolution", "img_channels")
    arguments = _arguments(modules[""], order, "G")
    common = _common(arguments)
    # stylegan3 gives the synthesis network's arguments to the generator.
    synthesis = arguments
    if "synthesis_kwargs" in arguments.left:
        synthesis = arguments.dictionary("synthesis_kwargs")
    synthesis.left.setdefault("conv_clamp", layer.get("conv_clamp"))
    settings = config_lib.GeneratorConfig(
        z_size=arguments.size("z_dim", 512),
        w_size=arguments.size("w_dim", 512),
        architecture=synthesis.architecture("skip"),
        channel_base=synthesis.size("channel_base", 32768),
        channel_max=synthesis.size("channel_max", 512),
        use_noise=synthesis.flag("use_noise", True),
        activation=synthesis.activation(),
        resample_filter=synthesis.taps("resample_filter", (1, 3, 3, 1)),
        conv_clamp=synthesis.number("conv_clamp", 0.0),
    )
    mapping = arguments.dictionary("mapping_kwargs")
    mapping.left.setdefault("w_avg_beta", modules["mapping."].get("w_avg_beta"))
    _mapping(settings, mapping)
    for each in (synthesis, mapping, arguments):
        each.finish()
    kind = "stylegan3" if "num_fp16_res" in blocks else "stylegan2-ada-pytorch"
    return kind, common, settings


def _mapping(settings, mapping):
    settings.mapping_layers = mapping.size("num_layers", 8)
    settings.mapping_width = mapping.size("layer_features", settings.w_size)
    settings.label_width = mapping.size("embed_features", settings.w_size)
    settings.mapping_lr_multiplier = mapping.number("lr_multiplier", 0.01)
    settings.w_avg_decay = mapping.number("w_avg_beta", 0.995)
    mapping.require(activation=settings.activation)


def _discriminator(modules, common):
    """The `DiscriminatorConfig` of a discriminator's modules."""
    order = ("c_dim", "img_resolution", "img_channels")
    arguments = _arguments(modules[""], order, "D")
    if _common(arguments) != common:
        raise ValueError("G and D differ in resolution, channels or labels.")
    layer = modules.get("b4.conv.", {})
    arguments.left.setdefault("conv_clamp", layer.get("conv_clamp"))
    block = arguments.dictionary("block_kwargs")
    epilogue = arguments.dictionary("epilogue_kwargs")
    if epilogue.left.get("mbstd_group_size", 4) is None:
        epilogue.left["mbstd_group_size"] = 0  # the whole batch
    settings = config_lib.DiscriminatorConfig(
        architecture=arguments.architecture("resnet"),
        channel_base=arguments.size("channel_base", 32768),
        channel_max=arguments.size("channel_max", 512),
        conv_clamp=arguments.number("conv_clamp", 0.0),
        label_width=arguments.size("cmap_dim", 0),
        activation=block.activation(),
        resample_filter=block.taps("resample_filter", (1, 3, 3, 1)),
        minibatch_group_size=epilogue.size("mbstd_group_size", 4),
        minibatch_channels=epilogue.size("mbstd_num_channels", 1),
    )
    mapping = arguments.dictionary("mapping_kwargs")
    settings.mapping_layers = mapping.size("num_layers", 8)
    settings.mapping_lr_multiplier = mapping.number("lr_multiplier", 0.01)
    for each in (epilogue, mapping):
        each.require(activation=settings.activation)
    mapping.require(layer_features=None, embed_features=None)
    mapping.left.pop("w_avg_beta", None)
    for each in (arguments, block, epilogue, mapping):
        each.finish()
    return settings


def _arguments(state, names, owner):
    """The arguments that a module was made with, positional ones too."""
    given = state.get("_init_args", ())
    if type(given) is not tuple or len(given) > len(names):
        raise ValueError(f"{owner} was made with arguments unknown here.")
    keywords = state.get("_init_kwargs")
    arguments = official_arguments.Arguments(keywords, owner)
    arguments.left.update(zip(names, given, strict=False))
    return arguments


def _common(arguments):
    return {
        "label_size": arguments.size("c_dim", 0),
        "resolution": arguments.size("img_resolution", 0),
        "image_channels": arguments.size("img_channels", 3),
    }


def _modules(root, owner):
    """States of a module and all inside, by path such as "mapping.fc0."."""
    found, waiting = {}, [("", root)]
    while waiting:
        path, module = waiting.pop()
        if len(found) > _MOST_MODULES or len(path) > _LONGEST_PATH:
            raise ValueError(f"{owner} has too many modules, or too deep ones.")
        state = module.state.get("state") if is_network(module) else None
        if type(state) is not dict:
            raise ValueError(f"`{owner}.{path}` is no module of a network.")
        found[path] = state
        for name, child in _dictionary(state, "_modules").items():
            waiting.append((f"{path}{str(name)[:_LONGEST_PATH]}.", child))
    return found


def _arrays(modules):
    """Parameters and buffers by official name."""
    return {
        f"{path}{name}": array
        for path, state in modules.items()
        for part in ("_parameters", "_buffers")
        for name, array in _dictionary(state, part).items()
        if isinstance(array, (np.ndarray, np.generic))
    }


def _dictionary(state, name):
    value = state.get(name, {})
    if type(value) is not dict:
        raise ValueError(f"`{name}` of a module is no dictionary.")
    return value


def _augment_p(pipe):
    if pipe is None:
        return None
    p = _arrays(_modules(pipe, "augment_pipe")).get("p")
    return float(p) if np.ndim(p) == 0 and p is not None else None
