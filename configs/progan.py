"""Progressive GAN (arXiv 1710.10196): growing, pixel norm, WGAN-GP.

    python -m tools.train --config=configs/progan.py:v2 \\
        --config.data.path=DIR --workdir=runs/progan

Variants:
    v1: the paper's, 19000 kimg, about a month on one V100.
    v2: the later, faster schedule, 12000 kimg, two days on eight V100, two
        weeks on one; batches and learning rates are those of the official
        presets for 1, 2, 4 or 8 GPUs, whichever fits the replicas there are.

Published: config A of the StyleGAN paper (arXiv 1812.04948, table 1) is this
system, FID 8.04 on FFHQ and 7.79 on CelebA-HQ at 1024x1024.

The official runs on faces mirror the images (--config.data.mirror=True), those
on LSUN too. Any resolution from 8 works (--config.resolution=64): batch and
learning rates follow it. Officially the schedule is looked at after every
fourth batch, here after every one.
"""

from stylegan_tf import recipes

VARIANTS = ("v1", "v2")
_TICK_KIMG = "4:160 8:140 16:120 32:100 64:80 128:60 256:40 512:20 1024:10"


def get_config(variant="v2"):
    """One of `VARIANTS`."""
    config = recipes.start("progan", variant, VARIANTS)
    recipes.progan(config)
    recipes.grow(config, "progan", initial_resolution=4, tick_kimg=_TICK_KIMG)
    growing, training = config.growing, config.training
    if variant == "v1":
        config.discriminator.minibatch_group_size = 16
        growing.stabilise_kimg = growing.fade_kimg = 800
        growing.batch_sizes = "256:14 512:6 1024:3"
        training.batch_size = 16
        training.total_kimg = 19000
    else:
        growing.batch_sizes = recipes.BATCH_SIZES
        growing.batch_limits = recipes.BATCH_LIMITS
        growing.learning_rates = recipes.PROGAN_LEARNING_RATES
        training.total_kimg = 12000
    return config
