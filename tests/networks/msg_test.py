"""MSG-GAN: an image at every scale out of the generator, and back into it."""

import pathlib
import tempfile
import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import weights
from stylegan_tf.networks import build
from stylegan_tf.ops import scaling
from stylegan_tf.training import draws, gradients
from tests.helpers import support

SIDES = (4, 8, 16)


class ScalesTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.generator, self.discriminator = _build()
        self.ws = self.generator.map(support.normal(4, 12))

    def test_every_block_makes_the_image_of_its_scale(self):
        scales = self.generator.synthesize_scales(self.ws)
        shapes = [tuple(image.shape) for image in scales]
        self.assertEqual(shapes, [(4, side, side, 3) for side in SIDES])
        for image in scales:
            self.assertEqual(image.dtype, "float32")

    @parameterized.parameters("const", "none")
    @pytest.mark.slow
    def test_the_largest_is_what_others_get(self, noise):
        scales = self.generator.synthesize_scales(self.ws, noise=noise)
        images = self.generator.synthesize(self.ws, noise=noise)
        self.assertAllEqual(scales[-1], images)
        z = support.normal(4, 12)
        self.assertAllEqual(self.generator(z, noise=noise), images)

    def test_images_are_not_summed(self):
        before = self.generator.synthesize_scales(self.ws)
        for block in self.generator.synthesis.blocks[:-1]:
            block.to_rgb.bias.assign_add([1.0, 1.0, 1.0])
        after = self.generator.synthesize_scales(self.ws)
        for small, moved in zip(before[:-1], after[:-1], strict=True):
            self.assertAllClose(moved, small + 1.0)
        self.assertAllEqual(after[-1], before[-1])

    def test_one_image_is_scored_as_its_box_means(self):
        image = support.normal(4, 16, 16, 3)
        half = scaling.downscale2d(image)
        scales = [scaling.downscale2d(half), half, image]
        self.assertAllClose(scales[1][0, 0, 0], image[0, :2, :2].mean((0, 1)))
        scores = self.discriminator(image)
        self.assertAllClose(self.discriminator(scales), scores)
        for level in range(len(SIDES)):
            changed = [*scales]
            changed[level] = -changed[level]
            error = support.relative_error(self.discriminator(changed), scores)
            self.assertGreater(error, 1e-3)

    @pytest.mark.slow
    def test_traced_lists_are_scored_as_eager_ones(self):
        scales = [support.normal(4, side, side, 3) for side in SIDES]
        traced = tf.function(
            lambda *scales: self.discriminator(scales),
            input_signature=[
                tf.TensorSpec((None, side, side, 3)) for side in SIDES
            ],
        )
        shape = traced.get_concrete_function().structured_outputs.shape
        self.assertEqual(shape.as_list(), [None, 1])
        error = support.relative_error(
            traced(*scales), self.discriminator(scales)
        )
        self.assertLess(error, 1e-5)

    def test_a_list_of_another_length_is_refused(self):
        scales = self.generator.synthesize_scales(self.ws)
        with self.assertRaisesRegex(ValueError, "list of 3 scales.*2 tensors"):
            self.discriminator(scales[1:])

    @pytest.mark.slow
    def test_other_architectures_have_one_image(self):
        generator, discriminator = _build("skip")
        with self.assertRaisesRegex(ValueError, "architecture='skip'"):
            generator.synthesize_scales(self.ws)
        with self.assertRaisesRegex(ValueError, "architecture='skip'"):
            discriminator(self.generator.synthesize_scales(self.ws))


class GradientTest(tf.test.TestCase):
    def test_the_smallest_scale_learns_without_the_larger_ones(self):
        generator, discriminator = _build()
        ws = generator.map(support.normal(4, 12))
        smallest = generator.synthesis.blocks[0].to_rgb
        with tf.GradientTape(persistent=True) as tape:
            small, *larger = generator.synthesize_scales(ws)
            larger = [tf.stop_gradient(image) for image in larger]
            cut = discriminator([small, *larger])
            alone = discriminator(generator.synthesize(ws))
        for gradient in tape.gradient(cut, smallest.trainable_weights):
            self.assertGreater(np.max(np.abs(gradient)), 1e-4)
        of_largest = tape.gradient(alone, smallest.trainable_weights)
        self.assertAllEqual(of_largest, [None] * len(of_largest))

    def test_training_hands_over_every_scale(self):
        networks = types.SimpleNamespace()
        networks.generator, networks.discriminator = _build()
        z = tf.constant(support.normal(4, 12))
        inputs = draws.Draws(z, None, None, None, "const")
        found, _ = gradients.generator_loss(
            networks, networks.generator.config, inputs
        )
        names = [v.path for v in networks.generator.trainable_variables]
        for name, gradient in zip(names, found, strict=True):
            self.assertGreater(np.max(np.abs(gradient)), 0.0, name)


