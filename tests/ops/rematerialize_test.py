"""Recomputed features against kept ones, twice differentiated."""

import tensorflow as tf

from stylegan_tf.layers import equalized
from stylegan_tf.ops import rematerialize
from tests.helpers import support


class RematerializeTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.layers = [
            equalized.EqualizedConv2D(4, 3, activation="lrelu")
            for _ in range(2)
        ]
        self.x = tf.constant(support.normal(2, 6, 6, 4))
        for layer in self.layers:
            layer.build(self.x.shape)
        self.calls = 0

    def _both(self, x, gain, extra):
        self.calls += 1
        for layer in self.layers:
            x = layer(x)
        return x * gain[0] + extra

    def _all_orders(self):
        weights = [w for each in self.layers for w in each.trainable_variables]
        gain = tf.constant(2.0)
        with tf.GradientTape() as outer:
            outer.watch(self.x)
            with tf.GradientTape() as inner:
                inner.watch([self.x, gain])
                y = rematerialize.call(self._both, self.x, [gain], 0.5)
                total = tf.reduce_sum(y**2)
            sources = [self.x, gain, *weights]
            first = inner.gradient(total, sources)
            norm = tf.reduce_sum(tf.square(first[0]))
        second = outer.gradient(norm, [self.x, *weights[:1]])
        return y, first, second

    def test_agrees_in_all_orders(self):
        plain = self._all_orders()
        self.assertEqual(self.calls, 1)
        with rematerialize.asked():
            found = self._all_orders()
        self.assertEqual(self.calls, 4)  # again for either gradient
        for one, other in zip(
            tf.nest.flatten(found), tf.nest.flatten(plain), strict=True
        ):
            self.assertLess(support.relative_error(one, other), 1e-5)

    def test_features_are_kept_no_longer(self):
        def peak(is_asked):
            with rematerialize.asked(is_asked):
                traced = tf.function(self._gradients, autograph=False)
                return traced.get_concrete_function()

        def convolutions(function):
            kinds = [op.type for op in function.graph.get_operations()]
            return kinds.count("Conv2D")

        self.assertEqual(convolutions(peak(False)), 2)
        self.assertEqual(convolutions(peak(True)), 4)

    def _gradients(self):
        with tf.GradientTape() as tape:
            tape.watch(self.x)
            y = rematerialize.call(self._both, self.x, [1.0], 0.0)
        return tape.gradient(y, self.x)

    def test_without_tensors_it_is_the_function(self):
        with rematerialize.asked():
            self.assertEqual(rematerialize.call(len, "four"), 4)


if __name__ == "__main__":
    tf.test.main()
