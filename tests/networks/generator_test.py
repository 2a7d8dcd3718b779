"""The generator: noise, shapes, precision, serialisation."""

import pathlib
import tempfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.networks import build, generator
from tests.helpers import support

ARCHITECTURES = ("orig", "skip", "resnet", "msg")


class GeneratorTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(1, 2, 3, 4)
    @pytest.mark.slow
    def test_images_have_the_channels_asked_for(self, image_channels):
        network = _build(image_channels=image_channels)
        images = network(support.normal(2, 12))
        self.assertEqual(images.shape, (2, 16, 16, image_channels))
        self.assertEqual(images.dtype, "float32")

    @parameterized.parameters(*ARCHITECTURES)
    @pytest.mark.slow
    def test_the_constant_may_be_wider_than_high(self, architecture):
        network = _build(
            {"architecture": architecture},
            resolution=128,
            base_shape=(3, 4),
        )
        z = support.normal(2, 12)
        self.assertEqual(network(z).shape, (2, 96, 128, 3))
        shapes = network.config.noise_shapes
        self.assertEqual(shapes[:3], [(3, 4), (6, 8), (6, 8)])
        self.assertEqual(shapes[-1], (96, 128))
        noise = [support.normal(2, *shape, 1) for shape in shapes]
        images = network.synthesize(network.map(z), noise=noise)
        self.assertEqual(images.shape, (2, 96, 128, 3))

    @pytest.mark.slow
    def test_symbolic_shape_is_the_eager_one(self):
        network = _build()
        ws = keras.KerasTensor((None, 6, 12))
        self.assertEqual(network.synthesis(ws).shape, (None, 16, 16, 3))
        traced = tf.function(network.synthesize).get_concrete_function(
            tf.TensorSpec((None, 6, 12))
        )
        self.assertEqual(
            traced.structured_outputs.shape.as_list(), [None, 16, 16, 3]
        )
        ws = network.map(support.normal(3, 12))
        error = support.relative_error(traced(ws), network.synthesize(ws))
        self.assertLess(error, 1e-5)

    @parameterized.parameters(*ARCHITECTURES)
    @pytest.mark.slow
    def test_a_batch_of_one_gives_its_row_of_a_larger_batch(self, architecture):
        network = _build({"architecture": architecture})
        z = support.normal(4, 12)
        images = network(z)
        for row in range(4):
            one = network(z[row : row + 1])[0]
            self.assertLess(support.relative_error(one, images[row]), 1e-5)

    def test_every_weight_but_the_stored_noise_and_mean_learns(self):
        network = _build()
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.square(network(support.normal(2, 12))))
        variables = network.trainable_variables
        for gradient in tape.gradient(total, variables):
            self.assertIsNotNone(gradient)
        fixed = {weight.path for weight in network.non_trainable_variables}
        ends = {path.rsplit("/", 1)[1] for path in fixed}
        self.assertEqual(ends, {"const", "w_avg"})
        self.assertLen(fixed, 6)  # five convolutions with noise, one mean

    def test_missing_labels_are_refused(self):
        network = _build(label_size=3)
        with self.assertRaisesRegex(ValueError, r"give `labels`, \[N, 3\]"):
            network(support.normal(2, 12))

    @pytest.mark.slow
    def test_labels_change_the_images_and_are_ignored_without_classes(self):
        z, labels = support.normal(2, 12), np.eye(3, dtype=np.float32)
        conditional = _build(label_size=3)
        images = [conditional(z, labels[[i, i]]) for i in (0, 1)]
        self.assertGreater(support.relative_error(*images), 1e-2)
        network = _build()
        self.assertAllEqual(network(z, labels[:2]), network(z))


class NoiseTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.network = _build()
        self.ws = self.network.map(support.normal(2, 12))

    def _given(self, seed):
        return [
            support.normal(2, *shape, 1, seed=seed + index)
            for index, shape in enumerate(self.network.config.noise_shapes)
        ]

    def test_stored_noise_given_as_a_list_changes_nothing(self):
        stored = [
            tf.convert_to_tensor(conv.noise.const)[None, :, :, None]
            for block in self.network.synthesis.blocks
            for conv in block.convs
        ]
        self.assertAllClose(
            self.network.synthesize(self.ws, noise=stored),
            self.network.synthesize(self.ws, noise="const"),
        )

    def test_every_noise_image_matters(self):
        given = self._given(seed=0)
        images = self.network.synthesize(self.ws, noise=given)
        for index, other in enumerate(self._given(seed=100)):
            changed = [*given[:index], other, *given[index + 1 :]]
            others = self.network.synthesize(self.ws, noise=changed)
            self.assertGreater(support.relative_error(others, images), 1e-3)

    def test_no_noise_equals_noise_of_zeros(self):
        zeros = [np.zeros_like(noise) for noise in self._given(seed=0)]
        self.assertAllClose(
            self.network.synthesize(self.ws, noise="none"),
            self.network.synthesize(self.ws, noise=zeros),
        )

    def test_a_list_of_another_length_is_refused(self):
        with self.assertRaisesRegex(ValueError, "must hold 5 tensors"):
            self.network.synthesize(self.ws, noise=self._given(seed=0)[1:])

    def test_an_unknown_mode_is_refused(self):
        with self.assertRaisesRegex(ValueError, "Received: noise='random'"):
            self.network.synthesize(self.ws, noise="random")

    def test_a_network_without_noise_takes_every_mode(self):
        network = _build({"use_noise": False})
        images = network.synthesize(self.ws, noise="const")
        for noise in ("none", []):
            others = network.synthesize(self.ws, noise=noise)
            self.assertAllEqual(others, images)
        with self.assertRaisesRegex(ValueError, "no noise inputs"):
            network.synthesize(self.ws, noise=self._given(seed=0))


class PrecisionTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.product(
        architecture=ARCHITECTURES, precision=("bfloat16", "float16")
    )
    @pytest.mark.slow
    def test_only_the_highest_blocks_compute_in_low_precision(
        self, architecture, precision
    ):
        settings = {"architecture": architecture}
        full = _build(settings, resolution=32)
        config = support.small_config(settings, settings, resolution=32)
        config.training.low_precision_blocks = 2
        low = build.generator(config, precision=precision)
        low.set_weights(full.get_weights())
        types = [block.compute_dtype for block in low.synthesis.blocks]
        self.assertEqual(types, ["float32"] * 2 + [precision] * 2)
        for weight in low.weights:
            self.assertEqual(weight.dtype, "float32")
        z = support.normal(4, 12)
        images = low(z)
        self.assertEqual(images.dtype, "float32")
        error = support.relative_error(images, full(z))
        self.assertBetween(error, 1e-5, 0.05)


class SerialisationTest(tf.test.TestCase):
    def test_a_config_and_weights_make_an_equal_generator(self):
        network = _build(label_size=3)
        copy = generator.Generator.from_config(network.get_config())
        copy.build(None)
        copy.set_weights(network.get_weights())
        inputs = support.normal(2, 12), np.eye(3, dtype=np.float32)[:2]
        self.assertAllEqual(copy(*inputs), network(*inputs))
        self.assertEqual(copy.get_config(), network.get_config())

    def test_a_config_without_a_precision_makes_a_float32_generator(self):
        config = _build().config
        config.training.precision = "bfloat16"  # as older files may say
        network = build.generator(config, precision="bfloat16")
        values = network.get_config()
        self.assertEqual(values.pop("precision"), "bfloat16")
        copy = generator.Generator.from_config(values)
        self.assertEqual(copy.precision, "float32")

    def test_older_files_of_growing_generators_find_the_class(self):
        found = keras.saving.get_registered_object(
            "stylegan_tf>ProgressiveGenerator"
        )
        self.assertIs(found, generator.Generator)

    @pytest.mark.slow
    def test_a_saved_file_gives_an_equal_generator(self):
        network = _build(label_size=3)
        inputs = support.normal(2, 12), np.eye(3, dtype=np.float32)[:2]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "generator.keras"
            network.save(path)
            loaded = keras.saving.load_model(path)
        self.assertAllEqual(loaded(*inputs), network(*inputs))


def _build(settings=None, **fields):
    both = {"architecture": (settings or {}).get("architecture", "skip")}
    config = support.small_config(settings, both, **fields)
    return support.shake(build.generator(config))


if __name__ == "__main__":
    tf.test.main()
