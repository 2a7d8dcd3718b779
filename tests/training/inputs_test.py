"""Batches go on from any position, labels come from the data."""

from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf.training import inputs


def _batches(config, source, images_seen, count):
    batches = inputs.batches(
        config, source, tf.distribute.get_strategy(), images_seen
    )
    return [
        tf.nest.map_structure(np.array, next(batches)) for _ in range(count)
    ]


class InputsTest(tf.test.TestCase, parameterized.TestCase):
    @pytest.mark.slow
    def test_labels_of_the_data_size_the_networks(self):
        config = tiny.get_config()
        config.data.use_labels = True
        source, config = inputs.open_data(config)
        self.assertEqual(config.label_size, 4)
        whole = _batches(config, source, 0, 4)
        rest = _batches(config, source, 16, 2)
        for expected, actual in zip(whole[2:], rest, strict=True):
            tf.nest.map_structure(
                np.testing.assert_array_equal, expected, actual
            )
        images, labels, fake_labels = whole[0]
        self.assertEqual(images.shape, (8, 32, 32, 3))
        self.assertAllEqual(labels.sum(axis=1), np.ones(8))
        for drawn in fake_labels:
            self.assertAllEqual(drawn.sum(axis=1), np.ones(8))
            self.assertNotAllEqual(labels, drawn)

    @parameterized.parameters(
        ("use_labels", True, 4, "classes", ("plain", "glasses")),
        ("attributes", "glasses", 2, "classes", ("no glasses", "glasses")),
        ("attributes", "glasses,smile", 2, "vectors", ("glasses", "smile")),
        ("attributes", "", 0, "classes", ()),
    )
    @pytest.mark.slow
    def test_the_config_knows_what_labels_are_called(
        self, field, value, size, kind, names
    ):
        config = tiny.get_config()
        setattr(config.data, field, value)
        config.label_names = ("of", "another", "run")
        source, config = inputs.open_data(config)
        self.assertEqual(config.label_size, size)
        self.assertEqual(config.label_kind, kind)
        self.assertEqual(config.label_names[:2], names)
        if value == "glasses,smile":
            known = source.attributes
            self.assertAllEqual(source.labels[:, 0], known["glasses"])
            self.assertAllEqual(source.labels[:, 1], known["smile"])

    def test_an_attribute_that_is_not_there_is_named(self):
        config = tiny.get_config()
        config.data.attributes = "glases"
        with self.assertRaisesRegex(ValueError, "Did you mean `glasses`"):
            inputs.open_data(config)

    @pytest.mark.slow
    def test_every_loss_draws_its_own_labels(self):
        config = tiny.get_config()
        config.data.use_labels = True
        source, config = inputs.open_data(config)
        ((_, labels, fake),) = _batches(config, source, 0, 1)
        self.assertNotAllEqual(fake.generator, fake.path_length)
        self.assertNotAllEqual(fake.generator, fake.discriminator)
        config.loss.fake_labels = "real"
        ((_, labels, before_ada),) = _batches(config, source, 0, 1)
        self.assertAllEqual(before_ada.discriminator, labels)
        self.assertAllEqual(before_ada.generator, fake.generator)
        self.assertAllEqual(before_ada.path_length, fake.path_length)
        config.loss.adversarial = "relativistic"  # pairs are of one class
        ((_, labels, paired),) = _batches(config, source, 0, 1)
        self.assertAllEqual(paired.discriminator, labels)
        self.assertAllEqual(paired.generator, labels)
        self.assertAllEqual(paired.path_length, fake.path_length)

    def test_a_damaged_image_is_skipped_with_the_sizes_that_are_known(self):
        folder = self.create_tempdir()
        folder.create_file("a.png", content="no image")
        config = tiny.get_config()
        config.data.path = folder.full_path
        with self.assertRaisesRegex(
            ValueError,
            "a.png cannot be used: .*prepare_dataset .* --resolution=32 "
            "--channels=3$",
        ):
            inputs.open_data(config)

    def test_unconditional_labels_are_empty(self):
        source, config = inputs.open_data(tiny.get_config())
        ((_, labels, fake_labels),) = _batches(config, source, 0, 1)
        self.assertEqual(labels.shape, (8, 0))
        self.assertEqual(fake_labels.discriminator.shape, (8, 0))

    @parameterized.parameters(
        (ValueError("a.png cannot be used: no Error: here"),),
        (OSError(5, "Input/output error"),),
        (RuntimeError("the archive is gone"),),
    )
    @pytest.mark.slow
    def test_what_goes_wrong_amid_a_run_is_told_in_its_own_words(self, error):
        source, config = inputs.open_data(tiny.get_config())
        self.assertEqual(source.image_shape, (32, 32, 3))
        with mock.patch.object(type(source), "image", side_effect=error):
            batches = inputs.batches(
                config, source, tf.distribute.get_strategy(), 0
            )
            with self.assertRaises(ValueError) as context:
                inputs.next_batch(batches)
        self.assertEqual(str(context.exception), str(error))


if __name__ == "__main__":
    tf.test.main()
