"""AdaIN: the contract, hand values, the paper's law."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.layers import adain
from tests.helpers import support


class AdaINTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        {}, {"use_instance_norm": False}, {"use_wscale": False}
    )
    @pytest.mark.slow
    def test_keeps_the_contract(self, **options):
        support.assert_layer_contract(
            self,
            adain.AdaIN(**options),
            support.normal(2, 5, 4, 3),
            support.normal(2, 6, seed=1),
            weight_names=["style/kernel", "style/bias"],
        )

    def test_hand_computed_values(self):
        layer = adain.AdaIN()
        layer.build((None, 1, 2, 1), (None, 1))
        support.set_weights(layer, [[1.0, 2.0]], [0.5, -1.0])
        x = tf.constant([[[[1.0], [3.0]]]])  # normalised: -1, 1
        y = layer(x, tf.constant([[2.0]]))  # scale 2.5 + 1, shift 3
        self.assertAllClose(y[0, 0, :, 0], [-0.5, 6.5])
        layer.use_instance_norm = False
        y = layer(x, tf.constant([[2.0]]))
        self.assertAllClose(y[0, 0, :, 0], [6.5, 13.5])

    def test_the_style_replaces_the_statistics(self):
        layer = adain.AdaIN()
        x, w = support.normal(3, 8, 8, 4), support.normal(3, 6, seed=1)
        layer(x, w)
        support.shake(layer)
        plain = layer(x, w)
        changed = layer(5 * x + 2, w)
        self.assertAllClose(plain, changed, rtol=1e-4, atol=1e-4)
        scale, shift = np.split(layer.style(w), 2, axis=1)
        self.assertAllClose(np.mean(plain, axis=(1, 2)), shift, atol=1e-4)
        deviation = np.std(plain, axis=(1, 2))
        self.assertAllClose(deviation, np.abs(scale + 1), rtol=1e-3)


if __name__ == "__main__":
    tf.test.main()
