"""Official multi-resolution TFRecords are read at any of their levels."""

import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf.data import sources
from tests.data import making


def level(size, channels=3):
    images = [making.pixels(i, size, size, channels) for i in range(5)]
    return np.stack(images)


class MultiResolutionTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.get_temp_dir()) / "faces"
        self.levels = {k: level(2**k) for k in (2, 3, 4)}
        self.labels = np.eye(3, dtype=np.float32)[[0, 1, 2, 1, 0]]

    def test_the_highest_level_unless_asked(self):
        making.official_records(self.path, self.levels, self.labels)
        making.official_records(
            self.path, {4: level(16)}, name="validation-faces"
        )
        for resolution, size in ((None, 16), (8, 8), (4, 4)):
            source = sources.open_source(self.path, resolution=resolution)
            self.assertLen(source, 5)
            self.assertEqual(source.image_shape, (size, size, 3))
            for index in (4, 0, 2):
                image = making.pixels(index, size, size)
                self.assertAllEqual(source.image(index), image)
            self.assertAllEqual(source.labels, self.labels)

    def test_grey_without_labels(self):
        making.official_records(self.path, {3: level(8, 1)})
        source = sources.open_source(self.path)
        self.assertEqual(source.image_shape, (8, 8, 1))
        self.assertIsNone(source.labels)

    def test_empty_labels_are_none(self):
        empty = np.zeros([5, 0], np.float32)
        making.official_records(self.path, self.levels, empty)
        self.assertIsNone(sources.open_source(self.path).labels)

    def test_absent_levels_are_told(self):
        making.official_records(self.path, self.levels)
        with self.assertRaisesRegex(ValueError, "has 4, 8, 16"):
            sources.open_source(self.path, resolution=32)

    def test_two_data_sets_in_a_folder_are_refused(self):
        making.official_records(self.path, self.levels)
        making.official_records(self.path, self.levels, name="cats")
        with self.assertRaisesRegex(ValueError, "cats, faces"):
            sources.open_source(self.path)

    def test_labels_that_do_not_fit_are_refused(self):
        pickled = np.array([{}, {}], dtype=object)
        for labels, message in (
            (self.labels[:3], r"\[5, L\].*\(3, 3\)"),
            (pickled, "no plain .npy"),
        ):
            making.official_records(self.path, self.levels, labels)
            with self.assertRaisesRegex(ValueError, message):
                sources.open_source(self.path)
