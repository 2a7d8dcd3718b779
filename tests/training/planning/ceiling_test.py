"""Convolutions by themselves."""

from unittest import mock

import tensorflow as tf

from stylegan_tf.training.planning import ceiling, flops


def _graph():
    """A convolution, twice, a matrix product, and the gradients of all."""

    @tf.function(autograph=False)
    def compute(x, kernels, matrix):
        with tf.GradientTape() as tape:
            tape.watch([x, kernels, matrix])
            for kernel in tf.unstack(kernels):
                x = tf.tanh(tf.nn.conv2d(x, kernel, 1, "SAME"))
            total = tf.reduce_sum(tf.tanh(x @ matrix))
        return tape.gradient(total, [kernels, matrix])

    return compute.get_concrete_function(
        tf.TensorSpec((2, 8, 8, 4)),
        tf.TensorSpec((2, 3, 3, 4, 4)),
        tf.TensorSpec((4, 5)),
    ).graph


class CeilingTest(tf.test.TestCase):
    def test_the_share_is_that_of_the_time_of_all(self):
        graph, timed = _graph(), []

        def seconds(operation):
            timed.append(operation.type)
            return flops.of_operation(operation) / 25.0

        with mock.patch.object(ceiling, "_seconds", seconds):
            found = ceiling.fraction([(graph, 1), (graph, 0.25)], peak=100.0)
        self.assertAllClose(found, 0.25)
        self.assertEqual(timed.count("Conv2D"), 1)  # twice the same
        self.assertIn("Conv2DBackpropFilter", timed)

    def test_every_kind_can_be_timed(self):
        with mock.patch.object(ceiling, "_SECONDS", 0.001):
            found = ceiling.fraction([(_graph(), 1)], peak=1e9)
        self.assertGreater(found, 0.0)


if __name__ == "__main__":
    tf.test.main()
