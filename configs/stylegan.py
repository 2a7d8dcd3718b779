"""StyleGAN (arXiv 1812.04948): every row of its tables 1 to 4.

    python -m tools.train --config=configs/stylegan.py:f \\
        --config.data.path=DIR --workdir=runs/faces

25000 kimg take 6 days 14 hours on eight V100 at 1024x1024, 3 days 8 hours at
256x256, and 41 days on one. `PUBLISHED` has the paper's figures.

    a  ProGAN baseline                 d  - traditional input
    b  tuned, bilinear resampling      e  + noise inputs
    c  + mapping and styles            f  + mixing regularisation

    celebahq-a to celebahq-f           table 1 on CelebA-HQ: WGAN-GP in all rows
    mix0 mix50 mix90 mix100            tables 2, 3: how often styles are mixed
    traditional-0 traditional-8        table 4: depth of the mapping network,
    style-0 style-1 style-2 style-8    without styles and with them
    bedroom car cat                    f on LSUN, figures 10 to 12

b is traditional-0; e is mix0; f is mix90 and style-8; celebahq is celebahq-f.
a has the schedule of configs/progan.py:v2, 12000 kimg.

What the tables measure (tools.evaluate --metrics):

    1     fid50k
    2     fid50k,fid50k_mix2,fid50k_mix3,fid50k_mix4
    3, 4  ppl100k_wfull,ppl100k_wend,ls; in Z ppl100k_zfull,ppl100k_zend

Batches are those of the official presets for 1, 2, 4 or 8 GPUs, whichever
fits the replicas there are; the learning rates are those of eight for all.
The official runs on faces mirror the images (--config.data.mirror=True), those
on LSUN do not; cars are 512x384 on black (tools.prepare_dataset --crop=wide
--width=512 --height=384). Any resolution from 8 works (--config.resolution=64):
batch and learning rates follow it.
"""

from stylegan_tf import recipes

_TRADITIONAL = {"use_styles": False, "const_input": False, "use_noise": False}
# Fields of the generator, and the chance of style mixing.
_ROWS = {
    "b": ({**_TRADITIONAL, "mapping_layers": 0}, 0.0),
    "c": ({"const_input": False, "use_noise": False}, 0.0),
    "d": ({"use_noise": False}, 0.0),
    "e": ({}, 0.0),
    "f": ({}, 0.9),
    "mix50": ({}, 0.5),
    "mix100": ({}, 1.0),
    "traditional-8": (_TRADITIONAL, 0.0),
    "style-0": ({"mapping_layers": 0}, 0.9),
    "style-1": ({"mapping_layers": 1}, 0.9),
    "style-2": ({"mapping_layers": 2}, 0.9),
    "a": ({"architecture": "progan"}, 0.0),
}
_SAME = {"mix0": "e", "mix90": "f", "style-8": "f", "traditional-0": "b"}
_ROWS |= {name: _ROWS[row] for name, row in _SAME.items()}
_ROWS |= {f"celebahq-{row}": _ROWS[row] for row in "abcdef"}
_ROWS |= dict.fromkeys(("celebahq", "bedroom", "car", "cat"), _ROWS["f"])
_TICK_KIMG = "4:160 8:140 16:120 32:100 64:80 128:60 256:40 512:30 1024:20"
_LSUN = {"bedroom": (256, 70000), "car": (512, 46000), "cat": (256, 70000)}
VARIANTS = tuple(sorted(_ROWS))


def _row(fid, space="", *figures):
    names = f"PPL {space} full", f"PPL {space} end", f"separability {space}"
    return {"FID": fid, **dict(zip(names, figures, strict=False))}


# Tables 1, 3 and 4 of the paper: FFHQ at 1024x1024, no truncation.
PUBLISHED = {
    "a": _row(8.04),
    "b": _row(5.25, "Z", 412.0, 415.3, 10.78),
    "c": _row(4.85),
    "d": _row(4.88, "W", 446.2, 376.6, 3.61),
    "e": _row(4.42, "W", 200.5, 160.6, 3.54),
    "f": _row(4.40, "W", 234.0, 195.9, 3.79),
    "mix50": _row(4.41, "W", 231.5, 182.1, 3.51),
    "traditional-8": {
        **_row(4.87, "Z", 896.2, 902.0, 170.29),
        **_row(4.87, "W", 324.5, 212.2, 6.52),
    },
    "style-0": _row(5.06, "Z", 283.5, 285.5, 9.88),
    "style-1": _row(4.60, "W", 219.9, 209.4, 6.81),
    "style-2": _row(4.43, "W", 217.8, 199.9, 6.25),
}
PUBLISHED |= {name: PUBLISHED[row] for name, row in _SAME.items()}
PUBLISHED |= {
    "mix100": {},
    "celebahq": _row(5.17),
    # LSUN; these and table 2 are quoted from memory of the paper.
    "bedroom": _row(2.65),
    "car": _row(3.27),
    "cat": _row(8.53),
}
# Table 1 on CelebA-HQ, 1024x1024.
_CELEBAHQ = (7.79, 6.11, 5.34, 5.07, 5.06, 5.17)
PUBLISHED |= {
    f"celebahq-{row}": _row(fid)
    for row, fid in zip("abcdef", _CELEBAHQ, strict=True)
}
# Table 2: FID of images that mix the styles of 1, 2, 3 and 4 latents.
for _mix, _fids in {
    "mix0": (4.42, 8.22, 12.88, 17.41),
    "mix50": (4.41, 6.10, 8.71, 11.61),
    "mix90": (4.40, 5.11, 6.88, 9.03),
    "mix100": (4.83, 5.17, 6.63, 8.40),
}.items():
    _names = "FID", "FID mix2", "FID mix3", "FID mix4"
    PUBLISHED[_mix] = PUBLISHED[_mix] | dict(zip(_names, _fids, strict=True))


def get_config(variant="f"):
    """One of `VARIANTS`."""
    config = recipes.start("stylegan", variant, VARIANTS)
    recipes.stylegan(config)
    recipes.grow(
        config,
        "stylegan",
        initial_resolution=8,
        batch_sizes=recipes.BATCH_SIZES,
        batch_limits=recipes.BATCH_LIMITS,
        learning_rates=recipes.LEARNING_RATES,
        tick_kimg=_TICK_KIMG,
    )
    growing, training = config.growing, config.training
    config.generator.label_mode = "concat"
    fields, config.loss.style_mixing_prob = _ROWS[variant]
    for field, value in fields.items():
        setattr(config.generator, field, value)
    is_on_celebahq = variant.startswith("celebahq")
    if variant in ("a", "celebahq-a"):
        config.discriminator.architecture = "progan"
        growing.initial_resolution = 4
        growing.learning_rates = recipes.PROGAN_LEARNING_RATES
        training.total_kimg = 12000
    elif is_on_celebahq:
        growing.learning_rates = "128:0.0015 256:0.002 512:0.002 1024:0.002"
    if is_on_celebahq or variant == "a":
        recipes.wgan_gp(config.loss)
    if variant in _LSUN:
        config.resolution, training.total_kimg = _LSUN[variant]
    return config
