"""The images that metrics look at: fresh noise, mixed styles, replicas."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators
from stylegan_tf import images as images_lib
from stylegan_tf.evaluation import generated
from stylegan_tf.networks import build, growth
from tests.helpers import support


def _random(seed=0):
    return np.random.RandomState(seed)


class GeneratedTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.generator = build.generator(support.small_config())
        support.shake(self.generator)

    def test_styles_are_not_truncated(self):
        z = support.normal(3, 12)
        found = generators.Bound(self.generator).map(z)
        self.assertIsInstance(found, np.ndarray)
        expected = self.generator.map(tf.constant(z))
        self.assertAllClose(found, expected, rtol=1e-5, atol=1e-6)

    @pytest.mark.slow
    def test_noise_is_drawn_for_every_image_and_shared_by_pairs(self):
        ws = np.repeat(support.normal(1, self.generator.num_ws, 12), 4, axis=0)
        made = generators.Bound(self.generator, batch_size=4)
        random = _random()
        first, second = (
            generated.synthesize(made, ws, random) for _ in range(2)
        )
        self.assertNotAllClose(first, second, atol=1e-4)
        self.assertNotAllClose(first, np.repeat(first[:1], 4, 0), atol=1e-4)
        first, second = (
            generated.synthesize_pairs(made, ws, random) for _ in range(2)
        )
        self.assertNotAllClose(first, second, atol=1e-4)
        self.assertAllClose(first, np.repeat(first[:1], 4, 0), atol=1e-4)

    @pytest.mark.slow
    def test_pairs_stay_together_in_small_batches(self):
        ws = support.normal(6, self.generator.num_ws, 12)
        ws = np.concatenate([ws, ws])
        made = generators.Bound(self.generator, batch_size=4)
        images = generated.synthesize_pairs(made, ws, _random())
        self.assertAllClose(images[:6], images[6:], atol=1e-5)
        self.assertNotAllClose(images[0], images[1], atol=1e-2)

    @pytest.mark.slow
    def test_images_are_uint8_and_the_same_in_batches_of_any_size(self):
        made = [
            np.concatenate(
                [
                    maker(size)
                    for maker in [
                        generated.image_maker(
                            generators.Bound(self.generator, batch_size=2),
                            _random(5),
                        )
                    ]
                    for _ in range(8 // size)
                ]
            )
            for size in (2, 8)
        ]
        self.assertEqual(made[0].shape, (8, 16, 16, 3))
        self.assertEqual(made[0].dtype, np.uint8)
        self.assertAllEqual(*made)

    def test_styles_of_several_latents_meet_at_drawn_layers(self):
        made = generators.Bound(self.generator)
        styles = []
        made.synthesize_afresh = lambda ws, random: (
            styles.append(ws) or np.zeros((len(ws), 16, 16, 3))
        )
        generated.image_maker(made, _random(4), mixed=3)(20)
        generated.image_maker(made, _random(4), mixed=3)(8)
        generated.image_maker(made, _random(4))(20)
        mixed, first, plain = styles
        self.assertAllClose(mixed[:8], first, rtol=1e-5)
        changes = np.any(mixed[:, 1:] != mixed[:, :-1], axis=-1)
        self.assertAllEqual(changes.sum(1), [2] * 20)  # 3 latents in each
        self.assertGreater(len(np.unique(changes, axis=0)), 5)
        self.assertAllEqual(plain[:, 1:], plain[:, :-1])

    @pytest.mark.slow
    def test_the_layers_of_a_growing_stage_are_mixed(self):
        config = support.small_config(
            {"architecture": "stylegan"}, {"architecture": "stylegan"}
        )
        generator = build.generator(config)
        made = generators.Bound(generator, growth.Stage(8))
        generated.image_maker(made, _random(), mixed=4)(2)
        with self.assertRaisesRegex(
            ValueError, "Received: 5 latents, 4 layers"
        ):
            generated.image_maker(made, _random(), mixed=5)(2)

    @pytest.mark.slow
    def test_networks_without_noise_and_with_labels(self):
        config = support.small_config({"use_noise": False}, label_size=3)
        generator = build.generator(config)
        drawn = []

        def draw_labels(count):
            drawn.append(np.eye(3)[np.arange(count) % 3])
            return drawn[-1]

        maker = generated.image_maker(
            generators.Bound(generator), _random(), draw_labels
        )
        random = _random()
        random.randint(2**31)  # the noise's
        z = random.standard_normal((4, 12))
        found = maker(4)
        expected = generator(
            tf.constant(z, tf.float32),
            tf.constant(drawn[0], tf.float32),
            noise="none",
        )
        difference = found.astype(int) - images_lib.to_uint8(expected)
        self.assertAllInRange(difference, -1, 1)

    @pytest.mark.slow
    def test_a_generator_that_grows_is_taken_at_its_stage(self):
        config = support.small_config(
            {"architecture": "stylegan"}, {"architecture": "stylegan"}
        )
        generator = build.generator(config)
        made = generators.Bound(generator, growth.Stage(8, 0.5))
        images = generated.image_maker(made, _random())(2)
        self.assertEqual(images.shape, (2, 16, 16, 3))
        self.assertAllEqual(images[:, ::2, ::2], images[:, 1::2, 1::2])

    @pytest.mark.slow
    def test_two_replicas_make_the_images_of_one(self):
        made = []
        for strategy in (tf.distribute.get_strategy(), support.two_replicas()):
            with strategy.scope():
                generator = build.generator(self.generator.config)
                generator.set_weights(self.generator.get_weights())
                each = generators.Bound(generator, batch_size=2)
                images = generated.image_maker(each, _random())(8)
                ws = each.map(support.normal(8, 12))
                ws = np.concatenate([ws, ws + 1e-2])
                pairs = generated.synthesize_pairs(each, ws, _random())
            made.append((images, pairs))
        self.assertAllEqual(made[0][0], made[1][0])
        # Sums over different numbers of rows differ in the last bits.
        self.assertAllClose(made[0][1], made[1][1], rtol=0, atol=1e-5)


if __name__ == "__main__":
    tf.test.main()
