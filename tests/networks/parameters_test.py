"""Parameter counts of every StyleGAN2 network, as the official code has them.

Only shapes are needed: inside a `StatelessScope` Keras keeps the weights of
a new layer without numbers.
"""

import keras
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.networks import build

ARCHITECTURES = ("orig", "skip", "resnet")

# Of the official TensorFlow networks at fmap_base 8192 (configs A-E) and
# 16384 (F), which is half of `channel_base`: G orig, skip, resnet, and D.
COUNTS = {
    (16384, 32): (20730890, 21523475, 21517322, 20720641, 20726785, 21507073),
    (16384, 64): (22762764, 23819544, 23680268, 22489857, 22498049, 23407361),
    (16384, 128): (23336334, 24525213, 24286606, 22932097, 22941313, 23882369),
    (16384, 256): (23512528, 24767458, 24470992, 23042625, 23052353, 24001089),
    (16384, 512): (23572978, 24860935, 24533490, 23070241, 23080225, 24030753),
    (16384, 1024): (
        *(23596292, 24900764, 24557316),
        *(23077137, 23087249, 24038161),
    ),
    (32768, 64): (25975820, 27032600, 27024396, 25440257, 25448449, 26488833),
    (32768, 128): (28007694, 29328669, 29187342, 27209473, 27219713, 28389121),
    (32768, 256): (28581264, 30034338, 29793680, 27651713, 27662977, 28864129),
    (32768, 512): (28757458, 30276583, 29978066, 27762241, 27774017, 28982849),
    (32768, 1024): (
        *(28817908, 30370060, 30040564),
        *(27789857, 27801889, 29012513),
    ),
}


class ParametersTest(tf.test.TestCase, parameterized.TestCase):
    def tearDown(self):
        super().tearDown()
        keras.utils.clear_session()  # forgets the weights without numbers

    @parameterized.parameters(*COUNTS)
    @pytest.mark.slow
    def test_counts_are_the_official_ones(self, channel_base, resolution):
        counts = [
            _count(build_network, channel_base, resolution, architecture)
            for build_network in (
                build.generator,
                build.discriminator,
            )
            for architecture in ARCHITECTURES
        ]
        self.assertEqual(counts, list(COUNTS[channel_base, resolution]))

    def test_a_mapping_of_eight_layers_is_counted_once(self):
        with keras.StatelessScope(initialize_variables=False):
            generator = build.generator(_config(16384, 32, "skip"))
        count = build.count_parameters(generator.mapping)
        self.assertEqual(count, 8 * (512 * 512 + 512))


def _config(channel_base, resolution, architecture):
    network = {"architecture": architecture, "channel_base": channel_base}
    return config_lib.resolve(
        config_lib.Config(
            resolution=resolution,
            generator=config_lib.GeneratorConfig(**network),
            discriminator=config_lib.DiscriminatorConfig(**network),
        )
    )


def _count(build_network, *arguments):
    with keras.StatelessScope(initialize_variables=False):
        return build.count_parameters(build_network(_config(*arguments)))


if __name__ == "__main__":
    tf.test.main()
