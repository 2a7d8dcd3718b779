"""StyleGAN2-ADA (arXiv 2006.06676): few images, by adaptive augmentation.

    python -m tools.train --config=configs/ada.py:auto \\
        --config.data.path=DIR --workdir=runs/mine

    auto           for your own images, on GPUs: size, batch, width, rates, R1
                   and averages follow from the images and the devices, and are
                   printed with their reasons
    small          the same for CPUs: networks as narrow as the quickstart's,
                   and its batch, rates and loss of pairs (arXiv 2501.05441)
    paper256       FFHQ and LSUN Cat at 256x256
    paper512       BreCaHAD and AFHQ at 512x512
    paper1024      MetFaces at 1024x1024, from FFHQ's networks (--init_from)
    cifar          CIFAR-10, tuned; conditional: --config.data.use_labels=true
    cifarbaseline  CIFAR-10 before it was tuned
    stylegan2      StyleGAN2's config F with ADA's networks

Any field that is typed wins (--config.training.batch_size=16), and what follows
from it follows. All but auto and small are the official rows: 25000 kimg on
eight V100 are 1 day 18 hours of paper256, 7 days of paper1024; 100000 kimg of
cifar are for two. Without augmentation: --config.augment.mode=off.

Networks and labels are those of the PyTorch code. TensorFlow's has no mapping
of D's labels: --config.discriminator.mapping_layers=0.
"""

from typing import NamedTuple

from stylegan_tf import config as config_lib
from stylegan_tf import recipes


class _Row(NamedTuple):
    """A row of the official table."""

    resolution: int
    gpus: int  # that share the batch; fewer accumulate gradients
    total_kimg: int
    batch_size: int
    group_size: int  # of minibatch stddev
    channel_base: int
    learning_rate: float
    r1_gamma: float
    ema_half_life_kimg: float
    ema_rampup: float
    mapping_layers: int


_ROWS = {
    "paper256": _Row(256, 8, 25000, 64, 8, 16384, 0.0025, 1, 20, 0, 8),
    "paper512": _Row(512, 8, 25000, 64, 8, 32768, 0.0025, 0.5, 20, 0, 8),
    "paper1024": _Row(1024, 8, 25000, 32, 4, 32768, 0.002, 2, 10, 0, 8),
    "cifar": _Row(32, 2, 100000, 64, 32, 16384, 0.0025, 0.01, 500, 0.05, 2),
    "cifarbaseline": _Row(
        *(32, 2, 100000, 64, 32, 16384, 0.0025, 0.01, 500, 0.05, 8)
    ),
    "stylegan2": _Row(1024, 8, 25000, 32, 4, 32768, 0.002, 10, 10, 0, 8),
}
VARIANTS = ("auto", "small", *_ROWS)
# Quoted from memory of the paper, without labels.
PUBLISHED = {"cifar": {"FID": 2.92, "IS": 9.83}}


def get_config(variant="auto"):
    """One of `VARIANTS`."""
    recipes.check_variant(variant, VARIANTS)
    config = config_lib.Config(name=f"ada-{variant}")
    recipes.both(config, conv_clamp=256.0)
    if variant == "auto":
        config.rules = "ada"
        config.generator.mapping_layers = 2
    elif variant == "small":
        config.rules = "small"
        recipes.both(config, channel_max=64)
        recipes.lean(config)
        config.generator.z_size = config.generator.w_size = 128
        config.training.sample_kimg = config.training.snapshot_kimg = 10.0
    else:
        _set_row(config, _ROWS[variant])
    if variant == "cifar":
        recipes.lean(config)
    return config


def _set_row(config, row):
    training = config.training
    config.augment.mode = "adaptive"
    config.resolution = row.resolution
    recipes.both(config, channel_base=row.channel_base)
    config.generator.mapping_layers = row.mapping_layers
    config.discriminator.minibatch_group_size = row.group_size
    config.loss.r1_gamma = float(row.r1_gamma)
    training.total_kimg = float(row.total_kimg)
    training.batch_size = row.batch_size
    training.max_batch_per_replica = row.batch_size // row.gpus
    recipes.rates(training, row.learning_rate)
    training.ema_half_life_kimg = float(row.ema_half_life_kimg)
    training.ema_rampup = float(row.ema_rampup)
