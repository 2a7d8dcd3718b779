"""A seed gives the weights that it gave before: layers are built in order."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import stylegan, tiny
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build

# The first number of every kernel and constant, in the order of the weights,
# as commit 22df932 drew them.
_STYLEGAN2 = (
    tiny.get_config(),
    "-0.464 0.8658 0.7117 -0.4001 0.8951 -0.0106 0.755 -1.3477 0.2976 -0.2054 "
    "-1.2037",
    "-0.7505 -0.1602 0.6783 1.1859 -0.464 -0.6279 -0.6824 0.8658 -1.3466 "
    "0.7117 0.498",
)
_STYLEGAN = (
    stylegan.get_config("f"),
    "-1.3466 1.5689 0.5553 0.8951 0.755 -1.1195 -0.5588 0.4787 -0.2054 -0.6504 "
    "-0.5384",
    "-0.7505 -0.1602 -0.464 -0.6279 -0.6824 0.8658 -1.3466 0.7117 0.498 0.6991 "
    "-0.4001",
)


class InitialWeightsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(
        ("stylegan2", *_STYLEGAN2), ("stylegan", *_STYLEGAN)
    )
    @pytest.mark.slow
    def test_they_are_those_of_the_seed(self, config, generator, discriminator):
        config.resolution = 32
        for settings in (config.generator, config.discriminator):
            settings.channel_base, settings.channel_max = 128, 8
        config = config_lib.resolve(config)
        for make, expected in (
            (build.generator, generator),
            (build.discriminator, discriminator),
        ):
            keras.utils.set_random_seed(5)
            kernels = [w for w in make(config).weights if len(w.shape) == 4]
            first = [np.asarray(kernel).flat[0] for kernel in kernels]
            self.assertAllClose(
                first, [float(each) for each in expected.split()], atol=1e-4
            )


if __name__ == "__main__":
    tf.test.main()
