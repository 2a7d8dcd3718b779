"""StyleGAN2 (arXiv 1912.04958): configs E and F, every row of table 2.

python -m tools.train --config=configs/stylegan2.py:f
    --config.data.path=DIR --workdir=runs/faces

25000 kimg of f at 1024x1024 take 9 days 18 hours on eight V100, of e 5 days 6
hours. Published FID and perceptual path length on FFHQ, 1024x1024: e 3.31 and
124.5, f 2.84 and 145.0. Table 2, e with other architectures, such as
e-gskip-dresnet:

              D orig       D skip       D resnet
    G orig    4.32  265    4.18  235    3.58  269
    G skip    4.33  169    3.77  127    3.31  125
    G resnet  4.35  203    3.96  229    3.79  243

All but f's FID are quoted from memory of the paper. Any resolution from 8
works (--config.resolution=64).
"""

import itertools

from stylegan_tf import config as config_lib

_ARCHITECTURES = ("orig", "skip", "resnet")
_GRID = {
    f"e-g{generator}-d{discriminator}": (generator, discriminator)
    for generator, discriminator in itertools.product(
        _ARCHITECTURES, _ARCHITECTURES
    )
}
VARIANTS = ("e", "f", *_GRID)


def get_config(variant="f"):
    """One of `VARIANTS`."""
    if variant not in VARIANTS:
        raise ValueError(
            f"The variant must be one of {', '.join(VARIANTS)}. "
            f"Received: {variant!r}"
        )
    config = config_lib.Config(name=f"stylegan2-{variant}", resolution=1024)
    g, d = _GRID.get(variant, ("skip", "resnet"))
    config.generator.architecture, config.discriminator.architecture = g, d
    for network in (config.generator, config.discriminator):
        network.channel_base = 32768 if variant == "f" else 16384
    config.generator.label_mode = "concat"
    config.discriminator.label_mode = "select"
    config.loss.r1_gamma = 10.0 if variant == "f" else 100.0
    config.training.ema_rampup = 0.0
    return config
