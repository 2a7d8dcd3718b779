"""Convolutions that scale without a filter: contract, twins, blur."""

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.layers import scaled_conv
from stylegan_tf.ops import resample, scaling
from tests.helpers import support


class ScaledConv2DTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        {},
        {"up": 2, "fused": True, "resample_filter": (1, 2, 1)},
        {"down": 2, "use_bias": False, "weight_gain": 2**0.5},
        {"up": 2, "use_wscale": False, "activation": "relu"},
    )
    @pytest.mark.slow
    def test_keeps_the_contract(self, **options):
        names = ["kernel", "bias"] if options.get("use_bias", True) else None
        support.assert_layer_contract(
            self,
            scaled_conv.ScaledConv2D(5, 3, **options),
            support.normal(2, 4, 6, 3),
            weight_names=names or ["kernel"],
        )

    @parameterized.parameters({"up": 2}, {"down": 2})
    def test_fused_computes_the_same(self, **scale):
        x = support.normal(2, 4, 6, 3)
        layers = [
            scaled_conv.ScaledConv2D(
                5, 3, fused=fused, resample_filter=(1, 2, 1), **scale
            )
            for fused in (False, True)
        ]
        results = []
        for layer in layers:
            layer.build(x.shape)
            layer.set_weights(layers[0].get_weights())
            results.append(layer(x))
        self.assertAllClose(*results, rtol=1e-4, atol=1e-5)

    def test_blurs_after_doubling_and_before_halving(self):
        fir = resample.setup_filter((1, 2, 1))
        x = support.normal(1, 4, 4, 1)
        layer = scaled_conv.ScaledConv2D(1, 1, up=2, resample_filter=(1, 2, 1))
        layer.build(x.shape)
        support.set_weights(layer, [[[[1.0]]]], [0.0])
        expected = resample.filter2d(scaling.upscale2d(x), fir)
        self.assertAllClose(layer(x), expected)
        layer = scaled_conv.ScaledConv2D(
            1, 1, down=2, resample_filter=(1, 2, 1)
        )
        layer.build(x.shape)
        support.set_weights(layer, [[[[1.0]]]], [0.0])
        expected = scaling.downscale2d(resample.filter2d(x, fir))
        self.assertAllClose(layer(x), expected)


if __name__ == "__main__":
    tf.test.main()
