"""Configs of the papers' systems: every variant resolves; sizes."""

import keras
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import (
    ada,
    cifar10,
    fashion,
    progan,
    quickstart,
    stylegan,
    stylegan2,
)
from stylegan_tf import config as config_lib
from stylegan_tf.config import differences
from stylegan_tf.networks import build
from stylegan_tf.training import growing, settling

VARIANTS = [
    (module, variant)
    for module in (progan, stylegan, stylegan2)
    for variant in module.VARIANTS
]

# Of the official networks at 1024x1024: generator, discriminator.
_COUNTS = {
    ("progan", "v1"): (23079115, 23087249),
    ("stylegan", "a"): (23079115, 23087249),
    ("stylegan", "b"): (23079115, 23087249),
    ("stylegan", "c"): (30400651, 23087249),
    ("stylegan", "d"): (26214539, 23087249),
    ("stylegan", "e"): (26219627, 23087249),
    ("stylegan", "f"): (26219627, 23087249),
    ("stylegan", "mix100"): (26219627, 23087249),
    ("stylegan", "celebahq-c"): (30400651, 23087249),
    ("stylegan2", "a"): (26219627, 23087249),
    ("stylegan2", "f-car"): (30276583, 28982849),
    ("stylegan2", "f-horse"): (30034338, 28864129),
    ("stylegan2", "e"): (24900764, 24038161),
    ("stylegan2", "f"): (30370060, 29012513),
    ("stylegan2", "e-gorig-dskip"): (23596292, 23087249),
}
# Resolution, and StyleGAN2's kimg.
_LSUN = {
    "bedroom": (256,),
    "car": (512, 57000),
    "cat": (256, 88000),
    "church": (256, 88000),
    "horse": (256, 100000),
}
_MODULES = {"progan": progan, "stylegan": stylegan, "stylegan2": stylegan2}


# Of StyleGAN2-ADA: fields of every row, in the order of `_ADA_FIELDS`.
_ADA = {
    "stylegan2": (1024, 25000, 32, 4, 4, 32768, 0.002, 10, 10, 0, 8),
    "paper256": (256, 25000, 64, 8, 8, 16384, 0.0025, 1, 20, 0, 8),
    "paper512": (512, 25000, 64, 8, 8, 32768, 0.0025, 0.5, 20, 0, 8),
    "paper1024": (1024, 25000, 32, 4, 4, 32768, 0.002, 2, 10, 0, 8),
    "cifar": (32, 100000, 64, 32, 32, 16384, 0.0025, 0.01, 500, 0.05, 2),
    "cifarbaseline": (
        *(32, 100000, 64, 32, 32, 16384, 0.0025, 0.01, 500, 0.05, 8),
    ),
}
_ADA_FIELDS = (
    *("resolution", "training.total_kimg", "training.batch_size"),
    *("training.max_batch_per_replica", "discriminator.minibatch_group_size"),
    *("generator.channel_base", "training.generator_lr", "loss.r1_gamma"),
    *("training.ema_half_life_kimg", "training.ema_rampup"),
    "generator.mapping_layers",
)
# Generator and discriminator; with a number, of `auto` at that resolution.
_ADA_COUNTS = {
    "paper256": (24767458, 24001089),
    "paper512": (30276583, 28982849),
    "paper1024": (30370060, 29012513),
    "stylegan2": (30370060, 29012513),
    "cifar": (19947539, 20720641),
    "cifar-conditional": (20215315, 23089664),
    "cifarbaseline": (21523475, 21507073),
    32: (19947539, 21507073),
    64: (22243608, 23407361),
    128: (22949277, 23882369),
    256: (23191522, 24001089),
    512: (28700647, 28982849),
    1024: (28794124, 29012513),
}


def _ada(name):
    """The settled, resolved config of a key of `_ADA_COUNTS`."""
    if isinstance(name, str):
        variant, _, conditional = name.partition("-")
        config = ada.get_config(variant)
        config.label_size = 10 if conditional else 0
        return config_lib.resolve(config)
    config = ada.get_config("auto")
    config.data.path = "nowhere"
    config, _ = settling.settle(config, typed={"resolution": name})
    return config_lib.resolve(config)


