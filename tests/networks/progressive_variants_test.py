"""Variants of growing networks: styles, noise, labels, and what they refuse."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from tests.helpers import progressive, support

pytestmark = pytest.mark.slow

FAMILIES = ("progan", "stylegan", "revised")
_TRADITIONAL = {"use_styles": False, "use_noise": False, "const_input": False}


class VariantsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        {},
        {"use_noise": False},
        {"use_noise": False, "const_input": False},
        {"mapping_layers": 0},
        {"mapping_layers": 1},
        {"pixel_norm": "on", "instance_norm": "off"},
        {"blur_filter": (), "fused_scale": "on"},
        _TRADITIONAL,
        {**_TRADITIONAL, "mapping_layers": 0},
    )
    def test_every_weight_learns(self, **settings):
        generator, _ = progressive.build_small("stylegan", settings)
        with tf.GradientTape() as tape:
            images = generator(support.normal(2, 12), alpha=tf.constant(0.5))
            total = tf.reduce_sum(tf.square(images))
        variables = generator.trainable_variables
        for variable, gradient in zip(
            variables, tape.gradient(total, variables), strict=True
        ):
            is_unused = "/b4/to_rgb" in variable.path
            self.assertEqual(gradient is None, is_unused, variable.path)

    def test_a_traditional_generator_has_one_w(self):
        generator, _ = progressive.build_small("stylegan", _TRADITIONAL)
        self.assertEqual(generator.map(support.normal(2, 12)).shape, (2, 1, 12))
        self.assertEqual(generator.config.noise_shapes, [])

    def test_every_style_matters(self):
        generator, _ = progressive.build_small("stylegan")
        ws = tf.constant(support.normal(2, 6, 12))
        with tf.GradientTape() as tape:
            tape.watch(ws)
            total = tf.reduce_sum(tf.square(generator.synthesize(ws)))
        gradient = tf.reduce_max(tf.abs(tape.gradient(total, ws)), axis=(0, 2))
        self.assertAllGreater(gradient, 0)

    def test_fused_scale_is_a_matter_of_speed(self):
        z = support.normal(4, 12)
        results, weights = [], None
        for fused in ("off", "on", "auto"):
            settings = {"fused_scale": fused}
            networks = progressive.build_small(
                "stylegan", settings, discriminator=settings
            )
            weights = weights or [n.get_weights() for n in networks]
            for network, values in zip(networks, weights, strict=True):
                network.set_weights(values)
            images = networks[0](z)
            results.append((images, networks[1](images)))
        for images, scores in results[1:]:
            self.assertAllClose(images, results[0][0], rtol=1e-3, atol=1e-4)
            self.assertAllClose(scores, results[0][1], rtol=1e-3, atol=1e-4)


class NoiseTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(("stylegan", 6), ("revised", 5))
    def test_a_stage_takes_its_own_noise_or_all(self, family, count):
        generator, _ = progressive.build_small(family)
        shapes = generator.config.noise_shapes
        self.assertLen(shapes, count)
        noise = [
            support.normal(2, *shape, 1, seed=index)
            for index, shape in enumerate(shapes)
        ]
        ws = generator.map(support.normal(2, 12))
        images = generator.synthesize(ws, noise=noise, resolution=8)
        few = generator.synthesize(ws, noise=noise[:-2], resolution=8)
        self.assertAllEqual(few, images)
        none = generator.synthesize(ws, noise="none", resolution=8)
        self.assertGreater(support.relative_error(none, images), 1e-3)
        with self.assertRaisesRegex(ValueError, f"must hold {count - 2}"):
            generator.synthesize(ws, noise=noise[:-1], resolution=8)
        with self.assertRaisesRegex(ValueError, "Received: noise='random'"):
            generator.synthesize(ws, noise="random")


class RefusalsTest(tf.test.TestCase, parameterized.TestCase):
    def test_progan_takes_neutral_arguments_only(self):
        generator, _ = progressive.build_small("progan")
        z = support.normal(2, 12)
        images = generator(z)
        neutral = generator(z, truncation_psi=1.0, noise="none")
        self.assertAllEqual(neutral, images)
        self.assertAllEqual(generator(z, noise=[]), images)
        with self.assertRaisesRegex(ValueError, "no mean w"):
            generator(z, truncation_psi=0.7)
        with self.assertRaisesRegex(ValueError, "no mean w"):
            generator(z, truncation_cutoff=2)
        with self.assertRaisesRegex(ValueError, "no noise inputs"):
            generator(z, noise=[support.normal(2, 4, 4, 1)])

    @parameterized.parameters(*FAMILIES)
    def test_unknown_stages_are_refused(self, family):
        generator, discriminator = progressive.build_small(family)
        with self.assertRaisesRegex(ValueError, r"\[4, 8, 16\]"):
            generator(support.normal(2, 12), resolution=32)
        with self.assertRaisesRegex(ValueError, r"must be \(16, 16, 3\)"):
            discriminator(support.normal(4, 8, 8, 3))

    @parameterized.parameters("stylegan", "revised")
    def test_missing_labels_are_refused(self, family):
        generator, discriminator = progressive.build_small(family, label_size=3)
        with self.assertRaisesRegex(ValueError, "give `labels`"):
            generator(support.normal(4, 12))
        with self.assertRaisesRegex(ValueError, "give `labels`"):
            discriminator(support.normal(4, 16, 16, 3))
        with self.assertRaisesRegex(ValueError, "have logits of labels"):
            discriminator.scores_and_logits(support.normal(4, 16, 16, 3))


class LabelsTest(tf.test.TestCase):
    def test_progan_scores_without_labels_and_tells_them(self):
        generator, discriminator = progressive.build_small(
            "progan", label_size=3
        )
        labels = np.eye(4, 3, dtype=np.float32)
        images = generator(support.normal(4, 12), labels)
        scores = discriminator(images)
        self.assertAllEqual(discriminator(images, labels), scores)
        both = discriminator.scores_and_logits(images)
        self.assertAllEqual(both[0], scores)
        self.assertEqual(both[1].shape, (4, 3))


if __name__ == "__main__":
    tf.test.main()
