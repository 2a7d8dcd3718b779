"""Scaling without filters: hand values, fused and not fused, fading."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.ops import scaling
from tests.helpers import support


class ScalingTest(tf.test.TestCase, parameterized.TestCase):
    def test_hand_computed_values(self):
        x = tf.constant([[1.0, 2.0], [3.0, 4.0]])[None, :, :, None]
        y = scaling.upscale2d(x)[0, :, :, 0]
        expected = [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
        self.assertAllEqual(y, expected)
        self.assertAllEqual(scaling.downscale2d(x), [[[[2.5]]]])

    @parameterized.parameters(1, 2, 4)
    def test_downscaling_undoes_upscaling(self, factor):
        x = support.normal(2, 4, 6, 3)
        y = scaling.upscale2d(x, factor)
        self.assertEqual(y.shape, (2, 4 * factor, 6 * factor, 3))
        self.assertAllClose(scaling.downscale2d(y, factor), x)

    @parameterized.product(
        function=(scaling.upscale_conv2d, scaling.conv_downscale2d),
        size=(1, 3),
    )
    def test_fused_and_not_fused_agree_in_value_and_gradients(
        self, function, size
    ):
        inputs = [support.normal(2, 4, 6, 3), support.normal(size, size, 3, 5)]
        expected_shape = function(*inputs, fused=False).shape
        dy = support.normal(*expected_shape, seed=1)
        plain, fused = (
            support.value_and_gradients(
                lambda x, k, fused=fused: function(x, k, fused=fused),
                inputs,
                dy,
            )
            for fused in (False, True)
        )
        self.assertAllClose(plain[0], fused[0], rtol=1e-4, atol=1e-4)
        for ours, theirs in zip(plain[1], fused[1], strict=True):
            self.assertAllClose(ours, theirs, rtol=1e-4, atol=1e-4)

    @parameterized.product(
        function=(scaling.upscale_conv2d, scaling.conv_downscale2d),
        fused=(False, True),
    )
    def test_there_are_second_order_gradients(self, function, fused):
        x, k = (
            tf.constant(support.normal(2, 4, 4, 3)),
            support.normal(3, 3, 3, 2),
        )
        kernel = tf.Variable(k)
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.square(function(x, kernel, fused=fused)))
            penalty = tf.reduce_sum(tf.square(inner.gradient(y, x)))
        gradient = outer.gradient(penalty, kernel)
        # The penalty is of degree 4 in the kernel (Euler's theorem).
        self.assertAllClose(
            tf.reduce_sum(gradient * kernel), 4 * penalty, rtol=1e-4
        )


if __name__ == "__main__":
    tf.test.main()
