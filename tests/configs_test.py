"""Configs of the papers' systems: every variant resolves; sizes."""

import keras
import tensorflow as tf
from absl.testing import parameterized

from configs import progan, stylegan, stylegan2
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
    ("stylegan2", "a"): (26219627, 23087249),
    ("stylegan2", "e"): (24900764, 24038161),
    ("stylegan2", "f"): (30370060, 29012513),
    ("stylegan2", "e-gorig-dskip"): (23596292, 23087249),
}
_MODULES = {"progan": progan, "stylegan": stylegan, "stylegan2": stylegan2}


class VariantsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*VARIANTS)
    def test_every_variant_is_one_of_1024(self, module, variant):
        config = config_lib.resolve(module.get_config(variant))
        self.assertEqual(config.resolution, 1024)
        family = module.__name__.split(".")[-1]
        self.assertEqual(config.name, f"{family}-{variant}")
        if config.is_progressive:
            self.assertEqual(growing.resolution(config, 10**9), 1024)

    @parameterized.parameters(*_COUNTS)
    def test_networks_have_the_official_sizes(self, name, variant):
        config = config_lib.resolve(_MODULES[name].get_config(variant))
        with keras.StatelessScope(initialize_variables=False):
            counts = (
                build.count_parameters(build.build_generator(config)),
                build.count_parameters(build.build_discriminator(config)),
            )
        keras.utils.clear_session()  # forgets the weights without numbers
        self.assertEqual(counts, _COUNTS[name, variant])

    @parameterized.parameters(progan, stylegan, stylegan2)
    def test_an_unknown_variant_is_refused(self, module):
        with self.assertRaisesRegex(ValueError, "Received: 'x'"):
            module.get_config("x")


if __name__ == "__main__":
    tf.test.main()
