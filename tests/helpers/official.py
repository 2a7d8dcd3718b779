"""Configs and networks of the golden files."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.interop import weights
from stylegan_tf.networks import build
from stylegan_tf.training import draws as draws_lib
from tests.helpers import support

TORCH_CASES = sorted(
    path.name.removesuffix(".G.npz")
    for path in support.GOLDEN.glob("k1_*.G.npz")
)
TENSORFLOW_CASES = sorted(
    path.stem
    for path in support.GOLDEN.glob("k3_*.npz")
    if "progressive" not in path.stem  # see tests/progressive.py
)


def torch_config(meta):
    """Our config of a stylegan2-ada-pytorch case."""
    g, d = meta["G"], meta["D"]
    mapping = g.get("mapping_kwargs", {})
    synthesis = g["synthesis_kwargs"]
    block = d.get("block_kwargs", {})
    epilogue = d.get("epilogue_kwargs", {})
    group = epilogue.get("mbstd_group_size", 4)
    return config_lib.resolve(
        config_lib.Config(
            resolution=g["img_resolution"],
            image_channels=g["img_channels"],
            label_size=g["c_dim"],
            generator=config_lib.GeneratorConfig(
                architecture=synthesis.get("architecture", "skip"),
                z_size=g["z_dim"],
                w_size=g["w_dim"],
                mapping_layers=mapping.get("num_layers", 8),
                mapping_width=mapping.get("layer_features", 0),
                mapping_lr_multiplier=mapping.get("lr_multiplier", 0.01),
                label_width=mapping.get("embed_features", 0),
                channel_base=synthesis["channel_base"],
                channel_max=synthesis["channel_max"],
                use_noise=synthesis.get("use_noise", True),
                activation=synthesis.get("activation", "lrelu"),
                resample_filter=tuple(
                    synthesis.get("resample_filter", (1, 3, 3, 1))
                ),
                conv_clamp=synthesis.get("conv_clamp", 0.0),
            ),
            discriminator=config_lib.DiscriminatorConfig(
                architecture=d.get("architecture", "resnet"),
                channel_base=d["channel_base"],
                channel_max=d["channel_max"],
                minibatch_group_size=group or 0,
                minibatch_channels=epilogue.get("mbstd_num_channels", 1),
                label_width=d.get("cmap_dim", 0),
                mapping_layers=d.get("mapping_kwargs", {}).get("num_layers", 8),
                activation=block.get("activation", "lrelu"),
                resample_filter=tuple(
                    block.get("resample_filter", (1, 3, 3, 1))
                ),
                conv_clamp=d.get("conv_clamp", 0.0),
            ),
        )
    )


def tensorflow_config(meta):
    """Our config of a TensorFlow 1 StyleGAN2 case."""
    g, d = meta["G"], meta["D"]
    return config_lib.resolve(
        config_lib.Config(
            resolution=g["resolution"],
            image_channels=g["num_channels"],
            label_size=g["label_size"],
            generator=config_lib.GeneratorConfig(
                architecture=g["architecture"],
                z_size=g["latent_size"],
                w_size=g["dlatent_size"],
                mapping_layers=g.get("mapping_layers", 8),
                mapping_width=g["mapping_fmaps"],
                label_mode="concat",
                channel_base=2 * g["fmap_base"],
                channel_max=g["fmap_max"],
            ),
            discriminator=config_lib.DiscriminatorConfig(
                architecture=d["architecture"],
                channel_base=2 * d["fmap_base"],
                channel_max=d["fmap_max"],
                minibatch_group_size=d.get("mbstd_group_size", 4),
                minibatch_channels=d.get("mbstd_num_features", 1),
                label_mode="select",
            ),
        )
    )


def networks(config, arrays, convention):
    """Generator and discriminator with the weights of `G/*` and `D/*`."""
    pair = (build.generator(config), build.discriminator(config))
    for network, prefix in zip(pair, ("G/", "D/"), strict=True):
        own = {
            key.removeprefix(prefix): value
            for key, value in arrays.items()
            if key.startswith(prefix)
        }
        weights.assign(network, own, convention)
    return pair


def load_torch(case):
    """Config, arrays, meta and networks of a stylegan2-ada-pytorch case."""
    generator_arrays, meta = support.golden(f"{case}.G")
    discriminator_arrays, _ = support.golden(f"{case}.D")
    config = torch_config(meta)
    arrays = {**discriminator_arrays, **generator_arrays}
    return config, arrays, meta, networks(config, arrays, "torch")


def draws(z, labels, z_mix=None, crossover=None):
    """Recorded inputs of a generator pass."""
    return draws_lib.Draws(
        z=tf.constant(z),
        labels=tf.constant(labels) if labels.shape[1] else None,
        z_mix=None if z_mix is None else tf.constant(z_mix),
        crossover=crossover,
        noise="const",
    )


def with_loss(config, meta):
    """The config with the losses of a case."""
    loss = meta["loss"]
    return config_lib.from_dict(
        {
            **config_lib.to_dict(config),
            "loss": {
                "r1_gamma": loss["r1_gamma"],
                "pl_weight": loss["pl_weight"],
                "pl_decay": loss.get("pl_decay", 0.01),
                "style_mixing_prob": loss["style_mixing_prob"],
            },
        }
    )


class GoldenTest(tf.test.TestCase, parameterized.TestCase):
    """Comparisons with arrays of the official networks."""

    def assert_near(self, actual, expected, tolerance, message=""):
        error = support.relative_error(actual, expected)
        self.assertLessEqual(error, tolerance, message)

    def assert_gradients(
        self, network, gradients, arrays, prefix, convention, *, order
    ):
        """Compares every gradient; the official zero ones may be None."""
        by_id = {
            id(variable): gradient
            for variable, gradient in zip(
                network.trainable_variables, gradients, strict=True
            )
        }
        compared = 0
        for entry in weights.entries(network, convention):
            key = f"{prefix}/{entry.name}"
            if not entry.variable.trainable or key not in arrays:
                continue
            gradient = by_id[id(entry.variable)]
            if gradient is None:
                gradient = tf.zeros(entry.variable.shape)
            actual = entry.to_official(gradient.numpy())
            if convention == "tensorflow" and "mod_bias" in entry.name:
                actual = gradient.numpy()  # the one added has no gradient
            is_small = actual.ndim < 2
            tolerance = {
                1: 1e-3 if actual.ndim == 0 else 1e-4,
                2: 2e-3 if is_small else 1e-3,
            }[order]
            self.assert_near(actual, arrays[key], tolerance, key)
            compared += 1
        recorded = sum(key.startswith(f"{prefix}/") for key in arrays)
        self.assertEqual(compared, recorded)
