"""A seed's image does not depend on what is made beside it."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, latents
from stylegan_tf.networks import build, growth
from tests.helpers import exports, support

_PROGAN = {"architecture": "progan"}


def _bound(batch_size=4, **settings):
    config = support.small_config(**{"resolution": 8, **settings})
    network = support.shake(build.generator(config))
    return generators.Bound(network, batch_size=batch_size)


class PaddingTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.network = build.generator(support.small_config())

    @pytest.mark.slow
    def test_images_are_bit_equal_whatever_the_number(self):
        generator = generators.Bound(self.network, batch_size=8)
        whole = generator.samples(range(17))
        self.assertEqual(whole.dtype, np.uint8)
        for seeds in ([3], [3, 16], [16, 2, 3]):
            some = generator.samples(seeds)
            np.testing.assert_array_equal(some, whole[seeds])

    @pytest.mark.slow
    def test_another_padded_size_is_at_most_one_level_apart(self):
        one, many = (
            generators.Bound(self.network, batch_size=size).samples(range(5))
            for size in (1, 16)
        )
        difference = np.abs(one.astype(int) - many.astype(int))
        self.assertLessEqual(difference.max(), 1)


class BoundTest(tf.test.TestCase, parameterized.TestCase):
    @pytest.mark.slow
    def test_styles_and_images_are_those_of_the_network(self):
        generator = _bound()
        network, z = generator.network, generator.latents(range(6))
        ws = generator.map(z, truncation_psi=0.5, truncation_cutoff=2)
        expected = network.map(z, truncation_psi=0.5, truncation_cutoff=2)
        self.assertAllClose(ws, expected, rtol=1e-5, atol=1e-6)
        maps = latents.noise_of_seeds(range(6), generator.noise_shapes, 12)
        for noise in ("const", "none", maps):
            made = generator.synthesize(ws, noise)
            self.assertIsInstance(made, np.ndarray)
            expected = network.synthesize(ws, noise)
            self.assertAllClose(made, expected, rtol=1e-4, atol=1e-5)

    @pytest.mark.slow
    def test_gradients_are_those_of_the_network(self):
        generator = _bound()
        ws = generator.map(generator.latents(range(6)))
        maps = latents.noise_of_seeds(range(6), generator.noise_shapes, 12)
        sources = [tf.constant(each) for each in (ws, *maps)]
        cotangent = support.normal(6, *generator.image_shape)
        with tf.GradientTape() as tape:
            tape.watch(sources)
            made = generator.network.synthesize(sources[0], sources[1:])
        expected = tape.gradient(made, sources, cotangent)
        images, to_ws, to_maps = generator.gradients(ws, cotangent, maps)
        self.assertAllClose(images, made, rtol=1e-4, atol=1e-5)
        for one, two in zip([to_ws, *to_maps], expected, strict=True):
            self.assertAllClose(one, two, rtol=1e-3, atol=1e-4)
        _, _, none = generator.gradients(ws, cotangent)
        self.assertEqual(none, [])

    def test_samples_are_the_seeds_images(self):
        generator = _bound()
        z = generator.latents([7, 1])
        expected = generator.images(generator.map(z, truncation_psi=0.5))
        made = generator.samples([7, 1], 0.5)
        np.testing.assert_array_equal(made, expected)

    def test_progan_is_drawn_without_truncation(self):
        generator = _bound(generator=_PROGAN, discriminator=_PROGAN)
        np.testing.assert_array_equal(
            generator.samples([0, 1], 0.5), generator.samples([0, 1])
        )
        with self.assertRaisesRegex(ValueError, "no mean w"):
            generator.map(generator.latents([0]), truncation_psi=0.5)

    @pytest.mark.slow
    def test_conditional_networks_draw_the_classes_in_turn(self):
        made = _bound(label_size=2).samples([5, 5, 5])
        np.testing.assert_array_equal(made[0], made[2])
        self.assertNotAllEqual(made[0], made[1])

    @parameterized.parameters(
        ("fading", (8, 8, 3), 4), ("skip", (16, 16, 3), 5)
    )
    @pytest.mark.slow
    def test_shapes_are_those_of_the_stage(self, kind, shape, maps):
        generator = generators.of_snapshot(exports.snapshot(kind))
        self.assertEqual(generator.image_shape, shape)
        self.assertLen(generator.noise_shapes, maps)
        made = generator.synthesize(generator.map(generator.latents([0])))
        self.assertEqual(made.shape[1:], shape)
        self.assertEqual(generator.full_size(made).shape[1:], (16, 16, 3))

    @parameterized.parameters("stylegan", "progan", "resnet", "skip", "fading")
    @pytest.mark.slow
    def test_images_are_made_of_the_last_feature_maps(self, kind):
        generator = generators.of_snapshot(exports.snapshot(kind))
        z, labels = generator.latents(range(3)), generator.labels(range(3))
        ws = generator.map(z, labels)
        features = generator.features(ws)
        sides = [4, 8] if kind == "fading" else [4, 8, 16]
        self.assertEqual(
            [each.shape[:2] for each in features], [(3, s) for s in sides]
        )
        if kind in ("skip", "fading"):  # of the block below also
            return
        block = generator.network.synthesis.blocks[-1]
        images = keras.ops.convert_to_numpy(block.rgb(features[-1], ws))
        self.assertAllClose(images, generator.synthesize(ws), atol=1e-5)

    def test_averaged_weights_alone_have_no_raw_ones(self):
        with self.assertRaisesRegex(ValueError, "averaged weights only"):
            generators.of_snapshot(exports.snapshot("skip"), raw=True)


@pytest.mark.slow
class SavedModelTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("labels", "fading", "progan")
    def test_it_does_what_the_network_does(self, kind):
        snapshot = exports.snapshot(kind)
        path = exports.folder(kind)
        ours, theirs = generators.of_snapshot(snapshot), generators.open(path)
        self.assertEqual(theirs.path, path / "1")
        self.assertEqual(generators.open(path / "1").path, path / "1")
        self.assertEqual(theirs.stage, growth.Stage(*snapshot.stage))
        self.assertEqual(theirs.noise_shapes, ours.noise_shapes)
        self.assertEqual(theirs.can_truncate, ours.can_truncate)
        psi = 0.5 if ours.can_truncate else 1.0
        z, labels = ours.latents(range(3)), ours.labels(range(3))
        ws = ours.map(z, labels, psi, 3)
        self.assertAllClose(theirs.map(z, labels, psi, 3), ws, atol=1e-5)
        maps = latents.noise_of_seeds(range(3), ours.noise_shapes, 12)
        cotangent = support.normal(3, *ours.image_shape)
        expected = ours.gradients(ws, cotangent, maps)
        found = theirs.gradients(ws, cotangent, maps)
        for one, two in zip(
            tf.nest.flatten(found), tf.nest.flatten(expected), strict=True
        ):
            self.assertAllClose(one, two, rtol=1e-3, atol=1e-4)
        with self.assertRaisesRegex(ValueError, "no feature maps"):
            theirs.features(ws)
        images = theirs.samples(range(3), psi).astype(int)
        self.assertAllInRange(images - ours.samples(range(3), psi), -1, 1)


if __name__ == "__main__":
    tf.test.main()
