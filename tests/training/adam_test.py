"""Our Adam against Keras's."""

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf.training import adam
from tests.helpers import support

_OPTIONS = {
    "learning_rate": 0.01,
    "beta_1": 0.0,
    "beta_2": 0.9,
    "epsilon": 1e-8,
}


def _weights_after(optimizer, steps=5):
    weights = [
        keras.Variable(support.normal(*shape, seed=seed))
        for seed, shape in enumerate(((3, 4), (5,), ()))
    ]
    optimizer.build(weights)
    for step in range(steps):
        gradients = [
            tf.constant(support.normal(*weight.shape, seed=10 + step))
            for weight in weights
        ]
        optimizer.apply(gradients)
    return [np.asarray(each) for each in weights], [
        (each.path, np.asarray(each)) for each in optimizer.variables
    ]


class AdamTest(tf.test.TestCase):
    def test_moves_weights_and_moments_as_keras_does(self):
        for beta_1, beta_2 in ((0.0, 0.99), (0.9, 0.999)):
            options = {**_OPTIONS, "beta_1": beta_1, "beta_2": beta_2}
            ours, moments = _weights_after(adam.Adam(**options, name="adam"))
            theirs, wanted = _weights_after(
                keras.optimizers.Adam(**options, name="adam")
            )
            for one, other in zip(ours, theirs, strict=True):
                self.assertAllClose(one, other, rtol=1e-5, atol=1e-6)
            names = [path.split("/")[-1] for path, _ in moments]
            self.assertLen(names, 2 + 2 * 3)
            for (_, one), (_, other) in zip(moments, wanted, strict=True):
                self.assertAllClose(one, other, rtol=1e-5, atol=1e-6)


if __name__ == "__main__":
    tf.test.main()
