"""The parts of recipes that several papers share."""

from stylegan_tf import config as config_lib

# Images an iteration by the GPUs there are: presets of ProGAN (its "v2") and
# of StyleGAN.
BATCH_SIZES = (
    "1= 4:128 8:128 16:128 32:64 64:32 128:16 256:8 512:4 1024:4;"
    "2= 4:256 8:256 16:128 32:64 64:32 128:16 256:8 512:8 1024:8;"
    "4= 4:512 8:256 16:128 32:64 64:32 128:16 256:16 512:16 1024:16;"
    "8= 4:512 8:256 16:128 32:64 64:32 128:32 256:32 512:32 1024:32"
)
# Images of one GPU at most.
BATCH_LIMITS = "256:16 512:8 1024:4"
CLASSES = "conditional", "unconditional"  # variants of `classes`
BASE_LEARNING_RATE = 0.001  # at resolutions that a table leaves out
# ProGAN's rates follow its batches.
PROGAN_LEARNING_RATES = (
    "1= 1024:0.0015;"
    "2= 512:0.0015 1024:0.002;"
    "4= 256:0.0015 512:0.002 1024:0.003;"
    "8= 128:0.0015 256:0.002 512:0.003 1024:0.003"
)
# StyleGAN's do not, and StyleGAN2's have one batch.
LEARNING_RATES = "128:0.0015 256:0.002 512:0.003 1024:0.003"


def start(family, variant, variants):
    """The `Config` that the papers' begin with, of the name FAMILY-VARIANT.

    Raises:
        ValueError: If `variant` is none of `variants`.
    """
    check_variant(variant, variants)
    config = config_lib.Config(name=f"{family}-{variant}", resolution=1024)
    both(config, channel_base=16384)
    official(config)
    config.metrics.repeat_reals = True
    return config


def check_variant(variant, variants):
    """Raises `ValueError` if `variant` is none of `variants`."""
    if variant not in variants:
        raise ValueError(
            f"The variant must be one of {', '.join(variants)}. "
            f"Received: {variant!r}"
        )


def both(config, **fields):
    """Sets fields of the generator and of the discriminator."""
    for network in (config.generator, config.discriminator):
        for field, value in fields.items():
            setattr(network, field, value)


def grow(config, architecture, **growing):
    """Makes both networks grow, by fields of `GrowingConfig`."""
    both(config, architecture=architecture)
    config.growing = config_lib.GrowingConfig(**growing)
    rates(config.training, BASE_LEARNING_RATE)


def rates(training, rate):
    """Sets both networks' learning rates."""
    training.generator_lr = training.discriminator_lr = rate


def official(config):
    """Trains as every official code before ADA."""
    config.loss.fake_labels = "real"
    config.training.ema_rampup = 0.0
    config.training.precision = "float32"


def stylegan(config):
    """Trains as StyleGAN: nothing is lazy, D first (arXiv 1812.04948)."""
    not_lazy(config.loss)
    config.loss.pl_weight = 0.0
    config.training.discriminator_first = True


def progan(config):
    """Trains as ProGAN, with labels as AC-GAN (arXiv 1710.10196)."""
    stylegan(config)
    wgan_gp(config.loss)
    config.loss.acgan_weight = 1.0
    config.loss.style_mixing_prob = 0.0
    config.training.ema_step_decay = 0.999


def classes(family, variant):
    """A `Config` for 32x32 images of several classes, a few hours on a CPU.

    As narrow and lean as quickstart's, with its R1 and rates; logistic.

    Args:
        family: Of the name FAMILY-VARIANT.
        variant: "conditional" on the classes, or "unconditional".
    """
    check_variant(variant, CLASSES)
    config = config_lib.Config(name=f"{family}-{variant}", resolution=32)
    config.data.use_labels = variant == "conditional"
    narrow(config)
    lean(config)
    config.loss.r1_gamma = 0.5
    training = config.training
    rates(training, 0.005)
    training.total_kimg = 1000
    training.batch_size = 16
    training.ema_half_life_kimg = 20
    training.sample_kimg = 20
    training.sample_grid = (10, 10)
    training.snapshot_kimg = 40
    return config


def not_lazy(loss):
    """Regularises in every iteration."""
    loss.d_reg_interval_steps = loss.g_reg_interval_steps = 1


def wgan_gp(loss):
    """Takes the Wasserstein loss of ProGAN in place of the logistic one."""
    loss.adversarial = "wgan"
    loss.r1_gamma = 0.0
    loss.wgan_gp_weight = 10.0
    loss.wgan_drift = 0.001


def pairs(loss, weight):
    """Compares each generated image with a real one (arXiv 2501.05441).

    Args:
        weight: Of R1 and R2, which keep D smooth on either side.
    """
    loss.adversarial = "relativistic"
    loss.r1_gamma = loss.r2_gamma = weight


def narrow(config):
    """Makes the networks narrow enough to train on a CPU."""
    for network in (config.generator, config.discriminator):
        network.channel_base //= 32
        network.channel_max = 64
    config.generator.z_size = config.generator.w_size = 128


def lean(config):
    """Leaves out what 32x32 pixels do without, and what costs time.

    As ADA's authors on CIFAR-10 (arXiv 2006.06676, appendix C): path length,
    style mixing, residual connections in D and six layers of the mapping.
    """
    config.generator.mapping_layers = 2
    config.discriminator.architecture = "orig"
    config.loss.pl_weight = 0.0
    config.loss.style_mixing_prob = 0.0


def small(config):
    """Makes of a paper's config a run of minutes on a CPU, at 32x32.

    It has one batch and one learning rate at all resolutions, those of the
    quickstart (docs/quickstart_study.md); R1 stays off where it is off.
    """
    narrow(config)
    config.resolution = 32
    first = config.growing.initial_resolution
    config.growing = config_lib.GrowingConfig(
        initial_resolution=first, stabilise_kimg=4, fade_kimg=4
    )
    training = config.training
    config.loss.r1_gamma = 0.5 if config.loss.r1_gamma else 0.0
    training.total_kimg = 40
    training.batch_size = 8
    training.max_batch_per_replica = 0
    rates(training, 0.005)
    training.ema_half_life_kimg = 2
    training.ema_rampup = 0.05
    training.ema_step_decay = 0
    training.log_kimg = 1
    training.sample_kimg = training.snapshot_kimg = 10
