"""Minibatch stddev: official values, the contract, hand-computed ones."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.layers import minibatch_stddev
from tests.helpers import support


class MinibatchStddevTest(tf.test.TestCase, parameterized.TestCase):
    def test_matches_official_values_and_gradients(self):
        cases = support.cases_of("k2_layers", "MinibatchStdLayer")
        for case, arrays in cases:
            with self.subTest(case["name"]):
                y, (dx,) = support.value_and_gradients(
                    minibatch_stddev.MinibatchStddev(
                        case["group_size"] or 0, case["num_channels"]
                    ),
                    [support.nhwc(arrays["in/x"])],
                    support.nhwc(arrays["in/dy"]),
                )
                expected = support.nhwc(arrays["out/y"])
                self.assertLess(support.relative_error(y, expected), 1e-5)
                expected = support.nhwc(arrays["out/d_x"])
                self.assertLess(support.relative_error(dx, expected), 1e-4)
        self.assertLen(cases, 7)

    @parameterized.parameters((4, 1), (2, 3), (0, 2))
    def test_keeps_the_contract(self, group_size, channels):
        support.assert_layer_contract(
            self,
            minibatch_stddev.MinibatchStddev(group_size, channels),
            support.normal(4, 3, 5, 6),
            weight_names=[],
        )

    def test_hand_computed_values(self):
        # Two samples of 2x2, one map: standard deviations 1, 0, 2 and 3.
        x = tf.constant([[0.0, 5.0, 1.0, -3.0], [2.0, 5.0, 5.0, 3.0]])
        y = minibatch_stddev.MinibatchStddev()(tf.reshape(x, (2, 2, 2, 1)))
        self.assertAllClose(y[..., 1], 1.5 * np.ones((2, 2, 2)), rtol=1e-4)

    def test_groups_are_strided(self):
        # Samples 0 and 2 agree, 1 and 3 differ by 2: deviations 0 and 1.
        x = tf.reshape(tf.constant([7.0, 0.0, 7.0, 2.0]), (4, 1, 1, 1))
        y = minibatch_stddev.MinibatchStddev(group_size=2)(x)
        self.assertAllClose(y[:, 0, 0, 1], [1e-4, 1, 1e-4, 1], rtol=1e-4)

    def test_equal_samples_show_no_variety(self):
        x = np.repeat(support.normal(1, 4, 4, 8), 4, axis=0)
        y = minibatch_stddev.MinibatchStddev()(x)
        self.assertAllClose(y[..., -1], 1e-4 * np.ones((4, 4, 4)))

    def test_a_common_shift_changes_nothing_and_a_scale_scales(self):
        x = support.normal(4, 4, 4, 8)
        layer = minibatch_stddev.MinibatchStddev()
        stddev = layer(x)[..., -1]
        self.assertAllClose(layer(x + 3)[..., -1], stddev, rtol=1e-5)
        self.assertAllClose(layer(5 * x)[..., -1], 5 * stddev, rtol=1e-5)

    def test_refuses_a_batch_that_is_no_multiple_of_the_group(self):
        layer = minibatch_stddev.MinibatchStddev(group_size=4)
        with self.assertRaisesRegex(ValueError, "batch=6, group_size=4"):
            layer(tf.zeros((6, 4, 4, 1)))


if __name__ == "__main__":
    tf.test.main()
