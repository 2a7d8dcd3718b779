"""How training goes on with official networks: losses, rates, stage.

The values of each family's own runs at the full resolution, without what
depends on a beginning: no growing, no ramps.
"""

import copy

from stylegan_tf import recipes
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
