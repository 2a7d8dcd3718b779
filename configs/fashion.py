"""Fashion-MNIST (arXiv 1708.07747) on a CPU: ten classes at 32x32 in grey.

    python -m tools.prepare_dataset --source=DIR --output=data/fashion.zip \\
        --resolution=32 --channels=1 --crop=pad
    python -m tools.train --config=configs/fashion.py --workdir=runs/fashion

DIR holds train-images-idx3-ubyte.gz: 60,000 photos of 28x28 pixels, on black,
so that black around them makes them 32x32. Debian's package
dataset-fashion-mnist puts it at /usr/share/datasets/fashion-mnist.

    conditional      the classes are asked for by name (the default)
    unconditional    the same network without them

The networks are as narrow as quickstart's and R1 is as strong. What ADA's
authors changed for CIFAR-10 is changed here too (arXiv 2006.06676, appendix
C): a mapping of two layers, and neither path length, style mixing nor residual
connections in D, which cost time and which 32x32 pixels do not need. There is
no augmentation: 60,000 images are enough, and turned over, shoes and bags would
be others.
"""

from stylegan_tf import config as config_lib
from stylegan_tf import recipes

VARIANTS = ("conditional", "unconditional")


def get_config(variant="conditional"):
    """One of `VARIANTS`."""
    recipes.check_variant(variant, VARIANTS)
    config = config_lib.Config(name=f"fashion-{variant}", resolution=32)
    config.image_channels = 1
    config.data.path = "data/fashion.zip"
    config.data.use_labels = variant == "conditional"
    recipes.narrow(config)
    recipes.cifar(config)
    config.loss.r1_gamma = 0.5
    training = config.training
    training.total_kimg = 1000
    training.batch_size = 32
    training.ema_half_life_kimg = 20
    training.sample_kimg = 20
    training.sample_grid = (10, 10)
    training.snapshot_kimg = 40
    return config
