"""Fashion-MNIST (arXiv 1708.07747) on a CPU: ten classes at 32x32 in grey.

    python -m tools.prepare_dataset --source=DIR --output=data/fashion.zip \\
        --resolution=32 --channels=1 --crop=pad
    python -m tools.train --config=configs/fashion.py --workdir=runs/fashion

DIR holds train-images-idx3-ubyte.gz: 60,000 photos of 28x28 pixels on black,
so that black around them makes them 32x32. Debian's package
dataset-fashion-mnist puts it at /usr/share/datasets/fashion-mnist.

    conditional      the classes are asked for by name (the default)
    unconditional    the same networks without them

The networks are as narrow as quickstart's, with its R1 and its rates, and the
paper's logistic loss. What ADA's authors leave out on CIFAR-10 is left out
(arXiv 2006.06676, appendix C): path length, style mixing, residual connections
in D and six layers of mapping, which 32x32 pixels do not need
(docs/quickstart_study.md). There is no augmentation: each image is seen 17
times in all, and turned over, shoes and bags would be others.
"""

from stylegan_tf import recipes

VARIANTS = recipes.CLASSES


def get_config(variant="conditional"):
    """One of `VARIANTS`."""
    config = recipes.classes("fashion", variant)
    config.image_channels = 1
    config.data.path = "data/fashion.zip"
    return config
