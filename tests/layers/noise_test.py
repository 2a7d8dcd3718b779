"""Noise inputs: the contract, hand-computed values, the paper's law."""

import numpy as np
import tensorflow as tf

from stylegan_tf.layers import noise
from tests.helpers import support


class NoiseInjectionTest(tf.test.TestCase):
    def test_keeps_the_contract(self):
        support.assert_layer_contract(
            self,
            noise.NoiseInjection(),
            support.normal(2, 3, 5, 4),
            weight_names=["strength", "const"],
        )

    def test_keeps_the_contract_with_given_noise(self):
        support.assert_layer_contract(
            self,
            noise.NoiseInjection(),
            support.normal(2, 3, 5, 4),
            support.normal(2, 3, 5, 1, seed=1),
            weight_names=["strength", "const"],
        )

    def test_keeps_the_contract_with_a_strength_per_channel(self):
        support.assert_layer_contract(
            self,
            noise.NoiseInjection(per_channel=True),
            support.normal(2, 3, 5, 4),
            weight_names=["strength", "const"],
        )

    def test_every_channel_may_have_its_strength(self):
        layer = noise.NoiseInjection(per_channel=True)
        x = tf.zeros((1, 1, 2, 3))
        layer.build(x.shape)
        support.set_weights(layer, [0.0, 1.0, -2.0], [[1.0, 2.0]])
        expected = [[[[0.0, 1.0, -2.0], [0.0, 2.0, -4.0]]]]
        self.assertAllClose(layer(x), expected)

    def test_hand_computed_values(self):
        layer = _layer(strength=0.5, const=[[1.0, 2.0], [3.0, 4.0]])
        x = 10 * tf.ones((1, 2, 2, 2))
        maps = [[10.5, 11.0], [11.5, 12.0]]
        expected = np.stack([maps, maps], axis=-1)[None]
        self.assertAllClose(layer(x), expected)
        self.assertAllClose(layer(x, noise="const"), expected)
        self.assertAllClose(layer(x, noise="none"), x)
        given = 2 * tf.ones((1, 2, 2, 1))
        self.assertAllClose(layer(x, noise=given), 11 * tf.ones((1, 2, 2, 2)))

    def test_starts_without_effect_and_learns_only_its_strength(self):
        layer = noise.NoiseInjection()
        x = support.normal(2, 4, 4, 3)
        self.assertAllEqual(layer(x), x)
        self.assertLen(layer.trainable_weights, 1)
        self.assertEqual(layer.trainable_weights[0].shape, ())

    def test_adds_its_squared_strength_to_the_variance(self):
        layer = noise.NoiseInjection()
        x = support.normal(8, 64, 64, 2)
        layer.build(x.shape)
        layer.strength.assign(0.5)
        y = layer(x, noise=support.normal(8, 64, 64, 1, seed=1))
        self.assertAllClose(np.var(y), 1.25, rtol=0.02)
        change = y - x  # one image for all maps
        self.assertAllClose(change[..., 0], change[..., 1], atol=1e-6)

    def test_const_noise_is_the_same_for_every_sample_and_call(self):
        layer = noise.NoiseInjection()
        x = tf.zeros((3, 4, 4, 1))
        layer.build(x.shape)
        layer.strength.assign(1.0)
        y = layer(x)
        self.assertAllEqual(y[0], y[2])
        self.assertAllEqual(y, layer(x))


def _layer(strength, const):
    layer = noise.NoiseInjection()
    layer.build((None, 2, 2, 2))
    support.set_weights(layer, strength, const)
    return layer


if __name__ == "__main__":
    tf.test.main()
