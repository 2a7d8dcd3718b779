"""Fields that depend on others, or on what an architecture leaves open."""

from stylegan_tf.config import bounds, dictionaries, fields, validate


def resolve(config):
    """A copy with every field filled that depends on others.

    Raises:
        ValueError: With the field and its value if one is bad.
    """
    config = dictionaries.from_dict(dictionaries.to_dict(config))
    bounds.refuse_bad(config)
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
        _settle_progan_discriminator(discriminator)
    if generator.architecture == "progan":
        _settle_progan_generator(generator, config.label_size)
    if generator.architecture == "revised":
        return
    if generator.pixel_norm == "auto":
        generator.pixel_norm = "off" if generator.use_styles else "on"
    if generator.instance_norm == "auto":
        generator.instance_norm = "on" if generator.use_styles else "off"


def _settle_progan_generator(generator, label_size):
    generator.use_styles = generator.use_noise = False
    generator.const_input = False
    generator.instance_norm = "off"
    generator.blur_filter = ()
    generator.label_mode = "raw"
    generator.mapping_layers = 0
    generator.w_size = generator.z_size + label_size
    if generator.fused_scale == "auto":
        generator.fused_scale = "on"


def _settle_progan_discriminator(discriminator):
    discriminator.label_mode = "classify"
    discriminator.blur_filter = ()
    if discriminator.fused_scale == "auto":
        discriminator.fused_scale = "on"
