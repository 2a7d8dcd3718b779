"""Bundled cartoon faces at 32x32 on a CPU: the README's first command.

StyleGAN2 (arXiv 1912.04958): skip generator, residual discriminator, R1, path
length, lazy regularisation, style mixing, averaged generator; narrow, so that
two CPU cores show faces in minutes.

    python -m tools.train --config=configs/quickstart.py \\
        --workdir=runs/quickstart

    faces      of any kind (the default)
    classes    plain, with glasses, facial hair, or both, asked for by name: D
               has a score for each, and also tells the class, from which both
               networks learn (AC-GAN, arXiv 1610.09585), since 32x32 pixels
               show little of facial hair; twice as long
"""

from stylegan_tf import config as config_lib
from stylegan_tf import recipes

VARIANTS = "faces", "classes"


def get_config(variant="faces"):
    """One of `VARIANTS`."""
    recipes.check_variant(variant, VARIANTS)
    config = config_lib.Config(name="quickstart", resolution=32)
    recipes.narrow(config)
    config.loss.r1_gamma = 0.5
    training = config.training
    training.total_kimg = 70
    training.batch_size = 32
    training.ema_half_life_kimg = 3.0
    training.sample_kimg = 5
    training.snapshot_kimg = 10
    if variant == "classes":
        config.data.use_labels = True
        config.discriminator.label_mode = "select"
        config.discriminator.label_logits = True
        config.loss.acgan_weight = 0.4  # 1 is heeded more, and varies less
        training.total_kimg = 160
        # Snapshots 10 kimg apart draw more or less facial hair.
        training.ema_half_life_kimg = 10.0
    return config
