"""CIFAR-10 on a CPU: ten classes of photos at 32x32 in colour.

    python -m tools.prepare_dataset --source=cifar-10-python.tar.gz \\
        --output=data/cifar10.zip
    python -m tools.train --config=configs/cifar10.py --workdir=runs/cifar10

The archive is that of https://www.cs.toronto.edu/~kriz/cifar.html, with 50,000
photos to train on.

    conditional      the classes are asked for by name (the default)
    unconditional    the same networks without them

These are the networks and the settings of configs/fashion.py; each image is
seen 20 times. They show what the components do in a small network. The paper's
networks are eight times as wide, their runs a hundred times as long, and with
augmentation: configs/ada.py:cifar with --config.data.use_labels=true (FID 2.42;
without labels 2.92).

StyleGAN2's table 1 in small networks, one component after the other:

    python -m tools.ablate --config=configs/stylegan2.py \\
        --variants=a,b,c,d,e,f --small --output=runs/components \\
        --config.data.path=data/cifar10.zip

R1 is quickstart's, the loss the paper's; neither was tried on this data set,
which is not here.
"""

from stylegan_tf import recipes

VARIANTS = recipes.CLASSES


def get_config(variant="conditional"):
    """One of `VARIANTS`."""
    config = recipes.classes("cifar10", variant)
    config.data.path = "data/cifar10.zip"
    return config
