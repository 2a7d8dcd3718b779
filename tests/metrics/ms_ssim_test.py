"""Multi-scale structural similarity: golden and known answers."""

import numpy as np
import tensorflow as tf

from stylegan_tf.metrics import ms_ssim
from tests.helpers import support


class MsSsimTest(tf.test.TestCase):
    def test_it_is_that_of_the_official_code(self):
        arrays, _ = support.golden("k8_metrics")
        a, b = (arrays[f"ms_ssim/in/x{each}"] for each in (1, 2))
        expected = float(arrays["f64/ms_ssim/out"])
        found = ms_ssim.pairs(a, b).mean()
        self.assertAllClose(found, expected, rtol=1e-6, atol=0)

    def test_it_is_that_of_tensorflow_on_large_images(self):
        random = np.random.RandomState(0)
        a = np.kron(random.uniform(40, 200, (2, 22, 22, 1)), np.ones((8, 8, 1)))
        b = a + 10 * random.standard_normal(a.shape)
        expected = tf.image.ssim_multiscale(
            tf.constant(a), tf.constant(b), 255.0
        )
        found = ms_ssim.pairs(a, b)
        self.assertAllClose(found, expected, rtol=1e-5)

    def test_equal_images_are_alike_and_opposite_ones_are_not(self):
        images = support.normal(3, 32, 32, 3) * 30 + 128
        self.assertAllClose(ms_ssim.pairs(images, images), np.ones(3))
        found = ms_ssim.pairs(images, 255 - images)
        self.assertAllEqual(found, np.zeros(3))

    def test_neighbours_are_compared(self):
        images = support.normal(3, 16, 16, 1) * 30 + 128
        batch = np.repeat(images, 2, axis=0)
        self.assertAllClose(ms_ssim.from_images([batch, batch[:2]]), 1.0)
        self.assertLess(ms_ssim.from_images([images[:2]]), 0.5)

    def test_other_sizes_are_refused(self):
        images = np.zeros((2, 24, 32, 3))
        with self.assertRaisesRegex(ValueError, r"multiples of 16.*24, 32"):
            ms_ssim.pairs(images, images)


if __name__ == "__main__":
    tf.test.main()
