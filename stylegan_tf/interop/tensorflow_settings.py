"""Our configs of the TensorFlow networks' static arguments."""

from stylegan_tf import config as config_lib

_ACTIVATIONS = ("lrelu", "relu", "linear")
# Arguments of a call, or of how it is computed.
_IGNORED = (
    "truncation_psi",
    "truncation_cutoff",
    "truncation_psi_val",
    "truncation_cutoff_val",
    "style_mixing_prob",
    "is_training",
    "is_validation",
    "is_template_graph",
    "return_dlatents",
    "force_clean_graph",
    "randomize_noise",
    "fused_modconv",
    "dtype",
    "dlatent_broadcast",
    "num_fp16_res",
    "freeze_layers",
    "pixelnorm_epsilon",
    "num_channels",
    "resolution",
    "label_size",
    "mapping_func",
    "synthesis_func",
    "func",
    "func_name",
)


def generator(kind, architecture, arguments, arrays):
    """The `GeneratorConfig` of a generator.

    Args:
        kind: See `imported.Imported`.
        architecture: Ours; None where the arguments tell.
        arguments: `official_arguments.Arguments`.
        arrays: The generator's, by official name.

    Raises:
        ValueError: If an argument is not supported.
    """
    base, widths = _widths(kind, arguments)
    settings = config_lib.GeneratorConfig(
        architecture=architecture or _architecture(arguments, "skip"),
        label_mode="embed" if kind == "stylegan2-ada" else "concat",
        w_avg_decay=arguments.number("dlatent_avg_beta", 0.995),
        normalize_latents=arguments.choice(
            "normalize_latents", True, (True, False)
        ),
        **widths,
        **_activation(arguments, arguments.left.get("mapping_nonlinearity")),
    )
    arguments.require(mapping_nonlinearity=settings.activation)
    if kind == "progan":
        narrowest = min(base, settings.channel_max)
        settings.z_size = arguments.size("latent_size", narrowest)
        settings.w_size = settings.z_size
        settings.pixel_norm = arguments.switch("use_pixelnorm", True)
    else:
        _mapping(kind, settings, arguments, arrays)
    if kind in ("progan", "stylegan"):
        _progressive(kind, settings, arguments)
        settings.use_wscale = arguments.choice(
            "use_wscale", True, (True, False)
        )
    else:
        settings.resample_filter = _resample_taps(arguments)
    if kind == "stylegan":
        settings.use_styles = arguments.choice(
            "use_styles", True, (True, False)
        )
        settings.const_input = arguments.choice(
            "const_input_layer", True, (True, False)
        )
        settings.pixel_norm = _norm(arguments, "use_pixel_norm", False)
        settings.instance_norm = _norm(arguments, "use_instance_norm", True)
    if kind in ("stylegan", "stylegan2-ada"):
        settings.use_noise = bool(
            arguments.choice("use_noise", True, (True, False))
        )
    if kind == "stylegan2-ada":
        settings.conv_clamp = arguments.number("conv_clamp", 0.0)
    _finish(arguments)
    return settings


def discriminator(kind, architecture, arguments, common):
    """The `DiscriminatorConfig` of a discriminator, see `generator`.

    Args:
        kind: See `imported.Imported`.
        architecture: Ours; None where the arguments tell.
        arguments: `official_arguments.Arguments`.
        common: The resolution and so on of the generator; the same here.
    """
    arguments.require(
        resolution=common["resolution"],
        num_channels=common["image_channels"],
        label_size=common["label_size"],
    )
    base, widths = _widths(kind, arguments)
    group = arguments.size("mbstd_group_size", 4)
    maps = arguments.size("mbstd_num_features", 1)
    settings = config_lib.DiscriminatorConfig(
        architecture=architecture or _architecture(arguments, "resnet"),
        minibatch_group_size=group,
        minibatch_channels=maps if group > 1 else 0,
        label_mode="select",
        **widths,
        **_activation(arguments, arguments.left.get("mapping_nonlinearity")),
    )
    arguments.require(mapping_nonlinearity=settings.activation)
    if kind == "stylegan2-ada":
        settings.label_mode = "projection"
        settings.label_width = arguments.size(
            "mapping_fmaps", min(base, settings.channel_max)
        )
        settings.mapping_layers = arguments.size("mapping_layers", 0)
        settings.mapping_lr_multiplier = arguments.number("mapping_lrmul", 0.1)
        settings.conv_clamp = arguments.number("conv_clamp", 0.0)
        arguments.require(
            use_pagan=False,
            score_size=1,
            score_max=1,
            use_spectral_norm=False,
            adaptive_dropout=0,
            augment_strength=0,
        )
    if kind in ("progan", "stylegan"):
        _progressive(kind, settings, arguments)
        settings.use_wscale = arguments.choice(
            "use_wscale", True, (True, False)
        )
    else:
        settings.resample_filter = _resample_taps(arguments)
    _finish(arguments)
    return settings


def _widths(kind, arguments):
    default = 8192 if kind in ("progan", "stylegan") else 16384
    base = arguments.size("fmap_base", default)
    return base, {
        "channel_base": 2 * base,
        "channel_max": arguments.size("fmap_max", 512),
    }


def _architecture(arguments, default):
    return arguments.choice("architecture", default, ("orig", "skip", "resnet"))


def _activation(arguments, mapping):
    leaky = arguments.choice("use_leakyrelu", True, (True, False))
    default = "lrelu" if leaky else "relu"
    return {
        "activation": arguments.choice("nonlinearity", default, _ACTIVATIONS)
    }


def _mapping(kind, settings, arguments, arrays):
    """Widths and depth of the mapping network."""
    settings.z_size = arguments.size("latent_size", 512)
    settings.w_size = arguments.size("dlatent_size", 512)
    default = settings.w_size if kind == "stylegan2-ada" else 512
    settings.mapping_width = arguments.size("mapping_fmaps", default)
    settings.mapping_layers = arguments.size("mapping_layers", 8)
    settings.mapping_lr_multiplier = arguments.number("mapping_lrmul", 0.01)
    embedding = arrays.get("G_mapping/LabelEmbed/bias")
    if embedding is not None:
        settings.label_width = embedding.size


def _progressive(kind, settings, arguments):
    settings.fused_scale = arguments.switch(
        "fused_scale", True if kind == "progan" else "auto"
    )
    arguments.require(structure=("auto", "linear", "recursive"))
    if kind == "stylegan":
        settings.blur_filter = arguments.taps("blur_filter", (1, 2, 1))


def _norm(arguments, name, default):
    return arguments.switch(name, default)


def _resample_taps(arguments):
    taps = arguments.taps("resample_kernel", (1, 3, 3, 1))
    if not taps:
        raise ValueError(
            "`resample_kernel` must be a list of taps to be imported."
        )
    arguments.require(structure=("auto", "linear", "recursive"))
    return taps


def _finish(arguments):
    arguments.require(fmap_decay=1, fmap_min=1, fmap_const=None)
    arguments.ignore(*_IGNORED)
    arguments.finish()