class MinibatchStddevTest(tf.test.TestCase):
    def test_every_block_opens_with_it(self):
        _, discriminator = _build()
        inputs = [block.conv0.kernel.shape[2] for block in discriminator.blocks]
        # Features, the image but in the first, one map.
        self.assertEqual(inputs, [16 + 1, 16 + 3 + 1])
        kernel = discriminator.epilogue.conv.kernel
        self.assertEqual(kernel.shape[2], 16 + 3 + 1)

    def test_it_can_be_left_out_everywhere(self):
        _, discriminator = _build(minibatch_channels=0)
        inputs = [block.conv0.kernel.shape[2] for block in discriminator.blocks]
        self.assertEqual(inputs, [16, 16 + 3])
        self.assertEqual(discriminator.epilogue.conv.kernel.shape[2], 16 + 3)

    def test_features_of_larger_blocks_see_the_batch(self):
        _, discriminator = _build()
        images = support.normal(4, 16, 16, 3)
        together, _ = next(discriminator.outputs(images))
        alone, _ = next(discriminator.outputs(images[:1]))
        error = support.relative_error(alone, together[:1])
        self.assertGreater(error, 1e-3)


class CountTest(tf.test.TestCase):
    def test_parameters_are_those_counted_by_hand(self):
        width = {"channel_base": 64, "channel_max": 16}  # 16, 8 and 4 maps
        msg = {"architecture": "msg", **width}
        config = support.small_config(msg, msg)
        # The style's dense, the kernel, the bias and the noise's strength.
        generator = (
            2 * (12 * 12 + 12)  # mapping
            + 4 * 4 * 16  # constant
            + (12 * 16 + 16 + 9 * 16 * 16 + 16 + 1)  # b4 conv1
            + (12 * 16 + 16 + 16 * 3 + 3)  # b4 to_rgb
            + (12 * 16 + 16 + 9 * 16 * 8 + 8 + 1)  # b8 conv0
            + (12 * 8 + 8 + 9 * 8 * 8 + 8 + 1)  # b8 conv1
            + (12 * 8 + 8 + 8 * 3 + 3)  # b8 to_rgb
            + (12 * 8 + 8 + 9 * 8 * 4 + 4 + 1)  # b16 conv0
            + (12 * 4 + 4 + 9 * 4 * 4 + 4 + 1)  # b16 conv1
            + (12 * 4 + 4 + 4 * 3 + 3)  # b16 to_rgb
        )
        discriminator = (
            (3 * 4 + 4)  # b16 from_rgb
            + (9 * (4 + 1) * 4 + 4)  # b16 conv0
            + (9 * 4 * 8 + 8)  # b16 conv1
            + (9 * (8 + 3 + 1) * 8 + 8)  # b8 conv0
            + (9 * 8 * 16 + 16)  # b8 conv1
            + (9 * (16 + 3 + 1) * 16 + 16)  # b4 conv
            + (4 * 4 * 16 * 16 + 16)  # b4 dense
            + (16 + 1)  # b4 out
        )
        self.assertEqual((generator, discriminator), (6210, 9561))
        counts = (
            build.count_parameters(build.generator(config)),
            build.count_parameters(build.discriminator(config)),
        )
        self.assertEqual(counts, (generator, discriminator))


class StorageTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("torch", "tensorflow")
    @pytest.mark.slow
    def test_weights_come_back_from_their_official_names(self, convention):
        for network in _build():
            arrays = weights.arrays(network, convention)
            self.assertLen(arrays, len(network.weights))
            before = network.get_weights()
            network.set_weights([np.zeros_like(each) for each in before])
            weights.assign(network, arrays, convention)
            self.assertAllClose(network.get_weights(), before)

    @pytest.mark.slow
    def test_saved_files_give_equal_networks(self):
        generator, discriminator = _build()
        ws = generator.map(support.normal(4, 12))
        scales = generator.synthesize_scales(ws)
        scores = discriminator(scales)
        with tempfile.TemporaryDirectory() as folder:
            loaded = []
            for network in (generator, discriminator):
                path = pathlib.Path(folder) / f"{network.name}.keras"
                network.save(path)
                loaded.append(keras.saving.load_model(path))
        self.assertAllClose(loaded[0].synthesize_scales(ws), scales)
        self.assertAllClose(loaded[1](scales), scores)


def _build(architecture="msg", **discriminator):
    both = {"architecture": architecture}
    config = support.small_config(both, {**both, **discriminator})
    return (
        support.shake(build.generator(config)),
        support.shake(build.discriminator(config)),
    )


if __name__ == "__main__":
    tf.test.main()
