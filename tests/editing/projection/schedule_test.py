"""The rates of projection at steps of 1,000, computed by hand."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.projection import schedule


class ScheduleTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        # step, learning rate, noise as part of the spread of w
        (0, 0.0, 0.05),
        (10, 0.02, 0.0486755556),
        (25, 0.05, 0.0467222222),
        (50, 0.1, 0.0435555556),
        (75, 0.1, 0.0405),
        (150, 0.1, 0.032),
        (375, 0.1, 0.0125),
        (500, 0.1, 0.0055555556),
        (740, 0.1, 8.8888889e-6),
        (750, 0.1, 0.0),
        (800, 0.0904508497, 0.0),
        (875, 0.05, 0.0),
        (950, 0.0095491503, 0.0),
        (999, 3.9477899e-6, 0.0),
    )
    def test_rates_are_those_of_the_official_code(self, step, rate, noise):
        t = step / 1000
        self.assertAllClose(schedule.learning_rate(t), rate, rtol=1e-6)
        self.assertAllClose(schedule.noise_strength(t), noise, rtol=1e-6)
