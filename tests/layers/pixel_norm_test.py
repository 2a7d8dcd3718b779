"""Pixel norm: official values, the contract, hand-computed ones."""

import numpy as np
import tensorflow as tf

from stylegan_tf.layers import pixel_norm
from tests.helpers import support


class PixelNormTest(tf.test.TestCase):
    def test_matches_official_values_and_gradients(self):
        cases = support.cases_of("k2_layers", "normalize_2nd_moment")
        for case, arrays in cases:
            with self.subTest(case["name"]):
                y, (dx,) = support.value_and_gradients(
                    pixel_norm.PixelNorm(case["eps"]),
                    [support.nhwc(arrays["in/x"])],
                    support.nhwc(arrays["in/dy"]),
                )
                expected = support.nhwc(arrays["out/y"])
                self.assertLess(support.relative_error(y, expected), 1e-5)
                expected = support.nhwc(arrays["out/d_x"])
                self.assertLess(support.relative_error(dx, expected), 1e-4)
        self.assertLen(cases, 2)

    def test_keeps_the_contract(self):
        for x in (support.normal(2, 5), support.normal(2, 3, 3, 5)):
            support.assert_layer_contract(
                self, pixel_norm.PixelNorm(1e-6), x, weight_names=[]
            )

    def test_hand_computed_values(self):
        x = tf.constant([[3.0, 4.0], [0.0, -2.0]])
        # Mean squares 12.5 and 2.
        expected = [[3 / 12.5**0.5, 4 / 12.5**0.5], [0.0, -(2**0.5)]]
        self.assertAllClose(pixel_norm.PixelNorm()(x), expected)

    def test_every_vector_gets_unit_mean_square_at_any_scale(self):
        x = support.normal(4, 6, 6, 32)
        y = pixel_norm.PixelNorm()(x)
        squares = np.mean(np.square(y), axis=-1)
        self.assertAllClose(squares, np.ones((4, 6, 6)), rtol=1e-5)
        scaled = pixel_norm.PixelNorm()(1000 * x)
        self.assertLess(support.relative_error(scaled, y), 1e-5)

    def test_float16_neither_overflows_nor_divides_by_zero(self):
        layer = pixel_norm.PixelNorm(dtype="float16")
        x = tf.constant([[3e4, -3e4], [0.0, 0.0]], tf.float16)
        self.assertAllClose(layer(x), [[1.0, -1.0], [0.0, 0.0]], rtol=1e-3)


if __name__ == "__main__":
    tf.test.main()
