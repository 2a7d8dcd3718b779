"""Images that are held out: which ones, with what, at every resolution."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import holdout, shrunk, source, sources
from tests.helpers import data_sets


def _source(count=20, **fields):
    images = np.arange(count, dtype=np.uint8)[:, None, None, None]
    images = np.broadcast_to(images, (count, 4, 4, 3))
    return source.of_arrays("data", images, **fields)


def _numbers(part):
    """Which images of `_source` they are."""
    return [int(part.image(row)[0, 0, 0]) for row in range(len(part))]


class HoldoutTest(tf.test.TestCase, parameterized.TestCase):
    def test_every_image_is_on_one_side(self):
        training, held_out = holdout.split(_source(), 0.25)
        self.assertEqual(_numbers(held_out), [1, 2, 5, 8, 10])
        both = _numbers(training) + _numbers(held_out)
        self.assertCountEqual(both, range(20))
        self.assertEqual(training.names[3], "00000006")
        self.assertEqual(training.file(3), "data/00000006")

    def test_a_smaller_share_is_part_of_a_larger_one(self):
        _, few = holdout.split(_source(), 0.1)
        _, more = holdout.split(_source(), 0.5)
        self.assertLen(few, 2)
        self.assertContainsSubset(_numbers(few), _numbers(more))

    @parameterized.parameters(0.01, 0.99)
    def test_a_side_without_an_image_is_refused(self, share):
        with self.assertRaisesRegex(
            ValueError, f"holdout={share}, which is .* of 20 images"
        ):
            holdout.split(_source(), share)

    def test_labels_and_attributes_go_with_their_images(self):
        smiles = [f"{row}" for row in range(20)]
        whole = _source(
            given_labels=np.arange(20) % 3,
            metadata={"attributes": {"smile": smiles}, "labels": None},
        )
        for part in holdout.split(whole, 0.25):
            numbers = _numbers(part)
            self.assertAllEqual(part.given_labels, np.array(numbers) % 3)
            expected = [str(number) for number in numbers]
            self.assertEqual(part.attributes, {"smile": expected})
            self.assertIs(holdout.whole(part), whole)
        self.assertIs(holdout.whole(whole), whole)
        self.assertIsNone(holdout.whole(None))

    def test_classes_of_the_whole_remain_where_a_part_has_none_of_one(self):
        whole = _source(given_labels=np.array([0] * 19 + [4]))
        for part in holdout.split(whole, 0.25):
            self.assertEqual(part.label_rows.shape, (len(part), 5))
            self.assertEqual(part.labels.shape, (len(part), 5))

    def test_vectors_stay_vectors(self):
        vectors = np.random.RandomState(0).randn(20, 2).astype(np.float32)
        _, held_out = holdout.split(_source(given_labels=vectors), 0.25)
        self.assertAllEqual(held_out.labels, vectors[_numbers(held_out)])

    def test_a_level_of_official_records_has_the_same_images(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        images = np.random.RandomState(0).randint(0, 256, (9, 8, 8, 3))
        images = images.astype(np.uint8)
        labels = np.eye(9, dtype=np.float32)
        levels = {2: images[:, :4, :4], 3: images}
        data_sets.official_records(folder, levels, labels)
        for part in holdout.split(sources.open_source(folder), 1 / 3):
            small = shrunk.at_resolution(part, 4)
            self.assertEqual(small.image_shape, (4, 4, 3))
            for row, number in enumerate(part.indices):
                self.assertAllEqual(small.image(row), images[number, :4, :4])
                self.assertEqual(small.labels[row].argmax(), number)


if __name__ == "__main__":
    tf.test.main()
