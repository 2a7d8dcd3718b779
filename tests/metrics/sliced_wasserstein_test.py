"""Sliced Wasserstein distance: golden and known answers."""

import numpy as np
import tensorflow as tf

from stylegan_tf.metrics import sliced_wasserstein as swd
from tests.helpers import support


def _from_images(real, generated):
    random = np.random.RandomState(0)
    return swd.from_images(real, generated, random=random)


class SlicedWassersteinTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.arrays, _ = support.golden("k8_metrics")
        self.a, self.b = (
            support.nhwc(self.arrays[f"swd/in/{each}"]) for each in "AB"
        )

    def test_the_pyramid_is_that_of_the_official_code(self):
        levels = swd.laplacian_pyramid(self.a)
        self.assertLen(levels, 2)
        for index, level in enumerate(levels):
            expected = self.arrays[f"swd/out/laplacian{index}"]
            self.assertAllClose(
                level, support.nhwc(expected), rtol=1e-6, atol=1e-4
            )

    def test_a_pyramid_adds_up_to_the_image(self):
        fine, coarse = swd.laplacian_pyramid(self.a)
        found = fine + swd._enlarged(coarse)
        expected = support.nhwc(self.arrays["swd/out/reconstructed"])
        self.assertAllClose(found, expected, rtol=1e-6, atol=1e-4)
        self.assertAllClose(found, self.a.astype(np.float32), atol=1e-4)

    def test_patches_are_those_of_the_official_code(self):
        level = support.nhwc(self.arrays["swd/out/laplacian0"])
        random = np.random.RandomState(123)
        patches = swd.random_patches(level, 16, random)
        expected = self.arrays["swd/out/descriptors_seed123_n16"]
        self.assertAllEqual(patches, expected)
        expected = self.arrays["swd/out/finalized"]
        found = swd.normalised(patches)
        self.assertAllClose(found, expected, rtol=1e-5, atol=1e-6)

    def test_distances_are_those_of_the_official_code(self):
        found = swd.distance(
            self.arrays["swd/in/descA"],
            self.arrays["swd/in/descB"],
            np.random.RandomState(77),
            repeats=2,
            directions=16,
        )
        expected = float(self.arrays["f64/swd/out/sliced_wasserstein_seed77"])
        self.assertAllClose(found, expected, rtol=1e-6, atol=0)

    def test_the_whole_is_that_of_the_official_code(self):
        random = np.random.RandomState(9)
        real = swd.descriptors(np.split(self.a, 2), random)
        for _ in real:  # the official code compares the reals first
            random.standard_normal((swd.REPEATS, 147, swd.DIRECTIONS))
        generated = swd.descriptors(np.split(self.b, 2), random)
        found = swd.from_descriptors(real, generated, random)
        expected = self.arrays["f64/swd/out/api_seed9"]
        self.assertEqual([*found], [32, 16, "average"])
        self.assertAllClose([*found.values()], expected, rtol=1e-5, atol=0)

    def test_equal_images_are_at_no_distance_but_for_the_patches(self):
        seeds = [np.random.RandomState(0) for _ in range(2)]
        a, b = (swd.descriptors([self.a], seed) for seed in seeds)
        found = swd.from_descriptors(a, b, seeds[0])
        self.assertEqual(found, {32: 0.0, 16: 0.0, "average": 0.0})
        self_distance = _from_images([self.a], [self.a])["average"]
        other = _from_images([self.a], [255 - self.a[::-1] // 4])
        self.assertLess(self_distance, other["average"])

    def test_a_shift_is_a_distance(self):
        a = support.normal(500, 1)
        found = swd.distance(a, a + 2, np.random.RandomState(0))
        self.assertAllClose(found, 2.0, rtol=1e-6)

    def test_flat_images_are_no_trouble(self):
        flat = np.full((2, 16, 16, 1), 7, np.uint8)
        found = _from_images([flat], [flat])
        self.assertEqual(found, {16: 0.0, "average": 0.0})

    def test_other_sizes_and_counts_are_refused(self):
        for shape in ((2, 8, 8, 3), (2, 48, 40, 3), (2, 24, 24, 3)):
            with self.assertRaisesRegex(ValueError, r"16 \* 2\^k"):
                swd.laplacian_pyramid(np.zeros(shape, np.uint8))
        with self.assertRaisesRegex(ValueError, "as many"):
            _from_images([self.a], [self.b[:3]])


if __name__ == "__main__":
    tf.test.main()
