"""What the fields of a config may hold together.

What one may hold alone is said where it is declared, in `fields`.
"""

from stylegan_tf.config import fields


def validate(config):
    """Raises `ValueError` with the field and its value if one is bad.

    Args:
        config: A `fields.Config`.
    """
    longer = max(config.base_shape)
    size = config.resolution
    _require(
        size >= 2 * longer and longer << config.doublings == size,
        f"`resolution` must be {longer} * 2**k, k >= 1, the longer side of "
        f"`base_shape` doubled k times. Received: resolution={size}",
    )
    generator, discriminator = config.generator, config.discriminator
    for network, name in ((generator, "G"), (discriminator, "D")):
        _require(
            network.channel_base >= size,
            f"`channel_base` of {name} must be at least the resolution, "
            f"{size}. Received: channel_base={network.channel_base}",
        )
    _validate_sizes(discriminator, longer)
    _validate_families(generator, discriminator)
    _validate_growing(config)
    _validate_training(config)


def _validate_sizes(discriminator, smallest):
    maps = fields.channels(discriminator, smallest)
    groups = discriminator.minibatch_channels
    _require(
        groups == 0 or maps % groups == 0,
        f"`discriminator.minibatch_channels` must divide the {maps} maps at "
        f"the smallest resolution. Received: {groups}",
    )


def _validate_growing(config):
    growing = config.growing
    first = growing.initial_resolution
    if not first:
        return
    sizes = fields.resolutions(config)
    _require(
        first in sizes,
        f"`growing.initial_resolution` must be one of {sizes}. "
        f"Received: {first}",
    )
    _require(
        config.is_progressive,
        "`growing.initial_resolution` is for progressive architectures, "
        f"{', '.join(fields.PROGRESSIVE)}. Received: "
        f"architecture={config.generator.architecture!r}",
    )
    _require(
        growing.stabilise_kimg + growing.fade_kimg > 0,
        "`growing.stabilise_kimg` and `growing.fade_kimg` must not both be 0 "
        "in a run that grows",
    )


def _validate_families(generator, discriminator):
    g, d = generator.architecture, discriminator.architecture
    _require(
        (g in fields.PROGRESSIVE) == (d in fields.PROGRESSIVE),
        "Both networks must be progressive or neither, since they grow "
        f"together. Received: generator {g!r}, discriminator {d!r}",
    )
    _require(
        (g == "msg") == (d == "msg"),
        "Both networks must be msg or neither: its discriminator looks at "
        "every scale that its generator makes. Received: generator "
        f"{g!r}, discriminator {d!r}",
    )
    _require(
        d != "msg" or discriminator.minibatch_channels in (0, 1),
        "`discriminator.minibatch_channels` of msg must be 0 or 1, since its "
        "layers average over features and image together. Received: "
        f"{discriminator.minibatch_channels}",
    )
    _require(
        g in fields.PROGRESSIVE or discriminator.label_mode != "classify",
        "`discriminator.label_mode` classify is that of progan. "
        f"Received: architecture={d!r}",
    )
    for field in ("pixel_norm", "instance_norm"):
        value = getattr(generator, field)
        _require(
            g in ("progan", "stylegan") or value in ("auto", "off"),
            f"`generator.{field}` is for progan and stylegan. Received: "
            f"{value!r} with architecture={g!r}",
        )
    for field in ("use_styles", "const_input", "use_wscale"):
        _require(
            g in ("progan", "stylegan") or getattr(generator, field),
            f"`generator.{field}` is for progan and stylegan. Received: "
            f"False with architecture={g!r}",
        )


def _validate_training(config):
    training, loss = config.training, config.loss
    _require(
        not 0 < training.keep_every_kimg < 0.001,
        "`training.keep_every_kimg` must be 0 or at least 0.001, one image. "
        f"Received: keep_every_kimg={training.keep_every_kimg}",
    )
    _require(
        not loss.acgan_weight or config.discriminator.label_mode == "classify",
        "`loss.acgan_weight` needs label logits, which progan's discriminator "
        f"has. Received: {loss.acgan_weight} with architecture="
        f"{config.discriminator.architecture!r}",
    )


def _require(condition, message):
    if not condition:
        raise ValueError(message)
