"""A seed's image does not depend on what is made beside it."""

import numpy as np
import tensorflow as tf

from stylegan_tf import sampling
from stylegan_tf.networks import build
from tests.helpers import support


class SamplingTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.config = support.small_config()
        self.generator = build.build_generator(self.config)
        self.size = self.config.generator.z_size

    def test_latents_are_those_of_the_official_tools(self):
        z = sampling.latents([5, 6], self.size)
        expected = np.random.RandomState(6).randn(1, self.size)
        np.testing.assert_array_equal(z[1:], expected.astype(np.float32))

    def test_images_are_bit_equal_whatever_the_number(self):
        sampler = sampling.Sampler(self.generator, batch_size=8)
        whole = sampler(sampling.latents(range(17), self.size))
        self.assertEqual(whole.dtype, np.uint8)
        for seeds in ([3], [3, 16], [16, 2, 3]):
            some = sampler(sampling.latents(seeds, self.size))
            np.testing.assert_array_equal(some, whole[seeds])

    def test_another_padded_size_is_at_most_one_level_apart(self):
        z = sampling.latents(range(5), self.size)
        one = sampling.Sampler(self.generator, batch_size=1)(z)
        many = sampling.Sampler(self.generator, batch_size=16)(z)
        difference = np.abs(one.astype(int) - many.astype(int))
        self.assertLessEqual(difference.max(), 1)

    def test_random_noise_belongs_to_the_seed(self):
        shapes = self.generator.synthesis.noise_shapes
        together = sampling.random_noise([4, 9], shapes, self.size)
        alone = sampling.random_noise([9], shapes, self.size)
        for both, one in zip(together, alone, strict=True):
            np.testing.assert_array_equal(both[1:], one)
        sampler = sampling.Sampler(self.generator, batch_size=4)
        self.assertEqual(
            sampler(sampling.latents([4, 9], self.size), noise=together).shape,
            (2, *self.config.image_shape),
        )


if __name__ == "__main__":
    tf.test.main()
