"""How training goes on with official networks: losses, rates, stage.

The values of each family's own runs at the full resolution, without what
depends on a beginning: no growing, no ramps.
"""

import copy

# Of progressive networks; below and above: 0.001 and 0.003.
_LEARNING_RATES = {128: 0.0015, 256: 0.002}
_FLOAT32 = ("progan", "stylegan", "stylegan2", "rosinality")
_MOST_AT_ONCE = {256: 16, 512: 8, 1024: 4}  # images of a replica


def settle(config, kind):
    """A copy of the config with the training fields of its family.

    Args:
        config: Of networks that were read from a file.
        kind: See `imported.Imported`.
    """
    config = copy.deepcopy(config)
    config.data.use_labels = config.label_size > 0
    config.training.ema_rampup = 0.0  # the averaged weights are known
    config.training.precision = precision(kind)
    if kind in ("progan", "stylegan", "stylegan2"):
        config.loss.fake_labels = "real"
    if config.is_progressive:
        _settle_progressive(config)
    if kind == "progan":
        _wgan_gp(config)
        config.training.ema_step_decay = 0.999
        config.training.discriminator_first = True
    elif kind == "stylegan":
        _not_lazy(config.loss)
        config.training.discriminator_first = True
        if not config.generator.use_styles:
            config.loss.style_mixing_prob = 0.0
    elif kind == "stylegan2" and not config.is_progressive:
        is_narrow = config.generator.channel_base < 32768  # config E
        config.loss.r1_gamma = 100.0 if is_narrow else 10.0
        config.training.max_batch_per_replica = 4
    elif "ada" in kind or kind == "stylegan3":
        _settle_ada(config)
    return config


def precision(kind):
    """`config.training.precision` for a kind: that of its official runs."""
    return "float32" if kind in _FLOAT32 else "auto"


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
    training, size = config.training, config.resolution
    rate = _LEARNING_RATES.get(size, 0.003 if size > 256 else 0.001)
    training.generator_lr = training.discriminator_lr = rate
    training.max_batch_per_replica = _MOST_AT_ONCE.get(size, 0)


def _not_lazy(loss):
    loss.pl_weight = 0.0
    loss.d_reg_interval_steps = loss.g_reg_interval_steps = 1


def _wgan_gp(config):
    loss = config.loss
    _not_lazy(loss)
    loss.adversarial = "wgan"
    loss.r1_gamma = loss.style_mixing_prob = 0.0
    loss.wgan_gp_weight = 10.0
    loss.wgan_drift = 0.001
    loss.acgan_weight = 1.0 if config.label_size else 0.0


def _settle_ada(config):
    """What stylegan2-ada's `auto` derives from the resolution."""
    training, size = config.training, config.resolution
    config.loss.r1_gamma = 0.0002 * size**2 / training.batch_size
    rate = 0.002 if size >= 1024 else 0.0025
    training.generator_lr = training.discriminator_lr = rate
