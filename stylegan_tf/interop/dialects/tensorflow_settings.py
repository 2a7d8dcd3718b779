"""Makes our configs of the TensorFlow networks' static arguments."""

from stylegan_tf import config as config_lib


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
    settings = config_lib.GeneratorConfig(
        label_mode="embed" if kind == "stylegan2-ada" else "concat",
        w_avg_decay=arguments.number("dlatent_avg_beta", 0.995),
        normalize_latents=arguments.flag("normalize_latents", True),
        **_of_both(kind, architecture, arguments, "skip"),
    )
    if kind == "progan":
        settings.z_size = arguments.size("latent_size", _narrowest(settings))
        settings.w_size = settings.z_size
        settings.pixel_norm = arguments.switch("use_pixelnorm", True)
    else:
        _mapping(kind, settings, arguments, arrays)
    if kind == "stylegan":  # what its ablations switch
        settings.use_styles = arguments.flag("use_styles", True)
        settings.const_input = arguments.flag("const_input_layer", True)
        settings.pixel_norm = arguments.switch("use_pixel_norm", False)
        settings.instance_norm = arguments.switch("use_instance_norm", True)
    if kind in ("stylegan", "stylegan2-ada"):
        settings.use_noise = arguments.flag("use_noise", True)
    arguments.finish()
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
    group = arguments.size("mbstd_group_size", 4)
    maps = arguments.size("mbstd_num_features", 1)
    settings = config_lib.DiscriminatorConfig(
        minibatch_group_size=group,
        minibatch_channels=maps if group > 1 else 0,
        label_mode="select",
        **_of_both(kind, architecture, arguments, "resnet"),
    )
    if kind == "stylegan2-ada":
        settings.label_mode = "projection"
        narrowest = _narrowest(settings)
        settings.label_width = arguments.size("mapping_fmaps", narrowest)
        settings.mapping_layers = arguments.size("mapping_layers", 0)
        settings.mapping_lr_multiplier = arguments.number("mapping_lrmul", 0.1)
    arguments.finish()
    return settings


def _of_both(kind, architecture, arguments, default):
    """Fields that generators and discriminators have."""
    grows = kind in ("progan", "stylegan")
    is_leaky = arguments.flag("use_leakyrelu", True)
    fields = {
        "architecture": architecture or arguments.architecture(default),
        "channel_base": 2
        * arguments.size("fmap_base", 8192 if grows else 16384),
        "channel_max": arguments.size("fmap_max", 512),
        "activation": arguments.activation(
            "nonlinearity", "lrelu" if is_leaky else "relu"
        ),
    }
    arguments.require(mapping_nonlinearity=fields["activation"])
    if grows:
        fuses = True if kind == "progan" else "auto"
        fields["fused_scale"] = arguments.switch("fused_scale", fuses)
        fields["use_wscale"] = arguments.flag("use_wscale", True)
    else:
        fields["resample_filter"] = _resample_taps(arguments)
    if kind == "stylegan":
        fields["blur_filter"] = arguments.taps("blur_filter", (1, 2, 1))
    if kind == "stylegan2-ada":
        fields["conv_clamp"] = arguments.number("conv_clamp", 0.0)
    return fields


def _narrowest(settings):
    """The official default of widths, which is their maps at 2x2."""
    return min(settings.channel_base // 2, settings.channel_max)


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


def _resample_taps(arguments):
    taps = arguments.taps("resample_kernel", (1, 3, 3, 1))
    if not taps:
        raise ValueError(
            "`resample_kernel` must be a list of taps to be imported."
        )
    return taps
