"""A discriminator's features are what its last layer sees."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images
from stylegan_tf.config import fields
from stylegan_tf.features import discriminators
from stylegan_tf.networks import build
from tests.helpers import support


class DiscriminatorTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*fields.ARCHITECTURES)
    @pytest.mark.slow
    def test_the_last_layer_makes_scores_of_them(self, architecture):
        network = _network(architecture)
        shown = np.random.RandomState(0).randint(256, size=(4, 16, 16, 3))
        shown = shown.astype(np.uint8)
        detector = discriminators.Discriminator(network, name="D")
        found = detector.features(shown)
        scores = network(images.to_float(shown))
        self.assertAllClose(network.epilogue.out(found)[:, :1], scores)
        self.assertEqual(found.shape[0], 4)

    def test_alpha_is_refused(self):
        with self.assertRaisesRegex(ValueError, "D looks at images with alpha"):
            discriminators.Discriminator(
                _network("resnet", image_channels=4), name="D"
            )


def _network(architecture, **more):
    both = {"architecture": architecture}
    config = support.small_config(
        both, both | {"minibatch_channels": 0}, **more
    )
    return support.shake(build.discriminator(config))


if __name__ == "__main__":
    tf.test.main()
