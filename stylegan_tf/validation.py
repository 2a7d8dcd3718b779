"""What the fields of a config may hold."""

import difflib

PROGRESSIVE = ("progan", "stylegan", "revised")
ARCHITECTURES = ("orig", "skip", "resnet", "msg", *PROGRESSIVE)
SWITCHES = ("auto", "on", "off")
TABLES = (
    "batch_sizes",
    "batch_limits",
    "images_at_once",
    "learning_rates",
    "tick_kimg",
)
ADVERSARIAL_LOSSES = ("logistic", "logistic_saturating", "hinge", "wgan")
ACTIVATIONS = ("linear", "relu", "lrelu")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")


def validate(config):
    """Raises `ValueError` with the field and its value if one is bad.

    Args:
        config: A `stylegan_tf.config.Config`.
    """
    longer = max(config.base_shape)
    size = config.resolution
    _require(
        size >= 2 * longer and longer << config.doublings == size,
        f"`resolution` must be {longer} * 2**k, k >= 1, the longer side of "
        f"`base_shape` doubled k times. Received: resolution={size}",
    )
    _require(
        1 <= config.image_channels <= 4,
        "`image_channels` must be 1 to 4. "
        f"Received: image_channels={config.image_channels}",
    )
    generator, discriminator = config.generator, config.discriminator
    for network, name in ((generator, "G"), (discriminator, "D")):
        _one_of(f"architecture of {name}", network.architecture, ARCHITECTURES)
        _one_of(f"activation of {name}", network.activation, ACTIVATIONS)
        _require(
            network.channel_base >= size,
            f"`channel_base` of {name} must be at least the resolution, "
            f"{size}. Received: channel_base={network.channel_base}",
        )
        _require(
            all(
                n >= 1
                for n in table("channel_table", network.channel_table).values()
            ),
            f"`channel_table` of {name} must hold numbers from 1. "
            f"Received: {network.channel_table!r}",
        )
    _validate_sizes(generator, discriminator, longer)
    _one_of(
        "generator.label_mode",
        generator.label_mode,
        ("embed", "concat", "raw"),
    )
    _one_of(
        "discriminator.label_mode",
        discriminator.label_mode,
        ("projection", "select", "classify"),
    )
    _validate_families(generator, discriminator)
    _validate_growing(config)
    _validate_training(config)


def _validate_sizes(generator, discriminator, smallest):
    _require(
        generator.mapping_layers >= 0 and discriminator.mapping_layers >= 0,
        "`mapping_layers` must not be negative. Received: "
        f"{generator.mapping_layers} and {discriminator.mapping_layers}",
    )
    maps = channels(discriminator, smallest)
    groups = discriminator.minibatch_channels
    _require(
        groups == 0 or maps % groups == 0,
        f"`discriminator.minibatch_channels` must divide the {maps} maps at "
        f"the smallest resolution. Received: {groups}",
    )


def channels(network, resolution):
    """Feature maps of `network` (its config) at `resolution`."""
    usual = min(network.channel_base // resolution, network.channel_max)
    special = table("channel_table", network.channel_table)
    return int(special.get(resolution, usual))


def table(field, text):
    """Numbers by resolution of a text such as "8:256 16:128".

    Raises:
        ValueError: If it is no such table.
    """
    try:
        pairs = [pair.split(":") for pair in text.split()]
        return {int(size): float(value) for size, value in pairs}
    except ValueError:
        raise ValueError(
            f'`{field}` must be a table such as "8:256 16:128". '
            f"Received: {text!r}"
        ) from None


def _validate_growing(config):
    growing = config.growing
    for field in TABLES:
        table(f"growing.{field}", getattr(growing, field))
    first = growing.initial_resolution
    if not first:
        return
    sizes = [max(config.base_shape) << k for k in range(config.doublings + 1)]
    _require(
        first in sizes,
        f"`growing.initial_resolution` must be one of {sizes}. "
        f"Received: {first}",
    )
    _require(
        config.is_progressive,
        "`growing.initial_resolution` is for progressive architectures, "
        f"{', '.join(PROGRESSIVE)}. Received: "
        f"architecture={config.generator.architecture!r}",
    )
    _require(
        growing.stabilise_kimg >= 0
        and growing.fade_kimg >= 0
        and growing.stabilise_kimg + growing.fade_kimg > 0,
        "`growing.stabilise_kimg` and `growing.fade_kimg` must not be "
        "negative, nor both 0. Received: "
        f"{growing.stabilise_kimg}, {growing.fade_kimg}",
    )


def _validate_families(generator, discriminator):
    g, d = generator.architecture, discriminator.architecture
    _require(
        (g in PROGRESSIVE) == (d in PROGRESSIVE),
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
        g in PROGRESSIVE or discriminator.label_mode != "classify",
        "`discriminator.label_mode` classify is that of progan. "
        f"Received: architecture={d!r}",
    )
    for network, name in ((generator, "generator"), (discriminator, "D")):
        _one_of(f"fused_scale of {name}", network.fused_scale, SWITCHES)
    for field in ("pixel_norm", "instance_norm"):
        value = getattr(generator, field)
        _one_of(f"generator.{field}", value, SWITCHES)
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
    _one_of("loss.adversarial", loss.adversarial, ADVERSARIAL_LOSSES)
    _one_of("training.precision", training.precision, PRECISIONS)
    _one_of("training.jit_compile", training.jit_compile, SWITCHES)
    for name, is_fine in (
        ("batch_size", training.batch_size >= 1),
        ("total_kimg", training.total_kimg > 0),
        ("log_kimg", training.log_kimg > 0),
        ("generator_lr", training.generator_lr >= 0),
        ("discriminator_lr", training.discriminator_lr >= 0),
        ("sample_grid", _is_pair(training.sample_grid)),
        ("keep_every_kimg", not 0 < training.keep_every_kimg < 0.001),
    ):
        _require(
            is_fine,
            f"`training.{name}` is out of range. "
            f"Received: {getattr(training, name)}",
        )
    _require(
        not loss.acgan_weight or config.discriminator.label_mode == "classify",
        "`loss.acgan_weight` needs label logits, which progan's discriminator "
        f"has. Received: {loss.acgan_weight} with architecture="
        f"{config.discriminator.architecture!r}",
    )
    weights = loss.experimental_ppl_weight, loss.experimental_ls_weight
    _require(
        min(weights) >= 0
        and (not any(weights) or config.generator.architecture != "progan"),
        "The experimental weights must not be negative, and 0 for progan, "
        f"which has no w. Received: {weights}",
    )
    _require(
        0 <= loss.style_mixing_prob <= 1,
        "`loss.style_mixing_prob` must be from 0 to 1. "
        f"Received: {loss.style_mixing_prob}",
    )
    _require(
        loss.pl_batch_shrink >= 1
        and loss.d_reg_interval_steps >= 1
        and loss.g_reg_interval_steps >= 1,
        "Intervals and `pl_batch_shrink` must be at least 1. Received: "
        f"d_reg_interval_steps={loss.d_reg_interval_steps}, "
        f"g_reg_interval_steps={loss.g_reg_interval_steps}, "
        f"pl_batch_shrink={loss.pl_batch_shrink}",
    )


def _is_pair(value):
    return len(value) == 2 and min(value) >= 1


def closest(name, names):
    """A hint naming the closest of `names`, or an empty string."""
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" Did you mean `{near[0]}`?" if near else ""


def _require(condition, message):
    if not condition:
        raise ValueError(message)


def _one_of(field, value, choices):
    _require(
        value in choices,
        f"`{field}` must be one of {', '.join(choices)}. Received: {value!r}."
        + closest(str(value), choices),
    )
