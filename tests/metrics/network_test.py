"""Generators as metrics take them."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images as images_lib
from stylegan_tf.metrics import network
from stylegan_tf.networks import build
from tests import support


class NetworkTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.generator = build.build_generator(support.small_config())
        support.shake(self.generator)

    def test_styles_are_not_truncated(self):
        z = support.normal(3, 12)
        found = network.mapping(self.generator)(z)
        self.assertIsInstance(found, np.ndarray)
        expected = self.generator.map(tf.constant(z))
        self.assertAllClose(found, expected, rtol=1e-5, atol=1e-6)

    def test_a_batch_may_share_its_noise(self):
        ws = np.repeat(support.normal(1, self.generator.num_ws, 12), 4, axis=0)
        for is_shared in (True, False):
            synthesize = network.synthesis(
                self.generator,
                np.random.RandomState(0),
                is_noise_shared=is_shared,
            )
            first, second = synthesize(ws), synthesize(ws)
            self.assertNotAllClose(first, second, atol=1e-4)
            largest = np.max(np.abs(first - first[:1]))
            self.assertEqual(largest < 1e-4, is_shared)

    def test_images_are_uint8_and_repeatable(self):
        made = [
            network.image_maker(self.generator, np.random.RandomState(5))(3)
            for _ in range(2)
        ]
        self.assertEqual(made[0].shape, (3, 16, 16, 3))
        self.assertEqual(made[0].dtype, np.uint8)
        self.assertAllEqual(*made)

    def test_networks_without_noise_and_with_labels(self):
        config = support.small_config({"use_noise": False}, label_size=3)
        generator = build.build_generator(config)
        drawn = []

        def draw_labels(count):
            drawn.append(np.eye(3)[np.arange(count) % 3])
            return drawn[-1]

        found = network.image_maker(
            generator, np.random.RandomState(0), draw_labels=draw_labels
        )(4)
        z = np.random.RandomState(0).standard_normal((4, 12))
        expected = generator(
            tf.constant(z, tf.float32),
            tf.constant(drawn[0], tf.float32),
            noise="none",
        )
        difference = found.astype(int) - images_lib.to_uint8(expected)
        self.assertAllInRange(difference, -1, 1)

    def test_a_generator_that_grows_is_taken_at_its_stage(self):
        config = support.small_config(
            {"architecture": "stylegan"}, {"architecture": "stylegan"}
        )
        generator = build.build_generator(config)
        make_images = network.image_maker(
            generator,
            np.random.RandomState(0),
            stage={"resolution": 8, "alpha": 0.5},
        )
        self.assertEqual(make_images(2).shape, (2, 8, 8, 3))


if __name__ == "__main__":
    tf.test.main()
