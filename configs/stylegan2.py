"""StyleGAN2 (arXiv 1912.04958): every row of its tables 1 and 2.

    python -m tools.train --config=configs/stylegan2.py:f \\
        --config.data.path=DIR --workdir=runs/faces

25000 kimg of f at 1024x1024 take 9 days 18 hours on eight V100, of e 5 days 6
hours. Published FID and perceptual path length on FFHQ, 1024x1024:

    a  StyleGAN                        4.40  212.1
    b  + weight demodulation           4.39  175.4
    c  + lazy regularisation           4.38  158.0
    d  + path length regularisation    4.34  122.5
    e  no growing, new architectures   3.31  124.5
    f  + large networks                2.84  145.0

Table 2, e with other architectures, such as e-gskip-dresnet:

              D orig       D skip       D resnet
    G orig    4.32  265    4.18  235    3.58  269
    G skip    4.33  169    3.77  127    3.31  125
    G resnet  4.35  203    3.96  229    3.79  243

msg is e with MSG-GAN's networks (arXiv 1903.06048), which look at an image of
every block at once; our sources give no number for it.

As officially, training is in float32 and a replica takes 4 images at once (a
to d more below 64 pixels), which mixing and minibatch stddev see; gradients
are summed over such rounds. --config.training.max_batch_per_replica=0 takes
the whole batch at once, --config.training.precision=auto is for fast GPUs.

All but f's FID are quoted from memory of the paper. The official runs on FFHQ
mirror the images (--config.data.mirror=True). a to d grow from 8x8; any
resolution from 8 works (--config.resolution=64).
"""

import itertools

from stylegan_tf import config as config_lib
from stylegan_tf import recipes

ARCHITECTURES = ("orig", "skip", "resnet")
_GRID = {
    f"e-g{generator}-d{discriminator}": (generator, discriminator)
    for generator, discriminator in itertools.product(
        ARCHITECTURES, ARCHITECTURES
    )
}
_PAIRS = {**_GRID, "msg": ("msg", "msg")}
_PROGRESSIVE = {"a": "stylegan", "b": "revised", "c": "revised", "d": "revised"}
VARIANTS = (*"abcdef", *_PAIRS)


def get_config(variant="f"):
    """One of `VARIANTS`."""
    if variant not in VARIANTS:
        raise ValueError(
            f"The variant must be one of {', '.join(VARIANTS)}. "
            f"Received: {variant!r}"
        )
    config = _base(variant)
    if variant in _PROGRESSIVE:
        _grow(config, _PROGRESSIVE[variant])
    else:
        g, d = _PAIRS.get(variant, ("skip", "resnet"))
        config.generator.architecture = g
        config.discriminator.architecture = d
    loss = config.loss
    if variant in ("a", "b"):
        loss.d_reg_interval_steps = loss.g_reg_interval_steps = 1
    if variant in ("a", "b", "c"):
        # c keeps the lazy correction of the generator's Adam, as officially.
        loss.pl_weight = 0.0
    if variant.startswith("e") or variant == "msg":
        loss.r1_gamma = 100.0
    if variant == "f":
        for network in (config.generator, config.discriminator):
            network.channel_base = 32768
    return config


def _base(variant):
    config = config_lib.Config(name=f"stylegan2-{variant}", resolution=1024)
    for network in (config.generator, config.discriminator):
        network.channel_base = 16384
    config.generator.label_mode = "concat"
    config.discriminator.label_mode = "select"
    config.loss.fake_labels = "real"
    training = config.training
    training.ema_rampup = 0.0
    training.max_batch_per_replica = 4
    training.precision = "float32"
    return config


def _grow(config, architecture):
    config.generator.architecture = architecture
    config.discriminator.architecture = architecture
    growing, training = config.growing, config.training
    growing.initial_resolution = 8
    growing.batch_sizes = "8:256 16:128 32:64 64:32"
    growing.images_at_once = "8:32 16:16 32:8 64:4"
    growing.learning_rates = recipes.LEARNING_RATES
    growing.tick_kimg = "8:28 16:24 32:20 64:16 128:12 256:8 512:6 1024:4"
    training.generator_lr = training.discriminator_lr = 0.001
