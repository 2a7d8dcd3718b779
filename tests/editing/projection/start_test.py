"""Where projection starts."""

import types

import numpy as np
import tensorflow as tf

from stylegan_tf.editing.projection import start


class _Doubles:
    """A generator whose w is twice z."""

    config = types.SimpleNamespace(generator=types.SimpleNamespace(z_size=3))

    def labels(self, numbers):
        return None

    def map(self, z, labels):
        return np.repeat(2 * z[:, None], 5, axis=1)


class _Classes(_Doubles):
    """One whose w is the number of the class, of four."""

    def labels(self, numbers):
        return np.eye(4)[np.asarray(numbers) % 4]

    def map(self, z, labels):
        numbers = labels.argmax(axis=1)[:, None]
        return np.repeat(numbers[:, None], 5, axis=1)


class StartTest(tf.test.TestCase):
    def test_it_is_of_the_official_10000_samples(self):
        z = 2 * np.random.RandomState(123).randn(10_000, 3)
        mean, spread = start.statistics(_Doubles())
        self.assertAllClose(mean, z.mean(axis=0), atol=1e-6)
        # One deviation for the vector: root of the trace of its covariance.
        self.assertAllClose(spread, np.sqrt(z.var(axis=0).sum()))
        self.assertAllClose(spread, 2 * np.sqrt(3), rtol=0.02)

    def test_classes_come_in_turn_or_one_is_chosen(self):
        mean, spread = start.statistics(_Classes())
        self.assertAllClose(mean, [1.5])
        self.assertAllClose(spread, np.sqrt(1.25))
        mean, spread = start.statistics(_Classes(), class_index=2)
        self.assertAllClose(mean, [2.0])
        self.assertEqual(spread, 0.0)
