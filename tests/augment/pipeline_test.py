"""The augmentation against the official one, and what it promises."""

import dataclasses

import numpy as np
import scipy.special
import tensorflow as tf

from stylegan_tf.augment import draws as draws_lib
from stylegan_tf.augment import pipeline, presets
from tests.helpers import support


def _transforms(fields):
    """Of JSON, which has lists for tuples."""
    names = {field.name for field in dataclasses.fields(presets.Transforms)}
    return presets.Transforms(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
            if name in names
        }
    )


def _at_percentile(transforms, percentile, noise, channels):
    """Draws of every image at one percentile of each distribution.

    The official code leaves the square root of 2 out of its normal ones.
    """
    uniform, normal = [], []
    middle = scipy.special.erfinv(2 * percentile - 1)
    for name, (uniforms, normals, gates, _) in draws_lib._TABLE.items():
        if name not in draws_lib._acting(transforms, channels):
            continue
        values = [percentile] * uniforms
        if name == "rotate":
            values = [percentile, 0.5]  # the second one stands still
        uniform += values + [0.0] * gates
        value = scipy.special.erfinv(percentile) if name == "noise" else middle
        normal += [value] * normals
    return draws_lib.Draws(
        uniform=tf.constant([uniform] * 2, tf.float32),
        normal=tf.constant([normal] * 2, tf.float32, (2, len(normal))),
        noise=noise,
    )


class OfficialTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.arrays, cls.meta = support.golden("k7_augment")
        tf.config.run_functions_eagerly(True)  # compiling takes longer

    @classmethod
    def tearDownClass(cls):
        tf.config.run_functions_eagerly(False)
        super().tearDownClass()

    def test_every_percentile_matches(self):
        count = 0
        for key, expected in self.arrays.items():
            if "/pct" not in key:
                continue
            _, case, percentile = key.split("/")
            with self.subTest(case, percentile=percentile):
                x = "in/x_gray" if case.startswith("gray") else "in/x"
                x = tf.constant(support.nhwc(self.arrays[x]))
                transforms = _transforms(self.meta["cases"][case])
                draws = _at_percentile(
                    transforms,
                    float(percentile.removeprefix("pct")),
                    support.nhwc(self.arrays["in/noise"]),
                    x.shape[-1],
                )
                actual = pipeline.augment(x, draws, 1.0, transforms)
                error = np.abs(actual - support.nhwc(expected)).max()
                self.assertLess(error, 1e-4)
            count += 1
        self.assertEqual(count, 64)


if __name__ == "__main__":
    tf.test.main()
