"""Refuses fields of a config that do not go together.

The bounds of each alone stand where it is declared, in `fields`.
"""

from stylegan_tf.config import fields

# Values that other generators than ProGAN's and StyleGAN's may have.
_FIXED = {
    "pixel_norm": ("auto", "off"),
    "instance_norm": ("auto", "off"),
    "use_styles": (True,),
    "const_input": (True,),
    "use_wscale": (True,),
}


def validate(config):
    """Raises `ValueError` with the field and its value if one is bad."""
    _validate_sizes(config)
    _validate_architectures(config.generator, config.discriminator)
    if config.growing.initial_resolution:
        _validate_growing(config)
    _validate_freezing(config)
    if config.augment.mode != "off":
        _validate_augmentation(config)
    kimg = config.training.keep_every_kimg
    _require(
        not 0 < kimg < 0.001,
        "`training.keep_every_kimg` must be 0 or at least 0.001, one image. "
        f"Received: keep_every_kimg={kimg}",
    )
    _validate_label_losses(config)


def _validate_label_losses(config):
    weight, discriminator = config.loss.acgan_weight, config.discriminator
    is_progan = discriminator.label_mode == "classify"
    _require(
        not weight or is_progan or discriminator.label_logits,
        "`loss.acgan_weight` needs label logits: progan's discriminator has "
        "them, others with `discriminator.label_logits`. Received: "
        f"{weight} with architecture={discriminator.architecture!r}",
    )
    _require(
        weight or not discriminator.label_logits,
        "`discriminator.label_logits` needs `loss.acgan_weight`, such as 1: "
        "without it nothing would train them",
    )
    _require(
        not weight or config.label_kind == "classes",
        "`loss.acgan_weight` is for classes, one for each image, and these "
        "labels are vectors. Make labels of one attribute, or take "
        "`discriminator.label_mode` projection and no such weight. Received: "
        f"{weight}",
    )


def _validate_sizes(config):
    longer, size = max(config.base_shape), config.resolution
    _require(
        size >= 2 * longer and longer << config.doublings == size,
        f"`resolution` must be {longer} * 2**k, k >= 1, the longer side of "
        f"`base_shape` doubled k times. Received: resolution={size}",
    )
    for network, name in ((config.generator, "G"), (config.discriminator, "D")):
        _require(
            network.channel_base >= size,
            f"`channel_base` of {name} must be at least the resolution, "
            f"{size}. Received: channel_base={network.channel_base}",
        )
    maps = fields.channels(config.discriminator, longer)
    groups = config.discriminator.minibatch_channels
    _require(
        groups == 0 or maps % groups == 0,
        f"`discriminator.minibatch_channels` must divide the {maps} maps at "
        f"the smallest resolution. Received: {groups}",
    )


def _validate_architectures(generator, discriminator):
    g, d = generator.architecture, discriminator.architecture
    received = f"Received: generator {g!r}, discriminator {d!r}"
    _require(
        (g in fields.PROGRESSIVE) == (d in fields.PROGRESSIVE),
        "Both networks must be progressive or neither, since they grow "
        f"together. {received}",
    )
    _require(
        (g == "msg") == (d == "msg"),
        "Both networks must be msg or neither: its discriminator looks at "
        f"every scale that its generator makes. {received}",
    )
    _require(
        g in fields.PROGRESSIVE or discriminator.label_mode != "classify",
        "`discriminator.label_mode` classify is that of progan; others have "
        f"`discriminator.label_logits`. Received: architecture={d!r}",
    )
    _require(
        d != "msg" or discriminator.minibatch_channels in (0, 1),
        "`discriminator.minibatch_channels` of msg must be 0 or 1, since its "
        "layers average over features and image together. Received: "
        f"{discriminator.minibatch_channels}",
    )
    for field, values in _FIXED.items():
        value = getattr(generator, field)
        _require(
            g in ("progan", "stylegan") or value in values,
            f"`generator.{field}` is for progan and stylegan. Received: "
            f"{value!r} with architecture={g!r}",
        )


def _validate_growing(config):
    growing, sizes = config.growing, fields.resolutions(config)
    _require(
        growing.initial_resolution in sizes,
        f"`growing.initial_resolution` must be one of {sizes}. "
        f"Received: {growing.initial_resolution}",
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


def _validate_freezing(config):
    count, network = config.training.freeze_d_layers, config.discriminator
    _require(
        not count or not config.growing.initial_resolution,
        "`training.freeze_d_layers` is for networks that are grown: which "
        "layers see the image changes with the stage. Set "
        "growing.initial_resolution=0. Received: freeze_d_layers="
        f"{count} with initial_resolution={config.growing.initial_resolution}",
    )
    images = config.doublings + 1 if network.architecture == "skip" else 1
    branches = 3 if network.architecture == "resnet" else 2
    most = images + branches * config.doublings + 2
    _require(
        count <= most,
        f"`training.freeze_d_layers` must be at most {most}, all layers of "
        f"this discriminator but its last. Received: {count}",
    )


def _validate_augmentation(config):
    augment, is_adaptive = config.augment, config.augment.mode == "adaptive"
    _require(
        config.discriminator.architecture != "msg",
        "`augment.mode` must be off with msg, whose discriminator compares an "
        "image's scales, each of which would be augmented in another way. "
        f"Received: {augment.mode!r}; or take the architectures skip and "
        "resnet",
    )
    _require(
        is_adaptive or augment.p > 0,
        "`augment.p` must be above 0 where `augment.mode` is fixed, 0.2 for "
        f"instance; or take adaptive. Received: p={augment.p:g}",
    )
    _require(
        not is_adaptive or augment.p <= augment.max_p,
        "`augment.p`, from where adaptive augmentation starts, must be at "
        f"most `augment.max_p`. Received: p={augment.p:g}, "
        f"max_p={augment.max_p:g}",
    )
    is_validated = is_adaptive and augment.heuristic == "validation"
    _require(
        not is_validated or config.data.holdout > 0,
        "`augment.heuristic` validation compares with images that are held "
        "out: set `data.holdout`, 0.05 for instance, or take sign. Received: "
        f"holdout={config.data.holdout:g}",
    )
    _require(
        not is_adaptive or is_validated or has_zero(config.loss),
        "`augment.heuristic` sign needs scores whose sign says real or fake, "
        f"which those of {config.loss.adversarial} do not: take "
        "`augment.heuristic` validation with `data.holdout` 0.05, or "
        "`augment.mode` off. Received: "
        f"adversarial={config.loss.adversarial!r}",
    )


def has_zero(loss):
    """Whether a sign says real or fake, see `losses.real_margin`."""
    return loss.adversarial != "wgan"


def _require(condition, message):
    if not condition:
        raise ValueError(message)
