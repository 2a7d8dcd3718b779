"""Configs of the papers' systems: every variant resolves; sizes."""

import keras
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import fashion, progan, stylegan, stylegan2
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build
from stylegan_tf.training import growing

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
        with keras.StatelessScope(initialize_variables=False):
            counts = (
                build.count_parameters(build.generator(config)),
                build.count_parameters(build.discriminator(config)),
            )
        keras.utils.clear_session()  # forgets the weights without numbers
        self.assertEqual(counts, _COUNTS[name, variant])

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

    def test_fashion_is_conditional_or_not(self):
        conditional = fashion.get_config()
        self.assertTrue(conditional.data.use_labels)
        self.assertEqual(conditional.image_channels, 1)
        self.assertEqual(conditional.augment.mode, "off")
        unconditional = fashion.get_config("unconditional")
        self.assertFalse(unconditional.data.use_labels)
        self.assertEqual(conditional.training, unconditional.training)
        config_lib.resolve(conditional)

    @parameterized.parameters(fashion, progan, stylegan, stylegan2)
    def test_an_unknown_variant_is_refused(self, module):
        with self.assertRaisesRegex(ValueError, "Received: 'x'"):
            module.get_config("x")


if __name__ == "__main__":
    tf.test.main()
