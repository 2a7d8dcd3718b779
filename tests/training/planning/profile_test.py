"""Kinds of operations, and their shares of the cores' time."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.training.planning import profile


class ProfileTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("_MklNativeConv2DBackpropFilter", "convolutions"),
        ("Conv2D", "convolutions"),
        ("_MklMatMul", "convolutions"),
        ("DepthwiseConv2dNative", "FIR filters"),
        ("_MklNativeDepthwiseConv2dNativeBackpropInput", "FIR filters"),
        ("XLA", "epilogues, fused"),
        ("LeakyReluGrad", "activations"),
        ("StatelessRandomNormalV2", "random numbers"),
        ("ResourceApplyAdam", "optimizer"),
        ("StridedSliceGrad", "copies"),
        ("AddV2", "element by element"),
        ("ReadVariableOp", "others"),
    )
    def test_every_operation_has_a_kind(self, operation, kind):
        self.assertEqual(profile.kind_of(operation), kind)

    def test_shares_are_of_the_time_that_the_cores_have(self):
        operations = [("Conv2D", 3.0), ("Conv2D", 1.0), ("Mul", 2.0)]
        rows = profile._rows(operations, available=10.0, iterations=2)
        self.assertEqual(
            [(kind, count) for kind, _, count in rows],
            [
                ("convolutions", 1.0),
                ("element by element", 0.5),
                ("host, and waiting", 0),
            ],
        )
        self.assertAllClose([share for _, share, _ in rows], [0.4, 0.2, 0.4])
        text = profile.to_text(rows)
        self.assertIn("40.0%", text)
        self.assertIn("share of the cores' time", text)

    def test_what_the_profiler_writes_is_read(self):
        folder = self.create_tempdir().full_path
        multiply = tf.function(lambda x: tf.linalg.matmul(x, x))
        x = tf.ones((64, 64))
        multiply(x)
        with tf.profiler.experimental.Profile(folder):
            multiply(x).numpy()
        found = list(profile._operations(folder))
        kinds = {profile.kind_of(name) for name, _ in found}
        self.assertIn("convolutions", kinds)
        self.assertAllGreaterEqual([seconds for _, seconds in found], 0.0)


if __name__ == "__main__":
    tf.test.main()
