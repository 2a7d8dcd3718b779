"""Modulated convolution layer: the contract, hand-computed values, laws."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.layers import modulated_conv
from tests.helpers import support


class ModulatedConv2DTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        {},
        {"up": 2, "resample_filter": (1, 2, 1)},
        {"demodulate": False},
    )
    @pytest.mark.slow
    def test_keeps_the_contract(self, **options):
        support.assert_layer_contract(
            self,
            modulated_conv.ModulatedConv2D(5, 3, **options),
            support.normal(2, 4, 6, 3),
            support.normal(2, 7, seed=1),
            weight_names=["kernel", "affine/kernel", "affine/bias"],
        )

    def test_hand_computed_values_with_demodulation(self):
        layer = _pointwise(demodulate=True)
        # Styles [3, 1]; weights times styles [6, 4] and [3, -1].
        y = layer(_image(), tf.constant([[2.0]]))
        first = np.array([[6 + 4, 12], [-4, 6 - 8]]) / 52**0.5
        second = np.array([[3 - 1, 6], [1, 3 + 2]]) / 10**0.5
        self.assertAllClose(y[0], np.stack([first, second], axis=-1))

    def test_hand_computed_values_without_demodulation(self):
        layer = _pointwise(demodulate=False)
        y = layer(_image(), tf.constant([[2.0]]))
        first = np.array([[6 + 4, 12], [-4, 6 - 8]]) / 2**0.5
        second = np.array([[3 - 1, 6], [1, 3 + 2]]) / 2**0.5
        self.assertAllClose(y[0], np.stack([first, second], axis=-1))

    @parameterized.parameters(True, False)
    def test_fresh_weights_keep_unit_variance(self, demodulate):
        layer = modulated_conv.ModulatedConv2D(32, 3, demodulate=demodulate)
        x = support.normal(8, 16, 16, 128)
        # Fresh styles are one plus a unit normal number: mean square 2.
        y = layer(x, support.normal(8, 64, seed=1))[:, 1:-1, 1:-1]
        expected = 1.0 if demodulate else 2.0
        self.assertAllClose(np.var(y), expected, rtol=0.1)

    def test_a_scale_of_the_affine_changes_nothing(self):
        layer = modulated_conv.ModulatedConv2D(4, 3)
        x, w = support.normal(2, 8, 8, 16), support.normal(2, 8, seed=1)
        y = layer(x, w)
        layer.affine.kernel.assign(3 * layer.affine.kernel)
        layer.affine.bias.assign(3 * layer.affine.bias)
        self.assertLess(support.relative_error(layer(x, w), y), 1e-5)

    def test_styles_stay_float32_whatever_the_policy(self):
        self.addCleanup(keras.config.set_dtype_policy, "float32")
        keras.config.set_dtype_policy("mixed_float16")
        layer = modulated_conv.ModulatedConv2D(4, 3)
        layer.build((None, 4, 4, 3), (None, 8))
        self.assertEqual(layer.compute_dtype, "float16")
        self.assertEqual(layer.affine.compute_dtype, "float32")


def _image():
    """2x2 pixels of two maps."""
    maps = [[1.0, 2.0], [0.0, 1.0]], [[1.0, 0.0], [-1.0, -2.0]]
    return tf.constant(np.stack(maps, axis=-1)[None], tf.float32)


def _pointwise(demodulate):
    """1x1 kernel on two maps; styles `[w + 1, 1]`."""
    layer = modulated_conv.ModulatedConv2D(2, 1, demodulate=demodulate)
    layer.build((None, 2, 2, 2), (None, 1))
    support.set_weights(layer.affine, [[1, 0]], [1, 1])
    layer.kernel.assign(np.reshape([2.0, 1.0, 4.0, -1.0], (1, 1, 2, 2)))
    return layer


if __name__ == "__main__":
    tf.test.main()
