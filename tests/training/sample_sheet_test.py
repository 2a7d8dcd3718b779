"""Sheets of samples: a row a class, and images as they come of the rest."""

import numpy as np
import tensorflow as tf

from stylegan_tf.data import source as source_lib
from stylegan_tf.training import sample_sheet
from tests.helpers import support


def _source(labels, **fields):
    """Images whose level is their place."""
    places = np.arange(len(labels), dtype=np.uint8)
    images = np.broadcast_to(
        places[:, None, None, None], (len(labels), 16, 16, 3)
    )
    return source_lib.of_arrays("d", images, given_labels=labels, **fields)


def _config(label_size, kind="classes"):
    config = support.small_config(label_size=label_size, label_kind=kind)
    config.training.sample_grid = (2, 3)
    return config


class SampleSheetTest(tf.test.TestCase):
    def test_a_row_shows_images_and_latents_of_one_class(self):
        labels = np.array([0, 1, 3, 1, 0, 1, 1])
        sheet = sample_sheet.make(_config(4), _source(labels))
        self.assertEqual(sheet.columns, 3)
        self.assertEqual(sheet.seeds, [0, 1, 2] * 4)
        rows = sheet.reals[:, 0, 0, 0].reshape(4, 3)
        self.assertEqual(set(rows[0]), {0, 4})  # so few come again
        self.assertLen(set(rows[1]), 3)
        self.assertContainsSubset(set(rows[1]), {1, 3, 5, 6})
        self.assertAllEqual(rows[2], [0, 0, 0])  # there is none
        self.assertAllEqual(rows[3], [2, 2, 2])
        expected = np.repeat(np.arange(4), 3)
        self.assertAllEqual(sheet.labels.argmax(1), expected)

    def test_of_many_classes_32_have_a_row(self):
        sheet = sample_sheet.make(_config(100), _source(np.arange(100)))
        self.assertLen(sheet.reals, 32 * 3)
        self.assertAllEqual(sheet.labels.argmax(1)[::3][[0, -1]], [0, 99])
        self.assertAllEqual(sheet.reals[:, 0, 0, 0], sheet.labels.argmax(1))

    def test_vectors_come_as_they_are(self):
        labels = np.random.RandomState(0).rand(9, 2).astype(np.float32)
        sheet = sample_sheet.make(_config(2, "vectors"), _source(labels))
        self.assertEqual(sheet.seeds, list(range(6)))
        self.assertAllEqual(sheet.labels, labels[sheet.reals[:, 0, 0, 0]])

    def test_without_labels_nothing_is_asked_of_them(self):
        sheet = sample_sheet.make(_config(0), _source(np.zeros(9, int)))
        self.assertIsNone(sheet.labels)
        self.assertEqual(sheet.seeds, list(range(6)))


if __name__ == "__main__":
    tf.test.main()
