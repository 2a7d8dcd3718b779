"""Official multi-resolution TFRecords are read at any of their levels."""

import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf.data import shrunk, sources
from tests.helpers import data_sets


def level(size, channels=3):
    images = [data_sets.pixels(i, size, size, channels) for i in range(5)]
    return np.stack(images)


class MultiResolutionTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.get_temp_dir()) / "faces"
        self.levels = {k: level(2**k) for k in (2, 3, 4)}
        self.labels = np.eye(3, dtype=np.float32)[[0, 1, 2, 1, 0]]

    def test_the_highest_level_unless_asked(self):
        data_sets.official_records(self.path, self.levels, self.labels)
        data_sets.official_records(
            self.path, {4: level(16)}, name="validation-faces"
        )
        for resolution, size in ((None, 16), (8, 8), (4, 4)):
            source = sources.open_source(self.path, resolution=resolution)
            self.assertLen(source, 5)
            self.assertEqual(source.image_shape, (size, size, 3))
            for index in (4, 0, 2):
                image = data_sets.pixels(index, size, size)
                self.assertAllEqual(source.image(index), image)
            self.assertAllEqual(source.labels, self.labels)

    def test_damaged_pixels_are_skipped_and_named(self):
        data_sets.official_records(self.path, {4: level(16)})
        file = self.path / "faces-r04.tfrecords"
        size = file.stat().st_size // 5
        for record in (0, 3):
            data_sets.flip(file, record * size + size // 2)
        source = sources.open_source(self.path)
        reason = "damaged, by its checksum"
        for record in (0, 3):
            said = f"{file}: record {record} cannot be used: {reason}"
            with self.assertRaisesRegex(ValueError, said):
                source.image(record)
        report, output = data_sets.prepared(self.path, self.path.parent / "out")
        self.assertEqual(
            report.skipped,
            [(source.file(record), reason) for record in (0, 3)],
        )
        whole = sources.open_source(output)
        for index, record in enumerate((1, 2, 4)):
            image = data_sets.pixels(record, 16, 16)
            self.assertAllEqual(whole.image(index), image)

    def test_grey_without_labels(self):
        data_sets.official_records(self.path, {3: level(8, 1)})
        source = sources.open_source(self.path)
        self.assertEqual(source.image_shape, (8, 8, 1))
        self.assertIsNone(source.labels)

    def test_empty_labels_are_none(self):
        empty = np.zeros([5, 0], np.float32)
        data_sets.official_records(self.path, self.levels, empty)
        self.assertIsNone(sources.open_source(self.path).labels)

    def test_companions_of_macos_are_no_levels(self):
        data_sets.official_records(self.path, self.levels, self.labels)
        (self.path / "._faces-r04.tfrecords").write_bytes(b"\0\5\26\7")
        (self.path / "__MACOSX").mkdir()
        self.assertLen(sources.open_source(self.path), 5)

    def fork(self, file, images, feature="img"):
        """Records of encoded images, as forks write them."""
        self.path.mkdir(exist_ok=True)
        with tf.io.TFRecordWriter(str(self.path / file)) as writer:
            for data in images:
                value = tf.train.BytesList(value=[data])
                feature_map = {feature: tf.train.Feature(bytes_list=value)}
                features = tf.train.Features(feature=feature_map)
                example = tf.train.Example(features=features)
                writer.write(example.SerializeToString())

    def test_forks_that_store_encoded_images_are_read(self):
        images = [data_sets.pixels(i, 24, 16) for i in range(3)]
        for feature, file in (
            ("img", "faces-r03.tfrecords"),  # sizes are 3x2 times 8
            ("data", "faces.tfrecords"),
        ):
            self.fork(file, map(data_sets.encode, images), feature)
            for resolution in (None, 24):
                source = sources.open_source(self.path, resolution)
                self.assertAllEqual(source.image(2), images[2])
            small = shrunk.at_resolution(source, 12)
            self.assertEqual(small.image_shape, (12, 8, 3))
            (self.path / file).unlink()

    def test_records_without_images_say_what_they_hold(self):
        self.fork("faces-r03.tfrecords", [b"12345"], "pixels")
        source = sources.open_source(self.path)
        with self.assertRaisesRegex(ValueError, "record 0 .* in pixels"):
            source.image(0)

    def test_records_of_other_names_are_told_from_nothing(self):
        for file in ("a.tfrecords", "b.tfrecords"):
            self.fork(file, [data_sets.encode(data_sets.pixels(0))])
        with self.assertRaisesRegex(ValueError, "called NAME-rXX.tfrecords"):
            sources.open_source(self.path)

    def test_absent_levels_are_told(self):
        data_sets.official_records(self.path, self.levels)
        with self.assertRaisesRegex(ValueError, "has 4, 8, 16"):
            sources.open_source(self.path, resolution=32)

    def test_two_data_sets_in_a_folder_are_refused(self):
        data_sets.official_records(self.path, self.levels)
        data_sets.official_records(self.path, self.levels, name="cats")
        with self.assertRaisesRegex(ValueError, "cats, faces"):
            sources.open_source(self.path)

    def test_labels_that_do_not_fit_are_refused(self):
        pickled = np.array([{}, {}], dtype=object)
        for labels, message in (
            (self.labels[:3], r"\[5, L\].*\(3, 3\)"),
            (pickled, "no plain .npy"),
            (self.labels * np.nan, "finite numbers"),
            (np.where(self.labels, np.inf, 0), "finite numbers"),
            (self.labels.astype(str), "finite numbers"),
        ):
            data_sets.official_records(self.path, self.levels, labels)
            with self.assertRaisesRegex(ValueError, message):
                sources.open_source(self.path)
