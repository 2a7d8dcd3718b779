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
    "label_fmaps",  # told by the arrays
    "mapping_func",
    "synthesis_func",
    "func",
    "func_name",
)
# What ADA's comparison methods change, and its value where they are off.
_COMPARISONS = {
    "use_pagan": False,
    "score_size": 1,
    "score_max": 1,
    "use_spectral_norm": False,
    "adaptive_dropout": 0,
    "augment_strength": 0,
}


def common_fields(arguments):
    """resolution, image_channels and label_size of a network's arguments."""
    resolution = arguments.size("resolution", 0)
    # Forks for images that are not square have these, also where they are.
    arguments.require(resolution_w=resolution, resolution_h=resolution)
    return {
        "resolution": resolution,
        "image_channels": arguments.size("num_channels", 0),
        "label_size": arguments.size("label_size", 0),
    }


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
        normalize_latents=arguments.flag("normalize_latents", True),
        **widths,
        activation=_activation(arguments),
    )
    if kind == "progan":
        narrowest = min(base, settings.channel_max)
        settings.z_size = arguments.size("latent_size", narrowest)
        settings.w_size = settings.z_size
        settings.pixel_norm = arguments.switch("use_pixelnorm", True)
    else:
        _mapping(kind, settings, arguments, arrays)
    if kind in ("progan", "stylegan"):
        _progressive(kind, settings, arguments)
    else:
        settings.resample_filter = _resample_taps(arguments)
    if kind == "stylegan":
        _styles(settings, arguments)
    if kind in ("stylegan", "stylegan2-ada"):
        settings.use_noise = arguments.flag("use_noise", True)
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
        resolution_w=common["resolution"],
        resolution_h=common["resolution"],
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
        activation=_activation(arguments),
    )
    if kind == "stylegan2-ada":
        settings.label_mode = "projection"
        settings.label_width = arguments.size(
            "mapping_fmaps", min(base, settings.channel_max)
        )
        settings.mapping_layers = arguments.size("mapping_layers", 0)
        settings.mapping_lr_multiplier = arguments.number("mapping_lrmul", 0.1)
        settings.conv_clamp = arguments.number("conv_clamp", 0.0)
        arguments.require(**_COMPARISONS)
    if kind in ("progan", "stylegan"):
        _progressive(kind, settings, arguments)
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


def _activation(arguments):
    is_leaky = arguments.flag("use_leakyrelu", True)
    default = "lrelu" if is_leaky else "relu"
    activation = arguments.choice("nonlinearity", default, _ACTIVATIONS)
    arguments.require(mapping_nonlinearity=activation)
    return activation


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


def _styles(settings, arguments):
    """What the ablations of StyleGAN switch."""
    settings.use_styles = arguments.flag("use_styles", True)
    settings.const_input = arguments.flag("const_input_layer", True)
    settings.pixel_norm = arguments.switch("use_pixel_norm", False)
    settings.instance_norm = arguments.switch("use_instance_norm", True)


def _progressive(kind, settings, arguments):
    settings.fused_scale = arguments.switch(
        "fused_scale", True if kind == "progan" else "auto"
    )
    settings.use_wscale = arguments.flag("use_wscale", True)
    arguments.require(structure=("auto", "linear", "recursive"))
    if kind == "stylegan":
        settings.blur_filter = arguments.taps("blur_filter", (1, 2, 1))


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
