"""Fields of a config that its progressive architectures decide themselves."""


def settle(config):
    """Fills what an architecture leaves no choice about, and every "auto".

    Args:
        config: A `stylegan_tf.config.Config` of progressive networks, which
            is changed.
    """
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
