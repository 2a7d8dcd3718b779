"""Range, colours and sizes of images for feature networks."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.features import pixels


def _ramp(size):
    """A row whose values are its positions, `[1, 1, size, 1]`."""
    return np.arange(size, dtype=np.float32)[None, None, :, None]


class PixelsTest(tf.test.TestCase, parameterized.TestCase):
    def test_both_ranges_become_one(self):
        expected = np.array([0, 127.5, 255], np.float32)[None, None, None]
        found = pixels.to_rgb(np.array([[[[-1.0, 0.0, 1.0]]]]))
        self.assertAllClose(found, expected)
        found = pixels.to_rgb(np.array([[[[0, 128, 255]]]], np.uint8))
        self.assertAllClose(found, [[[[0, 128, 255]]]])

    def test_alpha_lets_white_through(self):
        half = np.array([[[[100, 51]]]], np.uint8)  # a fifth opaque
        self.assertAllClose(pixels.to_rgb(half), [[[[224] * 3]]])

    def test_the_two_bilinear_resizes_start_at_different_places(self):
        legacy = pixels.resize_bilinear(_ramp(2), 4, "legacy")[0, 0, :, 0]
        self.assertAllClose(legacy, [0, 0.5, 1, 1])
        half = pixels.resize_bilinear(_ramp(2), 4, "half_pixel")[0, 0, :, 0]
        self.assertAllClose(half, [0, 0.25, 0.75, 1])
        with self.assertRaisesRegex(ValueError, "half_pixel"):
            pixels.resize_bilinear(_ramp(2), 4, "area")

    def test_shrinking_takes_the_mean_of_areas(self):
        halved = pixels.resize_antialiased(_ramp(4), 2)[0, 0, :, 0]
        self.assertAllClose(halved, [0.5, 2.5])
        uneven = pixels.resize_antialiased(_ramp(3), 2)[0, 0, :, 0]
        self.assertAllClose(uneven, [1 / 3, 5 / 3])

    @parameterized.parameters((5, 8), (8, 8), (20, 8), (9, 30))
    def test_any_size_keeps_what_is_constant(self, height, width):
        images = np.full((2, height, width, 3), 7.0, np.float32)
        found = pixels.resize_antialiased(images, 8)
        self.assertAllClose(found, np.full((2, 8, 8, 3), 7.0), rtol=1e-5)


if __name__ == "__main__":
    tf.test.main()
