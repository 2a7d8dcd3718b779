"""Normalisations: the addon they replace, hand values, the papers' laws."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.ops import normalization
from tests.helpers import support


class InstanceNormTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(1e-3, 1e-8)
    def test_equals_tensorflow_addons(self, epsilon):
        arrays, _ = support.golden("k10_tfa")
        y = normalization.instance_norm(arrays["instance_norm/x"], epsilon)
        expected = arrays[f"instance_norm/y_eps{epsilon:g}"]
        self.assertLessEqual(support.relative_error(y, expected), 1e-5)

    def test_with_scale_and_shift_equals_tensorflow_addons(self):
        arrays, _ = support.golden("k10_tfa")
        arrays = {
            key.removeprefix("instance_norm/"): array
            for key, array in arrays.items()
        }
        y = normalization.instance_norm(arrays["x"])  # epsilon 1e-8
        y = y * arrays["gamma"] + arrays["beta"]
        error = support.relative_error(y, arrays["y_affine"])
        self.assertLessEqual(error, 1e-5)

    def test_hand_computed_values(self):
        x = tf.constant([[[[1.0], [3.0]]], [[[5.0], [5.0]]]])
        y = normalization.instance_norm(x)
        self.assertAllClose(y[:, 0, :, 0], [[-1.0, 1.0], [0.0, 0.0]])
        y = normalization.batch_norm(x)  # mean 3.5, variance 2.75
        deviation = np.sqrt(2.75)
        expected = np.array([[-2.5, -0.5], [1.5, 1.5]]) / deviation
        self.assertAllClose(y[:, 0, :, 0], expected)

    def test_undoes_contrast_and_brightness_of_every_image(self):
        # arXiv 1607.08022, section 2: stylisation must not depend on them.
        x = support.normal(4, 8, 8, 3)
        contrast = np.array([1.0, 0.2, 5.0, 3.0])[:, None, None, None]
        changed = (contrast * x + contrast).astype(np.float32)
        plain, other = (normalization.instance_norm(y) for y in (x, changed))
        self.assertAllClose(plain, other, atol=1e-5)
        plain, other = (normalization.batch_norm(y) for y in (x, changed))
        self.assertGreater(support.relative_error(other, plain), 0.1)

    def test_does_not_depend_on_the_rest_of_the_batch(self):
        x = support.normal(4, 8, 8, 3)
        alone = normalization.instance_norm(x[:1])
        self.assertAllClose(normalization.instance_norm(x)[:1], alone)
        alone = normalization.batch_norm(x[:1])
        error = support.relative_error(normalization.batch_norm(x)[:1], alone)
        self.assertGreater(error, 1e-2)

    def test_batch_norm_normalises_the_batch(self):
        y = normalization.batch_norm(3 * support.normal(4, 8, 8, 3) + 7)
        self.assertAllClose(np.mean(y, axis=(0, 1, 2)), [0.0] * 3, atol=1e-5)
        self.assertAllClose(np.var(y, axis=(0, 1, 2)), [1.0] * 3, rtol=1e-4)

    def test_large_float16_values_do_not_overflow(self):
        x = tf.cast(300 * support.normal(2, 8, 8, 3), tf.float16)
        y = normalization.instance_norm(x)
        self.assertEqual(y.dtype, tf.float16)
        self.assertAllClose(np.var(y, axis=(1, 2)), np.ones((2, 3)), rtol=0.01)


class AdaINTest(tf.test.TestCase):
    def test_the_output_has_the_statistics_of_the_style(self):
        content = support.normal(2, 8, 8, 3)
        style = 4 * support.normal(2, 5, 7, 3, seed=1) + 2
        y = normalization.adain(content, style)
        self.assertEqual(y.shape, content.shape)
        for ours, theirs in zip(
            normalization.moments(y, (1, 2)),
            normalization.moments(style, (1, 2)),
            strict=True,
        ):
            self.assertAllClose(ours, theirs, rtol=1e-4)

    def test_the_content_keeps_its_pattern(self):
        content = support.normal(2, 8, 8, 3)
        style = 4 * support.normal(2, 8, 8, 3, seed=1) + 2
        y = normalization.adain(content, style)
        self.assertAllClose(
            normalization.instance_norm(y),
            normalization.instance_norm(content),
            atol=1e-5,
        )

    def test_the_own_style_changes_nothing(self):
        content = support.normal(2, 8, 8, 3)
        y = normalization.adain(content, content)
        self.assertAllClose(y, content, atol=1e-5)


if __name__ == "__main__":
    tf.test.main()
