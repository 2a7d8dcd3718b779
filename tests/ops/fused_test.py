"""The fused epilogue against its plain twin, twice differentiated."""

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.ops import bias_act, fast, fused
from tests.helpers import support

_SHAPE = 4, 6, 5, 8
_OTHERS = {
    "bias": (8,),
    "noise": (4, 6, 5, 1),
    "scale": (4, 8),
}


def _inputs(names, dtype=tf.float32):
    x = tf.cast(support.normal(*_SHAPE, seed=1), dtype)
    given = {
        name: tf.constant(support.normal(*_OTHERS[name], seed=seed))
        for seed, name in enumerate(names, 2)
    }
    return x, given


def _all_orders(x, given, options):
    """Value, first gradients, and gradients of a function of those."""
    sources = [x, *given.values()]
    weights = tf.cast(support.normal(*_SHAPE, seed=9), x.dtype)
    with tf.GradientTape() as outer:
        outer.watch(sources)
        with tf.GradientTape() as inner:
            inner.watch(sources)
            y = bias_act.bias_act(x, **given, **options)
            total = tf.reduce_sum(tf.square(y) * weights)
        first = inner.gradient(total, sources)
        norm = sum(
            tf.reduce_sum(tf.square(tf.cast(each, tf.float32)))
            for each in first
        )
    return y, first, outer.gradient(norm, sources)


class FusedTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.product(
        names=(("bias",), ("bias", "noise"), ("bias", "noise", "scale")),
        options=(
            {"activation": "lrelu"},
            {"activation": "lrelu", "clamp": 0.7},
            {"activation": "relu", "gain": 1.0},
            {"activation": "linear"},
            {"activation": "lrelu", "slope": 0.1, "gain": 3.0},
        ),
    )
    @pytest.mark.slow
    def test_agrees_with_the_plain_one_in_all_orders(self, names, options):
        plain = _all_orders(*_inputs(names), options)
        with fast.asked():
            found = _all_orders(*_inputs(names), options)
        for one, other in zip(
            tf.nest.flatten(found), tf.nest.flatten(plain), strict=True
        ):
            self.assertEqual(one.shape, other.shape)
            self.assertLess(support.relative_error(one, other), 1e-5)

    @pytest.mark.slow
    def test_noise_of_a_whole_batch_and_of_every_channel(self):
        for shape in ((1, 6, 5, 1), (4, 6, 5, 8)):
            x, given = _inputs(["bias"])
            given["noise"] = tf.constant(support.normal(*shape, seed=3))
            options = {"activation": "lrelu", "gain": 1.0}
            plain = _all_orders(x, given, options)
            with fast.asked():
                found = _all_orders(x, given, options)
            for one, other in zip(found[1], plain[1], strict=True):
                self.assertLess(support.relative_error(one, other), 1e-5)

    def test_bfloat16_is_computed_in_float32(self):
        x, given = _inputs(["bias", "scale"], tf.bfloat16)
        exact = bias_act.bias_act(
            tf.cast(x, tf.float32), **given, activation="lrelu"
        )
        with fast.asked():
            y = bias_act.bias_act(x, **given, activation="lrelu")
        self.assertEqual(y.dtype, tf.bfloat16)
        self.assertAllEqual(y, tf.cast(exact, tf.bfloat16))

    @pytest.mark.slow
    def test_is_taken_only_where_it_is_asked_for(self):
        def types(activation):
            traced = tf.function(
                lambda x: bias_act.bias_act(x, activation=activation, gain=1.0)
            ).get_concrete_function(tf.zeros(_SHAPE))
            return {op.type for op in traced.graph.get_operations()}

        call = "StatefulPartitionedCall", "PartitionedCall"
        self.assertNoCommonElements(types("lrelu"), call)
        with fast.asked():
            self.assertNotEmpty(types("lrelu") & set(call))
            self.assertNoCommonElements(types("swish"), call)
        self.assertNoCommonElements(types("lrelu"), call)

    def test_vectors_are_not_taken(self):
        x = tf.zeros(_SHAPE)
        self.assertTrue(fused.can_take(x, "lrelu"))
        self.assertFalse(fused.can_take(x[:, 0, 0], "lrelu"))


if __name__ == "__main__":
    tf.test.main()
