"""Fills the fields of a config that follow from others."""

from stylegan_tf.config import bounds, dictionaries, fields, validate


def resolve(config):
    """A copy with every field filled that depends on others.

    Raises:
        ValueError: With the field and its value if one is bad.
    """
    config = dictionaries.from_dict(dictionaries.to_dict(config))
    bounds.refuse_bad(config)
    if config.rules != "none":
        raise ValueError(
            f"`rules` {config.rules} are for data and devices to settle first, "
            "as tools.train and training.loop.train do it: "
            "training.settling.settle(config)"
        )
    generator, discriminator = config.generator, config.discriminator
    generator.mapping_width = generator.mapping_width or generator.w_size
    generator.label_width = generator.label_width or generator.w_size
    if config.is_progressive:
        _settle_progressive(config)
    discriminator.label_width = discriminator.label_width or fields.channels(
        discriminator, max(config.base_shape)
    )
    if config.training.precision in ("bfloat16", "float16"):
        generator.conv_clamp = generator.conv_clamp or 256.0
        discriminator.conv_clamp = discriminator.conv_clamp or 256.0
    validate.validate(config)
    return config


def _settle_progressive(config):
    """Fills what an architecture leaves no choice about, and every "auto"."""
    generator, discriminator = config.generator, config.discriminator
    discriminator.label_mode = "select"
    if discriminator.architecture == "progan":
        discriminator.label_mode = "classify"
        discriminator.blur_filter = ()
        _replace_auto(discriminator, fused_scale="on")
    if generator.architecture == "progan":
        generator.use_styles = generator.use_noise = False
        generator.const_input = False
        generator.instance_norm = "off"
        generator.blur_filter = ()
        generator.label_mode = "raw"
        generator.mapping_layers = 0
        generator.w_size = generator.z_size + config.label_size
        _replace_auto(generator, fused_scale="on")
    if not generator.use_styles:
        config.loss.style_mixing_prob = 0.0  # one w is all that there is
    if generator.architecture != "revised":
        styles, none = ("on", "off") if generator.use_styles else ("off", "on")
        _replace_auto(generator, pixel_norm=none, instance_norm=styles)


def _replace_auto(network, **values):
    for field, value in values.items():
        if getattr(network, field) == "auto":
            setattr(network, field, value)
