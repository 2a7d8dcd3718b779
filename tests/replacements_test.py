"""What took the place of tensorflow-addons computes the same.

`tfa.optimizers.MovingAverage` -> the averaged generator,
`training.step.update_average`; `tfa.image.gaussian_filter2d` -> our FIR
operation, `ops.resample.upfirdn2d`. The addons need TensorFlow < 2.16.
"""

import types

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf.ops import resample
from stylegan_tf.training import step
from tests.helpers import support


class ReplacementsTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.arrays, _ = support.golden("k10_tfa")

    def test_averaged_weights_equal_moving_average(self):
        start = self.arrays["moving_average/init"]
        weight, average = keras.Variable(start), keras.Variable(start)
        namespace = types.SimpleNamespace
        networks = namespace(
            generator=namespace(weights=[weight]),
            ema_generator=namespace(weights=[average]),
        )
        replica = namespace(state=networks)
        raw = self.arrays["moving_average/raw"]
        for index, gradient in enumerate(self.arrays["moving_average/grads"]):
            weight.assign(weight - 0.1 * gradient)  # SGD
            error = support.relative_error(weight, raw[index])
            self.assertLess(error, 1e-5)
            step.update_average(replica, 0.9)
        expected = self.arrays["moving_average/average_decay0.9_sgd0.1"]
        self.assertLess(support.relative_error(average, expected), 1e-5)

    def test_fir_filter_equals_gaussian_filter2d(self):
        taps = np.exp(-np.square(np.arange(-2, 3)) / (2 * 1.3**2))
        border = (2, 2)
        x = tf.pad(
            self.arrays["image/x"],
            ((0, 0), border, border, (0, 0)),
            mode="REFLECT",
        )
        blurred = resample.upfirdn2d(x, resample.setup_filter(taps))
        expected = self.arrays["image/gaussian_5_1.3_reflect"]
        self.assertLess(support.relative_error(blurred, expected), 1e-5)


if __name__ == "__main__":
    tf.test.main()
