"""How training goes on with networks: losses, rates, stage, what is off.

The values of each family's own runs at the full resolution, without what
depends on a beginning: no growing, no ramps.
"""

import copy

from stylegan_tf import recipes, rules
from stylegan_tf.config import tables


def settle(config, kind):
    """A copy of the config with the training fields of its family.

    Args:
        config: Of networks that were read from a file.
        kind: See `imported.Imported`.
    """
    config = copy.deepcopy(config)
    config.data.use_labels = config.label_size > 0
    config.training.ema_rampup = 0.0  # the averaged weights are known
    if kind == "rosinality":
        config.training.precision = "float32"
    if kind in ("progan", "stylegan", "stylegan2"):
        recipes.official(config)
    if config.is_progressive:
        _settle_progressive(config)
    if kind == "progan":
        recipes.progan(config)
        if not config.label_size:
            config.loss.acgan_weight = 0.0
    elif kind == "stylegan":
        recipes.stylegan(config)
        if not config.generator.use_styles:
            config.loss.style_mixing_prob = 0.0
    elif kind == "stylegan2" and not config.is_progressive:
        is_narrow = config.generator.channel_base < 32768  # config E
        config.loss.r1_gamma = 100.0 if is_narrow else 10.0
        config.training.max_batch_per_replica = 4
    elif "ada" in kind or kind == "stylegan3":
        _settle_ada(config)
    return config


def from_stage(config, stage):
    """A copy of the config for a run that starts at a stage.

    Args:
        config: Of the networks to start from.
        stage: What they have grown to.
    """
    config = copy.deepcopy(config)
    if config.is_progressive:
        shown = stage.resolution or config.resolution
        is_grown = shown == config.resolution
        config.growing.initial_resolution = 0 if is_grown else shown
    return config


def fit_to_data(config, typed):
    """A copy of a network's config for other data, which tell their labels.

    Args:
        config: What the networks to start from were made of.
        typed: Fields that the user gave, by dotted name.
    """
    config = copy.deepcopy(config)
    is_told = "label_size" in typed
    uses_labels = typed.get("data.use_labels", config.data.use_labels)
    if not is_told and ("data.path" in typed or not uses_labels):
        config.label_size, config.label_names = 0, ()
    size = typed.get("resolution", config.resolution)
    start = config.growing.initial_resolution
    if not config.is_progressive or "growing.initial_resolution" in typed:
        return config
    if size > config.resolution:  # from there on they grow
        config.growing.initial_resolution = start or config.resolution
    elif size <= start:
        config.growing.initial_resolution = 0
    return config


def begin(config, typed):
    """The config of a run that starts from networks, and what changed.

    The averaged generator begins with a good one, so that its average need
    not be short at first; augmentation that adapts finds its strength sooner.

    Args:
        config: With the fields that were typed.
        typed: By dotted name; they stay.

    Returns:
        A copy, and a `rules.Choice` for each field that is another.
    """
    fields = ["training.ema_rampup"]
    if config.augment.mode == "adaptive":
        fields.append("augment.speed_kimg")
    choices = rules.choices(
        resolution=config.resolution,
        is_pretrained=True,
        given={"training.total_kimg": config.training.total_kimg},
    )
    config, made = copy.deepcopy(config), []
    for choice in choices:
        group, _, name = choice.field.rpartition(".")
        if choice.field not in fields or choice.field in typed:
            continue
        holder = getattr(config, group)
        if getattr(holder, name) != choice.value:
            setattr(holder, name, choice.value)
            made.append(choice)
    return config, made


def _settle_progressive(config):
    training, size = config.training, min(config.resolution, 1024)
    rates = tables.table(recipes.LEARNING_RATES)
    recipes.rates(training, rates.get(size, recipes.BASE_LEARNING_RATE))
    limits = tables.table(recipes.BATCH_LIMITS)
    training.max_batch_per_replica = limits.get(config.resolution, 0)


def _settle_ada(config):
    """What stylegan2-ada's `auto` derives from the resolution."""
    training, size = config.training, config.resolution
    config.loss.r1_gamma = 0.0002 * size**2 / training.batch_size
    recipes.rates(training, 0.002 if size >= 1024 else 0.0025)
