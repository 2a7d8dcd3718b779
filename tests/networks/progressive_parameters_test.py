"""Parameter counts of ProGAN, StyleGAN and StyleGAN2's configs B-D.

Only shapes are needed: inside a `StatelessScope` Keras keeps the weights of
a new layer without numbers.
"""

import keras
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.networks import build

_CHANNEL_BASE = 16384  # twice the official fmap_base of configs A-E
_MAPPING = 8 * (512 * 512 + 512)

# StyleGAN config F by resolution: generator, discriminator.
_STYLEGAN = {
    32: (22841356, 20726785),
    64: (25137935, 22498049),
    128: (25843858, 22941313),
    256: (26086229, 23052353),
    512: (26179768, 23080225),
    1024: (26219627, 23087249),
}
_TRADITIONAL = {
    "use_styles": False,
    "use_noise": False,
    "const_input": False,
    "mapping_layers": 0,
}
# StyleGAN's generators at 1024x1024.
_CONFIGS = {
    "b": (_TRADITIONAL, 23079115),
    "c": ({"use_noise": False, "const_input": False}, 30400651),
    "d": ({"use_noise": False}, 26214539),
    "e": ({}, 26219627),
    "traditional-8": ({**_TRADITIONAL, "mapping_layers": 8}, 25180363),
    "style-0": ({"mapping_layers": 0}, 26219627 - _MAPPING),
    "style-1": ({"mapping_layers": 1}, 26219627 - 7 * _MAPPING // 8),
    "style-2": ({"mapping_layers": 2}, 26219627 - 6 * _MAPPING // 8),
}


class ParametersTest(tf.test.TestCase, parameterized.TestCase):
    def tearDown(self):
        super().tearDown()
        keras.utils.clear_session()  # forgets the weights without numbers

    @parameterized.parameters(*_STYLEGAN)
    @pytest.mark.slow
    def test_stylegan_by_resolution(self, resolution):
        counts = _counts(_config("stylegan", resolution))
        self.assertEqual(counts, _STYLEGAN[resolution])

    @parameterized.parameters(*_CONFIGS)
    @pytest.mark.slow
    def test_stylegan_by_config(self, name):
        fields, expected = _CONFIGS[name]
        generator, _ = _counts(_config("stylegan", 1024, **fields))
        self.assertEqual(generator, expected)

    def test_progan(self):
        counts = _counts(_config("progan", 1024))
        self.assertEqual(counts, (23079115, 23087249))

    def test_labels_of_progan_widen_both_ends(self):
        counts = _counts(_config("progan", 1024, label_size=10))
        dense = 10 * 16 * 512  # rows of the first dense layer
        logits = 10 * (512 + 1)  # outputs of the last one
        self.assertEqual(counts, (23079115 + dense, 23087249 + logits))

    @pytest.mark.slow
    def test_revised(self):
        counts = _counts(_config("revised", 1024))
        # Weight, bias, affine of w and its bias of every image but the last.
        maps = (512, 512, 512, 512, 256, 128, 64, 32)
        images = sum(3 * c + 3 + 512 * c + c for c in maps)
        self.assertEqual(counts, (23596292 + images, 23087249))


def _config(architecture, resolution, *, label_size=0, **fields):
    return config_lib.resolve(
        config_lib.Config(
            resolution=resolution,
            label_size=label_size,
            generator=config_lib.GeneratorConfig(
                architecture=architecture,
                channel_base=_CHANNEL_BASE,
                **fields,
            ),
            discriminator=config_lib.DiscriminatorConfig(
                architecture=architecture, channel_base=_CHANNEL_BASE
            ),
        )
    )


def _counts(config):
    with keras.StatelessScope(initialize_variables=False):
        return tuple(
            build.count_parameters(build_network(config))
            for build_network in (
                build.generator,
                build.discriminator,
            )
        )


if __name__ == "__main__":
    tf.test.main()
