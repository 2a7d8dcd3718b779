"""Bundled cartoon faces at 32x32 on a CPU: the README's first command.

StyleGAN2's networks (arXiv 1912.04958), lazy regularisation and averaged
generator; narrow, so that two CPU cores show faces in minutes. What networks
so narrow learn fastest from is not all the paper's: a higher rate, a smaller
batch, and a loss of pairs (arXiv 2501.05441); docs/quickstart_study.md has
what was tried. The paper's own rows are in stylegan2.py.

    python -m tools.train --config=configs/quickstart.py \\
        --workdir=runs/quickstart

    faces      of any kind (the default)
    classes    plain, with glasses, facial hair, or both, asked for by name: D
               has a score for each, and also tells the class, from which both
               networks learn (AC-GAN, arXiv 1610.09585), since 32x32 pixels
               show little of facial hair; three times as long
"""

from stylegan_tf import config as config_lib
from stylegan_tf import recipes

VARIANTS = "faces", "classes"


def get_config(variant="faces"):
    """One of `VARIANTS`."""
    recipes.check_variant(variant, VARIANTS)
    config = config_lib.Config(name="quickstart", resolution=32)
    recipes.narrow(config)
    config.training.sample_kimg = 5
    config.training.snapshot_kimg = 10
    if variant == "faces":
        _set_faces(config)
    else:
        _set_classes(config)
    return config


def _set_faces(config):
    training = config.training
    recipes.lean(config)
    recipes.pairs(config.loss, 0.5)
    recipes.rates(training, 0.005)
    training.batch_size = 8
    training.total_kimg = 40
    training.ema_half_life_kimg = 2.0


def _set_classes(config):
    training = config.training
    config.data.use_labels = True
    config.discriminator.label_mode = "select"
    config.discriminator.label_logits = True
    config.loss.r1_gamma = 0.5
    config.loss.acgan_weight = 0.4  # 1 is heeded more, and varies less
    training.batch_size = 32
    training.total_kimg = 160
    # Snapshots 10 kimg apart draw more or less facial hair.
    training.ema_half_life_kimg = 10.0
