"""Progressive networks for tests: of the golden files, and small ones."""

import math

import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf.networks import build
from stylegan_tf.ops import scaling
from tests.helpers import official, support

STYLEGAN_CASES = sorted(p.stem for p in support.GOLDEN.glob("k4_*.npz"))
PROGAN_CASES = sorted(p.stem for p in support.GOLDEN.glob("k5_*.npz"))
REVISED_CASE = "k3_tf1sg2_32_revised_progressive"


def load(case):
    """Config, arrays, meta and networks of a case."""
    arrays, meta = support.golden(case)
    config = config_of(case, meta)
    return config, arrays, meta, official.networks(config, arrays, "tensorflow")


def config_of(case, meta):
    """Our config of a case."""
    kinds = {"k4": "stylegan", "k5": "progan", "k3": "revised"}
    g, d, kind = meta["G"], meta["D"], kinds[case[:2]]
    return config_lib.resolve(
        config_lib.Config(
            resolution=g["resolution"],
            image_channels=g["num_channels"],
            label_size=g["label_size"],
            generator=_generator(kind, g),
            discriminator=_discriminator(kind, d),
        )
    )


def stage(config, lod):
    """Keyword arguments of networks at an official `lod`."""
    whole = math.floor(lod)
    alpha = tf.constant(1 - (lod - whole)) if lod > whole else 1.0
    return {"resolution": config.resolution >> whole, "alpha": alpha}


def shrink(images, lod):
    """Full-size images at the size of the stage at `lod`."""
    return scaling.downscale2d(images, 1 << math.floor(lod))


def enlarge(images, lod):
    """A stage's images at full size."""
    return scaling.upscale2d(images, 1 << math.floor(lod))


def small_config(family, settings=None, discriminator=None, **fields):
    """A resolved config of small progressive networks, 16x16."""
    return support.small_config(
        {"architecture": family, "label_mode": "concat", **(settings or {})},
        {"architecture": family, **(discriminator or {})},
        **fields,
    )


def build_small(family, settings=None, **fields):
    """Both networks of `small_config`, with shaken weights."""
    config = small_config(family, settings, **fields)
    return (
        support.shake(build.generator(config)),
        support.shake(build.discriminator(config), seed=1),
    )


def _generator(kind, g):
    layers = {"progan": 0}.get(kind, g.get("mapping_layers", 8))
    z_size = g.get("latent_size", min(g["fmap_base"] * 2, g["fmap_max"]))
    is_traditional = not g.get("use_styles", True)
    return config_lib.GeneratorConfig(
        architecture=kind,
        z_size=z_size,
        w_size=g.get("dlatent_size", z_size),
        mapping_layers=layers,
        mapping_width=g.get("mapping_fmaps", 0),
        mapping_lr_multiplier=g.get("mapping_lrmul", 0.01),
        label_mode="concat",
        channel_base=2 * g["fmap_base"],
        channel_max=g["fmap_max"],
        normalize_latents=g.get("normalize_latents", True),
        use_noise=g.get("use_noise", True),
        use_styles=not is_traditional,
        const_input=g.get("const_input_layer", True),
        pixel_norm=_switch(g, "use_pixelnorm", "use_pixel_norm"),
        instance_norm=_switch(g, "use_instance_norm"),
        **_shared(g),
    )


def _discriminator(kind, d):
    group = d.get("mbstd_group_size", 4)
    return config_lib.DiscriminatorConfig(
        architecture=kind,
        channel_base=2 * d["fmap_base"],
        channel_max=d["fmap_max"],
        minibatch_group_size=group,
        minibatch_channels=d.get("mbstd_num_features", 1) if group else 0,
        **_shared(d),
    )


def _shared(network):
    relu = "relu" if not network.get("use_leakyrelu", True) else "lrelu"
    return {
        "activation": network.get("nonlinearity", relu),
        "blur_filter": tuple(network.get("blur_filter", (1, 2, 1)) or ()),
        "fused_scale": _switch(network, "fused_scale"),
        "use_wscale": network.get("use_wscale", True),
    }


def _switch(network, *names):
    values = [network[name] for name in names if name in network]
    return ("on" if values[0] else "off") if values else "auto"
