"""StyleGAN2 (arXiv 1912.04958): every row of its tables 1 to 3.

    python -m tools.train --config=configs/stylegan2.py:f \\
        --config.data.path=DIR --workdir=runs/faces

25000 kimg of f at 1024x1024 take 9 days 18 hours on eight V100, of e 5 days 6
hours. `PUBLISHED` has the papers' figures.

    a  StyleGAN                        d  + path length regularisation
    b  + weight demodulation           e  no growing, new architectures
    c  + lazy regularisation           f  + large networks

    a-large                            a with networks as large as f's
    e-gorig-dorig to e-gresnet-dresnet table 2: generator and discriminator
                                       orig, skip, resnet; e is e-gskip-dresnet
    a-car to f-car, e-g*-d*-car        tables 1 and 2 on LSUN Car, 512x384
    a-cat f-cat a-church f-church      table 3: StyleGAN and StyleGAN2 on LSUN,
    a-horse f-horse                    256x256; a-car and f-car too

msg is e with MSG-GAN's networks (arXiv 1903.06048), which look at an image of
every block at once; our sources give no number for it.

As officially, training is in float32 and a replica takes 4 images at once (a
to d more below 64 pixels), which mixing and minibatch stddev see; gradients
are summed over such rounds. --config.training.max_batch_per_replica=0 takes
the whole batch at once, --config.training.precision=auto is for fast GPUs.
Rounds of 4 cost a seventh of the speed on two CPU cores (60.5 instead of 70.0 %
of the peak: tools.benchmark --batch_size=32 --channel_base=2048
--channel_max=128, with --max_batch_per_replica=4 and without).

The tables measure fid50k,ppl2_wend,pr50k3. The official runs on FFHQ mirror the
images (--config.data.mirror=True), those on LSUN do not; cars are 512x384 on
black (tools.prepare_dataset --crop=wide --width=512 --height=384). R1's gamma
is 100 in e, and in f on churches and horses, else 10: our sources do not tell
that of a on LSUN. a to d grow from 8x8; any resolution from 8 works
(--config.resolution=64).
"""

import itertools

from stylegan_tf import recipes

ARCHITECTURES = ("orig", "skip", "resnet")
_GRID = {
    f"e-g{g}-d{d}": (g, d)
    for g, d in itertools.product(ARCHITECTURES, repeat=2)
}
_PAIRS = {**_GRID, "msg": ("msg", "msg")}
_PROGRESSIVE = {"a": "stylegan", "b": "revised", "c": "revised", "d": "revised"}
_PROGRESSIVE["a-large"] = _PROGRESSIVE["a"]
# Resolution and kimg.
_LSUN = {
    "car": (512, 57000),
    "cat": (256, 88000),
    "church": (256, 88000),
    "horse": (256, 100000),
}
VARIANTS = (
    *"abcdef",
    "a-large",
    *_PAIRS,
    *(f"{row}-car" for row in (*"abcdef", *_GRID)),
    *(f"{row}-{name}" for name in ("cat", "church", "horse") for row in "af"),
)


def _figures(*figures):
    names = "FID", "PPL", "precision", "recall"
    return dict(zip(names, figures, strict=False))


# All but f's are quoted from memory of the paper. Tables 1 and 3:
PUBLISHED = {
    "a": _figures(4.40, 212.1, 0.721, 0.399),
    "b": _figures(4.39, 175.4, 0.702, 0.425),
    "c": _figures(4.38, 158.0, 0.719, 0.427),
    "d": _figures(4.34, 122.5, 0.715, 0.418),
    "e": _figures(3.31, 124.5, 0.705, 0.449),
    "f": _figures(2.84, 145.0, 0.689, 0.492),
    "a-large": _figures(3.98, 199.2, 0.716, 0.422),
    "a-car": _figures(3.27, 1484.5, 0.701, 0.435),
    "b-car": _figures(3.04, 862.4, 0.685, 0.488),
    "c-car": _figures(2.83, 981.6, 0.688, 0.493),
    "d-car": _figures(3.43, 651.2, 0.697, 0.452),
    "e-car": _figures(3.19, 471.2, 0.690, 0.454),
    "f-car": _figures(2.32, 415.5, 0.678, 0.514),
    "a-cat": _figures(8.53),
    "f-cat": _figures(6.93),
    "a-church": _figures(4.21),
    "f-church": _figures(3.86),
    "a-horse": _figures(3.83),
    "f-horse": _figures(3.43),
}
# Table 2, FID and path length: D orig, skip and resnet of every generator.
_TABLE_2 = {
    ("orig", ""): ((4.32, 265), (4.18, 235), (3.58, 269)),
    ("skip", ""): ((4.33, 169), (3.77, 127), (3.31, 125)),
    ("resnet", ""): ((4.35, 203), (3.96, 229), (3.79, 243)),
    ("orig", "-car"): ((3.75, 905), (3.23, 758), (3.25, 802)),
    ("skip", "-car"): ((3.77, 544), (3.86, 316), (3.19, 471)),
    ("resnet", "-car"): ((3.93, 981), (3.96, 797), (2.66, 507)),
}
PUBLISHED |= {
    f"e-g{g}-d{d}{dataset}": _figures(*figures)
    for (g, dataset), row in _TABLE_2.items()
    for d, figures in zip(ARCHITECTURES, row, strict=True)
}


def get_config(variant="f"):
    """One of `VARIANTS`."""
    config = recipes.start("stylegan2", variant, VARIANTS)
    config.generator.label_mode = "concat"
    config.discriminator.label_mode = "select"
    config.training.max_batch_per_replica = 4
    row, _, dataset = variant.rpartition("-")
    if dataset in _LSUN:
        config.resolution, config.training.total_kimg = _LSUN[dataset]
    else:
        row = variant
    if row in _PROGRESSIVE:
        recipes.grow(
            config,
            _PROGRESSIVE[row],
            initial_resolution=8,
            batch_sizes="8:256 16:128 32:64 64:32",
            images_at_once="8:32 16:16 32:8 64:4",
            learning_rates=recipes.LEARNING_RATES,
            tick_kimg="8:28 16:24 32:20 64:16 128:12 256:8 512:6 1024:4",
        )
    else:
        g, d = _PAIRS.get(row, ("skip", "resnet"))
        config.generator.architecture = g
        config.discriminator.architecture = d
    loss = config.loss
    if row in ("a", "a-large", "b"):
        recipes.not_lazy(loss)
    if row in ("a", "a-large", "b", "c"):
        # c keeps the lazy correction of the generator's Adam, as officially.
        loss.pl_weight = 0.0
    if row.startswith("e") or variant in ("msg", "f-church", "f-horse"):
        loss.r1_gamma = 100.0
    if row in ("f", "a-large"):
        recipes.both(config, channel_base=32768)
    return config
