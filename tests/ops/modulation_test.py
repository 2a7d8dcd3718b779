"""Modulated convolution against the official one, and the paper's laws."""

import numpy as np
import tensorflow as tf

from stylegan_tf.ops import modulation, resample
from tests.helpers import support


class GoldenTest(tf.test.TestCase):
    def test_matches_official_values_and_gradients(self):
        cases = support.cases_of("k2_modulated_conv2d", "modulated_conv2d")
        for case, arrays in cases:
            with self.subTest(case["name"]):
                self._check(case, arrays)
        self.assertLen(cases, 23)

    def _check(self, case, arrays):
        # Ours correlates, but convolves where it upsamples.
        flip = case["flip_weight"] == (case["up"] > 1)
        inputs = [
            support.nhwc(arrays["in/x"]),
            support.hwio(arrays["in/weight"]),
            arrays["in/styles"],
        ]
        expected = [
            support.nhwc(arrays["out/y"]),
            support.nhwc(arrays["out/d_x"]),
            support.hwio(arrays["out/d_weight"]),
            arrays["out/d_styles"],
        ]
        if "in/noise" in arrays:  # theirs adds it in the same operation
            inputs.append(_noise_nhwc(arrays["in/noise"]))
            expected.append(_noise_nhwc(arrays["out/d_noise"]))

        def function(x, kernel, styles, noise=0.0):
            y = modulation.modulated_conv2d(
                x,
                tf.reverse(kernel, [0, 1]) if flip else kernel,
                styles,
                arrays.get("in/f"),
                demodulate=case["demodulate"],
                up=case["up"],
                down=case["down"],
                padding=(case["padding"],) * 4,
            )
            return y + noise

        dy = support.nhwc(arrays["in/dy"])
        y, gradients = support.value_and_gradients(function, inputs, dy)
        self.assertLess(support.relative_error(y, expected[0]), 1e-5)
        for actual, wanted in zip(gradients, expected[1:], strict=True):
            self.assertLess(support.relative_error(actual, wanted), 1e-4)


class ModulationTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.x = support.normal(4, 8, 8, 16, seed=1)
        self.kernel = support.normal(3, 3, 16, 8, seed=2)
        self.styles = 1 + support.normal(4, 16, seed=3)

    def test_equals_scaled_weights_of_every_sample(self):
        y = modulation.modulated_conv2d(self.x, self.kernel, self.styles)
        for sample in range(4):
            kernel = self.kernel * self.styles[sample][:, None]
            energy = np.sum(np.square(kernel), axis=(0, 1, 2))
            own = tf.nn.conv2d(
                self.x[sample : sample + 1],
                kernel / np.sqrt(energy + 1e-8),
                strides=1,
                padding="SAME",
            )
            self.assertLess(support.relative_error(y[sample], own[0]), 1e-5)

    def test_a_batch_of_one_gives_its_row_of_a_larger_batch(self):
        f = resample.setup_filter(resample.DEFAULT_TAPS)
        for options in ({}, {"f": f, "up": 2}, {"demodulate": False}):
            y = modulation.modulated_conv2d(
                self.x, self.kernel, self.styles, **options
            )
            for row in range(4):
                one = modulation.modulated_conv2d(
                    self.x[row : row + 1],
                    self.kernel,
                    self.styles[row : row + 1],
                    **options,
                )
                self.assertLess(support.relative_error(one[0], y[row]), 1e-5)

    def test_output_has_unit_variance_whatever_the_styles(self):
        kernel = support.normal(3, 3, 64, 32, seed=4)
        x = support.normal(4, 32, 32, 64, seed=5)
        for spread in (0.1, 1.0, 10.0):
            styles = spread * (1 + support.normal(4, 64, seed=6))
            y = modulation.modulated_conv2d(x, kernel, styles)
            inside = y[:, 1:-1, 1:-1]  # zeros beyond the border lower it
            self.assertAllClose(tf.math.reduce_variance(inside), 1, rtol=0.03)

    def test_a_scale_of_all_styles_changes_nothing(self):
        y = modulation.modulated_conv2d(self.x, self.kernel, self.styles)
        for scale in (0.5, 7.0, 1000.0):
            scaled = modulation.modulated_conv2d(
                self.x, self.kernel, scale * self.styles
            )
            self.assertLess(support.relative_error(scaled, y), 1e-5)

    def test_a_scale_of_all_styles_counts_without_demodulation(self):
        y, doubled = (
            modulation.modulated_conv2d(
                self.x, self.kernel, styles, demodulate=False
            )
            for styles in (self.styles, 2 * self.styles)
        )
        self.assertLess(support.relative_error(doubled, 2 * y), 1e-5)

    def test_large_styles_do_not_overflow_float16(self):
        expected = modulation.modulated_conv2d(self.x, self.kernel, self.styles)
        for dtype in (tf.float16, tf.bfloat16):
            y = modulation.modulated_conv2d(
                tf.cast(self.x, dtype),
                tf.constant(self.kernel),
                tf.constant(1e4 * self.styles),
            )
            self.assertEqual(y.dtype, dtype)
            y = tf.cast(y, tf.float32)
            self.assertLess(support.relative_error(y, expected), 0.02)


def _noise_nhwc(noise):
    """`[H, W]` or `[N, 1, H, W]` as something to add to `[N, H, W, C]`."""
    return noise[:, :, None] if noise.ndim == 2 else support.nhwc(noise)


if __name__ == "__main__":
    tf.test.main()
