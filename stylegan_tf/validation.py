"""What the fields of a config may hold together.

What one may hold alone is said where it is declared, in `config`.
"""

import functools

from stylegan_tf import bounds, suggest

closest = suggest.closest
PROGRESSIVE = ("progan", "stylegan", "revised")
ARCHITECTURES = ("orig", "skip", "resnet", "msg", *PROGRESSIVE)
TABLES = (
    "batch_sizes",
    "batch_limits",
    "images_at_once",
    "learning_rates",
    "tick_kimg",
)


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
        return bounds.table(text)
    except ValueError:
        raise ValueError(
            f'`{field}` must be a table such as "8:256 16:128". '
            f"Received: {text!r}"
        ) from None


@functools.lru_cache
def tables(field, text):
    """Tables by the fewest replicas that each is for.

    A text such as "1= 8:128; 8= 8:256" has two; one without "=" is for all.

    Raises:
        ValueError: If it holds no such tables.
    """
    if "=" not in text:
        return {1: table(field, text)}
    try:
        parts = [part.split("=") for part in text.split(";")]
        return {int(fewest): table(field, t) for fewest, t in parts}
    except ValueError:
        raise ValueError(
            f'`{field}` must be a table such as "8:256 16:128", or several '
            'such as "1= 8:128; 8= 8:256", each after the fewest replicas that '
            f"it is for. Received: {text!r}"
        ) from None


def _validate_growing(config):
    growing = config.growing
    for field in TABLES:
        tables(f"growing.{field}", getattr(growing, field))
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
        growing.stabilise_kimg + growing.fade_kimg > 0,
        "`growing.stabilise_kimg` and `growing.fade_kimg` must not both be 0 "
        "in a run that grows",
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
    weights = loss.experimental_ppl_weight, loss.experimental_ls_weight
    _require(
        not any(weights) or config.generator.architecture != "progan",
        "The experimental weights must be 0 for progan, which has no w. "
        f"Received: {weights}",
    )


def _require(condition, message):
    if not condition:
        raise ValueError(message)
