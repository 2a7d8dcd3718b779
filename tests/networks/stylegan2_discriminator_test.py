"""The discriminator: shapes, labels, batches, precision, serialisation."""

import pathlib
import tempfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.networks import build, stylegan2_discriminator
from tests.helpers import support

_ACGAN = config_lib.LossConfig(acgan_weight=1.0)
ARCHITECTURES = ("orig", "skip", "resnet", "msg")


class DiscriminatorTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(1, 2, 3, 4)
    @pytest.mark.slow
    def test_scores_images_of_any_channels(self, image_channels):
        network = _build(image_channels=image_channels)
        scores = network(support.normal(4, 16, 16, image_channels))
        self.assertEqual(scores.shape, (4, 1))
        self.assertEqual(scores.dtype, "float32")

    @parameterized.parameters(*ARCHITECTURES)
    @pytest.mark.slow
    def test_images_may_be_wider_than_high(self, architecture):
        network = _build(
            {"architecture": architecture},
            resolution=128,
            base_shape=(3, 4),
        )
        scores = network(support.normal(2, 96, 128, 3))
        self.assertEqual(scores.shape, (2, 1))
        features = network.epilogue.dense.kernel.shape[0]
        self.assertEqual(features, 3 * 4 * network.epilogue.conv.filters)

    @pytest.mark.slow
    def test_symbolic_shape_is_the_eager_one(self):
        network = _build()
        traced = tf.function(network.call).get_concrete_function(
            tf.TensorSpec((None, 16, 16, 3))
        )
        shape = traced.structured_outputs.shape.as_list()
        self.assertEqual(shape, [None, 1])
        images = tf.constant(support.normal(4, 16, 16, 3))
        error = support.relative_error(traced(images), network(images))
        self.assertLess(error, 1e-5)

    @parameterized.parameters(*ARCHITECTURES)
    @pytest.mark.slow
    def test_a_batch_of_one_gives_its_row_of_a_larger_batch(self, architecture):
        # Minibatch stddev would look at the whole group.
        network = _build(
            {"architecture": architecture, "minibatch_channels": 0}
        )
        images = support.normal(4, 16, 16, 3)
        scores = network(images)
        for row in range(4):
            one = network(images[row : row + 1])[0]
            self.assertLess(support.relative_error(one, scores[row]), 1e-5)

    def test_minibatch_stddev_looks_at_the_group(self):
        network = _build()
        images = support.normal(4, 16, 16, 3)
        together, alone = network(images)[:1], network(images[:1])
        self.assertGreater(support.relative_error(alone, together), 1e-3)

    @parameterized.parameters(*ARCHITECTURES)
    @pytest.mark.slow
    def test_every_weight_learns(self, architecture):
        network = _build({"architecture": architecture}, label_size=3)
        with tf.GradientTape() as tape:
            scores = network(support.normal(4, 16, 16, 3), _one_hot(0, 1, 2, 0))
            total = tf.reduce_sum(tf.square(scores))
        variables = network.trainable_variables
        for gradient in tape.gradient(total, variables):
            self.assertIsNotNone(gradient)
        self.assertEmpty(network.non_trainable_variables)


class LabelsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("projection", "select")
    def test_missing_labels_are_refused(self, label_mode):
        network = _build({"label_mode": label_mode}, label_size=3)
        with self.assertRaisesRegex(ValueError, r"give `labels`, \[N, 3\]"):
            network(support.normal(2, 16, 16, 3))

    @parameterized.parameters("projection", "select")
    def test_labels_change_the_scores(self, label_mode):
        network = _build({"label_mode": label_mode}, label_size=3)
        images = support.normal(2, 16, 16, 3)
        first, second = (network(images, _one_hot(i, i)) for i in (0, 1))
        self.assertGreater(support.relative_error(second, first), 1e-3)

    def test_select_picks_the_output_of_the_class(self):
        network = _build({"label_mode": "select"}, label_size=3)
        images = support.normal(2, 16, 16, 3)
        *_, (outputs, _) = network.outputs(images)
        self.assertEqual(outputs.shape, (2, 3))
        scores = network(images, _one_hot(2, 1))
        self.assertAllClose(scores[:, 0], [outputs[0, 2], outputs[1, 1]])

    def test_projection_averages_over_the_square_root_of_its_width(self):
        network = _build({"label_width": 9}, label_size=3)
        images, labels = support.normal(2, 16, 16, 3), _one_hot(0, 2)
        *_, (features, _) = network.outputs(images)
        projected = features * network.mapping(None, labels)
        expected = np.sum(projected, axis=1, keepdims=True) / 3
        self.assertAllClose(network(images, labels), expected, rtol=1e-5)

    @parameterized.parameters(*ARCHITECTURES)
    @pytest.mark.slow
    def test_label_logits_stand_behind_the_scores(self, kind):
        for mode, units in (("select", 3), ("projection", 16)):
            settings = {"architecture": kind, "label_mode": mode}
            settings["label_logits"] = True
            network = _build(settings, label_size=3, loss=_ACGAN)
            images, labels = support.normal(4, 16, 16, 3), _one_hot(0, 2, 1, 0)
            scores, logits = network.scores_and_logits(images, labels)
            self.assertEqual((scores.shape, logits.shape), ((4, 1), (4, 3)))
            self.assertAllEqual(network(images, labels), scores)
            self.assertAllEqual(network.classify(images), logits)
            outputs = network.epilogue.out(network.features(images))
            self.assertEqual(outputs.shape, (4, units + 3))
            self.assertAllClose(outputs[:, units:], logits, atol=1e-5)
            weights = network.projected(labels)
            expected = tf.reduce_sum(outputs[:, :units] * weights, axis=1)
            self.assertAllClose(scores[:, 0], expected, atol=1e-5)

    def test_others_have_no_label_logits(self):
        images = support.normal(4, 16, 16, 3)
        with self.assertRaisesRegex(ValueError, "have logits of labels"):
            _build(label_size=3).classify(images)
        network = _build({"label_logits": True}, loss=_ACGAN)
        self.assertEqual(network.classify(images).shape, (4, 0))

    def test_labels_are_ignored_without_classes(self):
        network = _build()
        images = support.normal(2, 16, 16, 3)
        self.assertAllEqual(network(images, _one_hot(0, 1)), network(images))


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
        low = build.discriminator(config, precision=precision)
        low.set_weights(full.get_weights())
        types = [block.compute_dtype for block in low.blocks]
        self.assertEqual(types, [precision] * 2 + ["float32"])
        self.assertEqual(low.epilogue.compute_dtype, "float32")
        for weight in low.weights:
            self.assertEqual(weight.dtype, "float32")
        images = support.normal(4, 32, 32, 3)
        scores = low(images)
        self.assertEqual(scores.dtype, "float32")
        error = support.relative_error(scores, full(images))
        self.assertBetween(error, 1e-6, 0.05)


class SerialisationTest(tf.test.TestCase):
    def test_a_config_and_weights_make_an_equal_discriminator(self):
        network = _build(label_size=3)
        copy = stylegan2_discriminator.Discriminator.from_config(
            network.get_config()
        )
        copy.build(None)
        copy.set_weights(network.get_weights())
        inputs = support.normal(2, 16, 16, 3), _one_hot(0, 1)
        self.assertAllEqual(copy(*inputs), network(*inputs))
        self.assertEqual(copy.get_config(), network.get_config())

    @pytest.mark.slow
    def test_a_saved_file_gives_an_equal_discriminator(self):
        network = _build(label_size=3)
        inputs = support.normal(2, 16, 16, 3), _one_hot(0, 1)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "discriminator.keras"
            network.save(path)
            loaded = keras.saving.load_model(path)
        self.assertAllEqual(loaded(*inputs), network(*inputs))


def _one_hot(*classes):
    return np.eye(3, dtype=np.float32)[list(classes)]


def _build(settings=None, **fields):
    both = {"architecture": (settings or {}).get("architecture", "resnet")}
    config = support.small_config(both, settings, **fields)
    return support.shake(build.discriminator(config))


if __name__ == "__main__":
    tf.test.main()
