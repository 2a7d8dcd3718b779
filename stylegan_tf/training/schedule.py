"""What changes while training, as pure functions of `images_seen`."""


def runs_penalty(config, step):
    """Whether the iteration after `step` others regularises D."""
    loss = config.loss
    weights = loss.r1_gamma, loss.r2_gamma, loss.wgan_gp_weight
    return any(weights) and step % loss.d_reg_interval_steps == 0


def runs_path_length(config, step):
    """Whether the iteration after `step` others regularises G."""
    loss = config.loss
    return bool(loss.pl_weight) and step % loss.g_reg_interval_steps == 0


def scores_held_out(config, step):
    """Whether the iteration after `step` others scores held-out images.

    As often as adaptive augmentation looks at the scores, so that it may
    look at these.
    """
    return step % config.augment.interval_steps == 0


def lazy_correction(interval_steps):
    """Factor k / (k + 1) on Adam's rate, and power of its decays.

    A lazy regulariser makes k + 1 optimizer steps of k iterations (arXiv
    1912.04958, appendix B). 1 where it shares the loss's step.
    """
    if interval_steps == 1:
        return 1.0
    return interval_steps / (interval_steps + 1)


def ema_decay(config, images_seen):
    """How much of the averaged generator stays after this iteration.

    The half-life is counted in images; the ramp-up keeps it short at first
    (arXiv 2006.06676, appendix C). `images_seen` counts up to this
    iteration, without it. ProGAN's is the same for every batch (arXiv
    1710.10196, appendix A.1).
    """
    training = config.training
    if training.ema_step_decay:
        return training.ema_step_decay
    half_life = training.ema_half_life_kimg * 1000
    if training.ema_rampup:
        half_life = min(half_life, images_seen * training.ema_rampup)
    return 0.5 ** (training.batch_size / max(half_life, 1e-8))


def is_due(images_seen, batch_size, period_kimg):
    """Whether the last iteration crossed a multiple of the period."""
    if period_kimg <= 0:
        return False
    period = period_kimg * 1000
    return images_seen // period > (images_seen - batch_size) // period
