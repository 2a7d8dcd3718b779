"""Bias and activation against the official operation, and by hand."""

import numpy as np
import tensorflow as tf

from stylegan_tf.ops import bias_act
from tests.helpers import support


class BiasActTest(tf.test.TestCase):
    def test_matches_official_values_and_gradients(self):
        cases = support.cases_of("k2_layers", "bias_act")
        for case, arrays in cases:
            with self.subTest(case["name"]):
                self._check(case, arrays)
        self.assertLen(cases, 45)

    def _check(self, case, arrays):
        # Ours adds the bias along the last axis.
        def ours(array):
            return array.T if case["dim"] == 0 else support.nhwc(array)

        options = {
            "activation": case["act"],
            "gain": case["gain"],
            "clamp": case["clamp"] or 0.0,
        }
        if case["alpha"] is not None:
            options["slope"] = case["alpha"]
        inputs = [ours(arrays["in/x"])]
        if "in/b" in arrays:
            inputs.append(arrays["in/b"])
        y, gradients = support.value_and_gradients(
            lambda *args: bias_act.bias_act(*args, **options),
            inputs,
            ours(arrays["in/dy"]),
        )
        expected = [ours(arrays["out/y"]), ours(arrays["out/d_x"])]
        if "in/b" in arrays:
            expected.append(arrays["out/d_b"])
        for actual, wanted in zip((y, *gradients), expected, strict=True):
            self.assertLess(support.relative_error(actual, wanted), 1e-5)

    def test_adds_then_bends_then_scales_then_clamps(self):
        x = tf.constant([[-2.0, 1.0], [0.0, 5.0]])
        y = bias_act.bias_act(
            x,
            tf.constant([1.0, -1.0]),
            activation="lrelu",
            gain=2.0,
            clamp=3.0,
        )
        self.assertAllClose(y, [[-0.4, 0.0], [2.0, 3.0]])

    def test_gain_of_a_rectifier_keeps_the_second_moment(self):
        x = support.normal(200, 500)
        for activation, kept in (("relu", 1.0), ("lrelu", 1.04)):
            y = bias_act.bias_act(x, activation=activation)
            self.assertAllClose(np.mean(np.square(y)), kept, atol=0.02)


if __name__ == "__main__":
    tf.test.main()
