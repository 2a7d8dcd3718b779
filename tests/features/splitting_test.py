"""Classes become sub-classes that look alike."""

import dataclasses
import sys
from unittest import mock

import numpy as np
import tensorflow as tf

from stylegan_tf.data import convert, prepare, source, sources
from stylegan_tf.features import splitting, thumbnails

# Of each image: its class and how bright it is. Two groups a class, the one
# of three and the other of one or two images.
_CLASSES = [0, 0, 0, 0, 1, 1, 1, 1, 1]
_GREYS = [200, 205, 20, 210, 90, 10, 95, 15, 100]
_SPLIT = [0, 0, 1, 0, 2, 3, 2, 3, 2]


def _source(**fields):
    images = np.zeros([9, 8, 8, 3], np.uint8)
    images += np.array(_GREYS, np.uint8)[:, None, None, None]
    classes = np.array(_CLASSES)
    named = {"given_labels": classes, "class_names": ["coat", "bag"]}
    found = source.of_arrays("drawn", images)
    return dataclasses.replace(found, **{**named, **fields})


def _split(found, parts=2, **chosen):
    results = prepare.converted(found, convert.Target(8, 8), **chosen)
    indices, features = splitting.features_of_results(
        results, thumbnails.Thumbnails()
    )
    return splitting.split(found, indices, features, parts=parts, by="pixels")


class SplittingTest(tf.test.TestCase):
    def test_the_largest_part_of_a_class_is_its_first(self):
        found = _split(_source())
        self.assertAllEqual(found.given_labels, _SPLIT)
        names = ["coat/0", "coat/1", "bag/0", "bag/1"]
        self.assertEqual(found.class_names, names)
        parents = found.metadata[splitting.PARENTS]
        self.assertEqual(parents, ["coat", "coat", "bag", "bag"])
        note = "2 classes in 2 parts each, of 1 to 3 images, by pixels; a part "
        note += "of under 50 is too small to learn"
        self.assertEqual(found.notes, [note])

    def test_one_hot_vectors_are_classes_too(self):
        vectors = np.eye(2, dtype=np.float32)[_CLASSES]
        found = _split(_source(given_labels=vectors, class_names=None))
        self.assertAllEqual(found.given_labels, _SPLIT)
        self.assertEqual(found.class_names, ["0/0", "0/1", "1/0", "1/1"])

    def test_without_labels_the_whole_is_split(self):
        found = _split(_source(given_labels=None, class_names=None), parts=3)
        self.assertLen(set(found.given_labels[[0, 1, 3]]), 1)
        self.assertAllEqual(np.bincount(found.given_labels), [3, 3, 3])
        self.assertEqual(found.class_names, ["0", "1", "2"])
        self.assertNotIn(splitting.PARENTS, found.metadata)

    def test_it_survives_being_prepared(self):
        found = _split(_source())
        output = self.create_tempdir().full_path + "/split.zip"
        target = convert.Target(8, 8)
        prepare.prepare(found, output, target=target, format="zip")
        again = sources.open_source(output)
        self.assertAllEqual(again.given_labels, _SPLIT)
        self.assertEqual(again.class_names, found.class_names)
        self.assertEqual(
            again.metadata[splitting.PARENTS][1:3], ["coat", "bag"]
        )

    def test_images_that_do_not_count_are_not_looked_at(self):
        found = _split(_source(), skip_images=1, max_images=7)
        self.assertAllEqual(found.given_labels[1:8], _SPLIT[1:8])

    def test_what_cannot_be_split_is_refused(self):
        with self.assertRaisesRegex(ValueError, "The first, coat, has 4"):
            _split(_source(), parts=5)
        with self.assertRaisesRegex(ValueError, "has 0. Leave these classes"):
            _split(_source(class_names=["coat", "bag", "none"]))
        alike = np.zeros([9, 8, 8, 3], np.uint8)
        with self.assertRaisesRegex(ValueError, "images of coat are too much"):
            _split(_source(fetch=alike.__getitem__))
        vectors = np.full([9, 3], 0.5, np.float32)
        with self.assertRaisesRegex(ValueError, "are vectors of 3"):
            _split(_source(given_labels=vectors))
        with mock.patch.dict(sys.modules, {"sklearn": None}):
            with self.assertRaisesRegex(ImportError, r"stylegan_tf\[data\]"):
                _split(_source())


if __name__ == "__main__":
    tf.test.main()