def _count(config):
    """Parameters of generator and discriminator."""
    with keras.StatelessScope(initialize_variables=False):
        counts = (
            build.count_parameters(build.generator(config)),
            build.count_parameters(build.discriminator(config)),
        )
    keras.utils.clear_session()  # forgets the weights without numbers
    return counts


class AdaTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_ADA)
    def test_every_row_of_the_table(self, variant):
        config = config_lib.resolve(ada.get_config(variant))
        flat = config_lib.flatten(config)
        expected = _ADA[variant]
        self.assertEqual(tuple(flat[each] for each in _ADA_FIELDS), expected)
        self.assertEqual(config.name, f"ada-{variant}")
        self.assertEqual(
            flat["discriminator.channel_base"], flat["generator.channel_base"]
        )
        self.assertEqual(
            flat["training.discriminator_lr"], flat["training.generator_lr"]
        )

    @parameterized.parameters(*_ADA)
    def test_what_all_rows_share(self, variant):
        config = config_lib.resolve(ada.get_config(variant))
        for network in (config.generator, config.discriminator):
            self.assertEqual(network.conv_clamp, 256)
            self.assertEqual(network.channel_max, 512)
        training, augment = config.training, config.augment
        self.assertEqual((training.adam_beta1, training.adam_beta2), (0, 0.99))
        self.assertEqual(training.low_precision_blocks, 4)
        self.assertEqual(augment.mode, "adaptive")
        self.assertEqual(augment.preset, "bgc")
        self.assertEqual(augment.speed_kimg, 500)
        self.assertEqual(augment.interval_steps, 4)
        self.assertIn(augment.target, (0, 0.6))  # 0 stands for it
        self.assertEqual(config.generator.label_mode, "embed")
        self.assertEqual(config.discriminator.label_mode, "projection")
        self.assertEqual(config.loss.fake_labels, "random")
        self.assertFalse(config.metrics.repeat_reals)
        is_tuned = variant == "cifar"
        loss, architecture = config.loss, config.discriminator.architecture
        self.assertEqual(architecture, "orig" if is_tuned else "resnet")
        self.assertEqual(loss.pl_weight, 0 if is_tuned else 2)
        self.assertEqual(loss.style_mixing_prob, 0 if is_tuned else 0.9)

    @parameterized.parameters(*_ADA_COUNTS)
    @pytest.mark.slow
    def test_networks_have_the_official_sizes(self, name):
        self.assertEqual(_count(_ada(name)), _ADA_COUNTS[name])

    def test_small_networks_are_the_quickstart_s(self):
        small, _ = settling.settle(ada.get_config("small"))
        self.assertEqual(small.resolution, 32)  # of the bundled faces
        ours, theirs = map(config_lib.resolve, (small, quickstart.get_config()))
        self.assertEmpty(differences.differences(ours, theirs))
        self.assertEqual(ours.loss, theirs.loss)


class VariantsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*VARIANTS)
    def test_every_variant_has_the_papers_resolution(self, module, variant):
        config = config_lib.resolve(module.get_config(variant))
        size = _LSUN.get(variant.split("-")[-1], (1024,))[0]
        self.assertEqual(config.resolution, size)
        family = module.__name__.split(".")[-1]
        self.assertEqual(config.name, f"{family}-{variant}")
        if config.is_progressive:
            self.assertEqual(growing.resolution(config, 10**9), size)

    @parameterized.parameters(*_COUNTS)
    @pytest.mark.slow
    def test_networks_have_the_official_sizes(self, name, variant):
        config = config_lib.resolve(_MODULES[name].get_config(variant))
        self.assertEqual(_count(config), _COUNTS[name, variant])

    @parameterized.parameters(stylegan, stylegan2)
    def test_every_row_has_the_papers_figures(self, module):
        variants = set(module.VARIANTS) - {"msg"}  # no paper of ours has it
        self.assertEqual(set(module.PUBLISHED), variants)
        for variant in variants:
            self.assertIn("FID", module.PUBLISHED[variant])

    @parameterized.product(row=list("abcdef"), on_celebahq=(False, True))
    def test_losses_of_stylegan_s_table_1(self, row, on_celebahq):
        """WGAN-GP in a, and on CelebA-HQ in all rows; else logistic and R1."""
        prefix = "celebahq-" if on_celebahq else ""
        config = stylegan.get_config(f"{prefix}{row}")
        loss, networks = config.loss, stylegan.get_config(row)
        self.assertEqual(config.generator, networks.generator)
        self.assertEqual(config.discriminator, networks.discriminator)
        self.assertEqual(loss.style_mixing_prob, 0.9 if row == "f" else 0)
        found = loss.adversarial, loss.r1_gamma, loss.wgan_gp_weight
        is_wgan = on_celebahq or row == "a"
        wgan, logistic = ("wgan", 0, 10), ("logistic", 10, 0)
        self.assertEqual(found, wgan if is_wgan else logistic)
        self.assertEqual(loss.wgan_drift, 0.001 if is_wgan else 0)
        rates = growing.learning_rates(config_lib.resolve(config), 10**9, 8)
        is_capped = on_celebahq and row != "a"
        self.assertEqual(rates, (0.002, 0.002) if is_capped else (0.003,) * 2)

    @parameterized.parameters(
        ("mix0", 0.0), ("mix50", 0.5), ("mix90", 0.9), ("mix100", 1.0)
    )
    def test_rows_of_stylegan_s_table_2(self, variant, probability):
        config = stylegan.get_config(variant)
        self.assertEqual(config.loss.style_mixing_prob, probability)
        names = ["FID", "FID mix2", "FID mix3", "FID mix4"]
        self.assertContainsSubset(names, stylegan.PUBLISHED[variant])

    @parameterized.parameters(*stylegan2.VARIANTS)
    def test_stylegan2_s_data_sets(self, variant):
        """Length and gamma of the official README's commands."""
        config = stylegan2.get_config(variant)
        dataset = variant.split("-")[-1]
        _, kimg = _LSUN.get(dataset, (1024, 25000))
        self.assertEqual(config.training.total_kimg, kimg)
        is_hard = variant in ("f-church", "f-horse", "msg") or variant[0] == "e"
        self.assertEqual(config.loss.r1_gamma, 100 if is_hard else 10)
        self.assertFalse(config.data.mirror)
        is_large = variant[0] == "f" or variant == "a-large"
        base = 32768 if is_large else 16384
        self.assertEqual(config.generator.channel_base, base)
        self.assertEqual(config.discriminator.channel_base, base)

    def test_a_variant_on_another_data_set_is_the_same_network(self):
        for row in ("a", "c", "e", "e-gorig-dskip", "f"):
            ours = stylegan2.get_config(f"{row}-car")
            theirs = stylegan2.get_config(row)
            self.assertEqual(ours.generator, theirs.generator)
            self.assertEqual(ours.discriminator, theirs.discriminator)
            self.assertEqual(ours.growing, theirs.growing)
        large, plain = map(stylegan2.get_config, ("a-large", "a"))
        self.assertEqual(large.loss, plain.loss)

    @parameterized.parameters(progan, stylegan, stylegan2)
    def test_metrics_repeat_reals_as_the_official_code_does(self, module):
        for variant in module.VARIANTS:
            self.assertTrue(module.get_config(variant).metrics.repeat_reals)

    @parameterized.parameters((fashion, 1), (cifar10, 3))
    def test_classes_are_used_or_not(self, module, channels):
        conditional = config_lib.resolve(module.get_config())
        self.assertTrue(conditional.data.use_labels)
        self.assertEqual(conditional.image_shape, (32, 32, channels))
        self.assertEqual(conditional.augment.mode, "off")
        unconditional = config_lib.resolve(module.get_config("unconditional"))
        self.assertFalse(unconditional.data.use_labels)
        self.assertEqual(conditional.training, unconditional.training)
        self.assertEqual(conditional.generator, unconditional.generator)

    @parameterized.parameters(
        ada, cifar10, fashion, progan, stylegan, stylegan2
    )
    def test_an_unknown_variant_is_refused(self, module):
        with self.assertRaisesRegex(ValueError, "Received: 'x'"):
            module.get_config("x")


if __name__ == "__main__":
    tf.test.main()
