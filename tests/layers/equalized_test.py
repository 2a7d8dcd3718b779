"""Equalized layers: official values, the contract, hand-computed ones."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.layers import equalized
from tests.helpers import support


class EqualizedDenseTest(tf.test.TestCase, parameterized.TestCase):
    def test_matches_official_values_and_gradients(self):
        cases = support.cases_of("k2_layers", "FullyConnectedLayer")
        for case, arrays in cases:
            with self.subTest(case["name"]):
                layer = equalized.EqualizedDense(
                    case["out_features"],
                    activation=case["activation"],
                    lr_multiplier=case["lr_multiplier"],
                    use_bias=case["bias"],
                )
                layer.build((None, case["in_features"]))
                layer.kernel.assign(arrays["in/weight"].T)
                if case["bias"]:
                    layer.bias.assign(arrays["in/bias"])
                y, (dx,) = support.value_and_gradients(
                    layer, [arrays["in/x"]], arrays["in/dy"]
                )
                error = support.relative_error(y, arrays["out/y"])
                self.assertLess(error, 1e-5)
                error = support.relative_error(dx, arrays["out/d_x"])
                self.assertLess(error, 1e-4)
        self.assertLen(cases, 5)

    @parameterized.parameters(
        {},
        {"use_bias": False},
        {"activation": "lrelu", "lr_multiplier": 0.01, "bias_init": 1.0},
        {"weight_gain": 2**0.5, "activation": "lrelu"},
        {"use_wscale": False, "lr_multiplier": 0.5},
    )
    @pytest.mark.slow
    def test_keeps_the_contract(self, **options):
        names = ["kernel", "bias"] if options.get("use_bias", True) else None
        support.assert_layer_contract(
            self,
            equalized.EqualizedDense(5, **options),
            support.normal(3, 4),
            weight_names=names or ["kernel"],
        )

    def test_hand_computed_values(self):
        layer = equalized.EqualizedDense(2, lr_multiplier=0.5)
        layer.build((None, 2))
        support.set_weights(layer, [[1, 2], [3, 4]], [2, -2])
        # [1, 1] @ kernel = [4, 6], times 0.5 / sqrt(2); biases times 0.5.
        expected = [[2 / 2**0.5 + 1, 3 / 2**0.5 - 1]]
        self.assertAllClose(layer(tf.ones((1, 2))), expected)

    def test_a_gain_in_the_weights_takes_the_place_of_the_activations(self):
        x = support.normal(3, 4)
        results = []
        for weight_gain in (None, 2**0.5):
            layer = equalized.EqualizedDense(
                5, activation="lrelu", weight_gain=weight_gain
            )
            layer.build(x.shape)
            kernel = support.normal(4, 5, seed=1)
            support.set_weights(layer, kernel, [0.0] * 5)
            results.append(layer(x))
        self.assertAllClose(*results)  # where there is no bias

    @parameterized.parameters(True, False)
    def test_fresh_weights_are_used_at_the_same_scale(self, use_wscale):
        layer = equalized.EqualizedDense(
            256, lr_multiplier=0.1, weight_gain=2.0, use_wscale=use_wscale
        )
        y = layer(support.normal(256, 256))
        self.assertAllClose(np.var(y), 4.0, rtol=0.05)
        stored = np.std(layer.kernel)
        expected = 10.0 if use_wscale else 10.0 * 2 / 16
        self.assertAllClose(stored, expected, rtol=0.05)

    @parameterized.parameters(1.0, 0.01)
    def test_fresh_weights_keep_unit_variance(self, lr_multiplier):
        layer = equalized.EqualizedDense(256, lr_multiplier=lr_multiplier)
        y = layer(support.normal(256, 256))
        self.assertAllClose(np.var(y), 1.0, rtol=0.05)

    def test_lr_multiplier_slows_learning(self):
        x = tf.constant(support.normal(8, 4))
        changes = []
        for lr_multiplier in (1.0, 0.01):
            layer = equalized.EqualizedDense(3, lr_multiplier=lr_multiplier)
            before = layer(x)
            layer.kernel.assign_add(tf.ones((4, 3)))  # Adam's step
            changes.append(layer(x) - before)
        slower = support.relative_error(changes[1], 0.01 * changes[0])
        self.assertLess(slower, 1e-3)


class EqualizedConv2DTest(tf.test.TestCase, parameterized.TestCase):
    def test_matches_official_values_and_gradients(self):
        cases = support.cases_of("k2_layers", "Conv2dLayer")
        for case, arrays in cases:
            with self.subTest(case["name"]):
                layer = _layer(case, arrays)
                y, (dx,) = support.value_and_gradients(
                    layer,
                    [support.nhwc(arrays["in/x"])],
                    support.nhwc(arrays["in/dy"]),
                )
                expected = support.nhwc(arrays["out/y"])
                self.assertLess(support.relative_error(y, expected), 1e-5)
                expected = support.nhwc(arrays["out/d_x"])
                self.assertLess(support.relative_error(dx, expected), 1e-4)
        self.assertLen(cases, 6)

    @parameterized.parameters(
        {},
        {"activation": "lrelu", "up": 2},
        {"down": 2, "resample_filter": (1, 2, 1), "use_bias": False},
        {"activation": "relu", "gain": 0.5, "clamp": 0.7},
        {"activation": "lrelu", "weight_gain": 2**0.5, "use_wscale": False},
    )
    @pytest.mark.slow
    def test_keeps_the_contract(self, **options):
        names = ["kernel", "bias"] if options.get("use_bias", True) else None
        support.assert_layer_contract(
            self,
            equalized.EqualizedConv2D(5, 3, **options),
            support.normal(2, 4, 6, 3),
            weight_names=names or ["kernel"],
        )

    def test_hand_computed_values(self):
        layer = equalized.EqualizedConv2D(1, 3)
        layer.build((None, 2, 2, 1))
        kernel = np.arange(9, dtype=np.float32).reshape(3, 3, 1, 1)
        support.set_weights(layer, kernel, [0.5])
        x = tf.constant([[1.0, 2.0], [3.0, 4.0]])[None, :, :, None]
        # Correlation with zeros around, times 1 / sqrt(9), plus the bias.
        top = [4 * 1 + 5 * 2 + 7 * 3 + 8 * 4, 3 * 1 + 4 * 2 + 6 * 3 + 7 * 4]
        bottom = [1 * 1 + 2 * 2 + 4 * 3 + 5 * 4, 0 * 1 + 1 * 2 + 3 * 3 + 4 * 4]
        expected = np.array([top, bottom]) / 3 + 0.5
        self.assertAllClose(layer(x)[0, :, :, 0], expected)

    @parameterized.parameters(1, 3)
    def test_fresh_weights_keep_unit_variance(self, kernel_size):
        layer = equalized.EqualizedConv2D(64, kernel_size)
        y = layer(support.normal(4, 16, 16, 64))[:, 1:-1, 1:-1]
        self.assertAllClose(np.var(y), 1.0, rtol=0.05)

    def test_clamp_counts_before_gain(self):
        layer = equalized.EqualizedConv2D(4, 1, gain=0.5, clamp=0.2)
        y = layer(100 * support.normal(2, 4, 4, 3))
        self.assertAllClose(np.max(np.abs(y)), 0.1)


def _layer(case, arrays):
    layer = equalized.EqualizedConv2D(
        case["out_channels"],
        case["kernel_size"],
        activation=case["activation"],
        up=case["up"],
        down=case["down"],
        resample_filter=case["resample_filter"],
        use_bias=case["bias"],
        gain=case["forward_gain"],
        clamp=case["conv_clamp"] or 0.0,
    )
    layer.build((None, 8, 8, case["in_channels"]))
    layer.kernel.assign(support.hwio(arrays["in/weight"]))
    if case["bias"]:
        layer.bias.assign(arrays["in/bias"])
    return layer


if __name__ == "__main__":
    tf.test.main()
