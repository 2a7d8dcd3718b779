"""Where a network is in its growth, and the fade."""

import numpy as np
import tensorflow as tf

from stylegan_tf.networks import build, growth
from stylegan_tf.ops import scaling
from tests.helpers import support


class StageTest(tf.test.TestCase):
    def test_files_say_nothing_of_networks_that_never_grow(self):
        self.assertEqual(growth.Stage().as_dict(), {})
        self.assertEqual(
            growth.Stage(8, 0.5).as_dict(), {"resolution": 8, "alpha": 0.5}
        )

    def test_networks_that_never_grow_take_the_neutral_stage_alone(self):
        config = support.small_config()
        generator = build.generator(config)
        discriminator = build.discriminator(config)
        ws = generator.map(support.normal(2, config.generator.z_size))
        stage = growth.Stage()
        images = generator.synthesize(ws, "const", *stage)
        self.assertAllEqual(images, generator.synthesize(ws))
        scores = discriminator(images, None, *stage)
        self.assertAllEqual(scores, discriminator(images))
        for stage in (growth.Stage(4), growth.Stage(alpha=0.5)):
            with self.assertRaisesRegex(ValueError, "never grows"):
                generator.synthesize(ws, "const", *stage)
            with self.assertRaisesRegex(ValueError, "never grows"):
                discriminator(images, None, *stage)


class FadeTest(tf.test.TestCase):
    def test_goes_from_low_to_high(self):
        low, high = tf.zeros((1, 2)), 4 * tf.ones((1, 2))
        for alpha in (0.0, 0.25, 1.0):
            y = growth.fade(low, high, tf.constant(alpha))
            self.assertAllClose(y, [[4 * alpha] * 2])

    def test_images_start_blurred_and_end_sharp(self):
        images = support.normal(2, 8, 8, 3)
        blurred = growth.fade_images(images, 0.0)
        small = scaling.downscale2d(images)
        self.assertAllClose(blurred, scaling.upscale2d(small))
        self.assertAllClose(growth.fade_images(images, 1.0), images)
        # Fading never changes what the stage below sees.
        half = scaling.downscale2d(growth.fade_images(images, 0.5))
        self.assertAllClose(half, small, atol=1e-6)
        self.assertLess(np.var(blurred), np.var(images))


if __name__ == "__main__":
    tf.test.main()
