"""Classes of sub-folders and of numbers, or why there are none."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import attributes, labels
from stylegan_tf.data import source as source_lib
from stylegan_tf.doctor import datasets


class FoldersTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (["a/1", "b/1"], ["a", "b"], [0, 1]),
        (["b/x/1", "a/1", "b/2"], ["a", "b"], [1, 0, 1]),
        (["x/y/a/1", "x/y/b/1"], ["a", "b"], [0, 1]),
        (["00000/1", "other/1"], ["00000", "other"], [0, 1]),
    )
    def test_several_folders_are_classes(self, names, folders, classes):
        found, found_names, notes = labels.from_folders(names)
        self.assertEqual(found_names, folders)
        self.assertAllEqual(found, classes)
        self.assertEmpty(notes)

    @parameterized.parameters(
        ([],),
        (["1"],),
        (["1", "a/1"],),
        (["a/1", "a/2"],),
        (["00000/1", "00001/1"],),
        (["1", "00000/1", "00001/1"],),
    )
    def test_others_are_none_and_nothing_is_said(self, names):
        self.assertEqual(labels.from_folders(names), (None, None, []))

    @parameterized.parameters(
        (["1.png", "a/1", "b/1"],),
        (["x/1.png", "x/a/1", "x/b/1"],),
        (["1.png", "x/a/1", "x/b/1"],),
    )
    def test_an_image_beside_them_is_told(self, names):
        classes, _, (note,) = labels.from_folders(names)
        self.assertIsNone(classes)
        self.assertIn("1 image beside the class folders (", note)
        self.assertIn("1.png), so no classes. Move it into", note)

    def test_many_images_beside_them_are_counted(self):
        *_, (note,) = labels.from_folders(["\x1b", "2", "a/1", "b/1"])
        self.assertIn("2 images beside the class folders (\\x1b)", note)


class ArrayTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (-1,),
        (200_000,),
        (5_000_000,),
        (10**12,),
        (10**30,),
        (1e12,),
        (1e30,),
        (1.0,),
        (True,),
        (None,),
        ("1",),
        ([1.0],),
    )
    def test_other_class_numbers_are_refused(self, value):
        with self.assertRaisesRegex(
            ValueError, r"integers from 0 to 99,999.*of finite.*has, for b:"
        ):
            labels.as_array([0, value], ["a", "b"], "x/dataset.json")

    @parameterized.parameters(
        ([1],),
        ([1, float("nan")],),
        ([1, float("inf")],),
        ([1, -float("inf")],),
        ([1, 1e39],),
        ([1, 10**400],),
        ([1, None],),
        ([1, True],),
        (3,),
    )
    def test_other_vectors_are_refused(self, value):
        with self.assertRaisesRegex(ValueError, "of finite numbers.*for b:"):
            labels.as_array([[1, 2.5], value], ["a", "b"], "x/dataset.json")

    def test_a_long_value_is_cut(self):
        with self.assertRaises(ValueError) as context:
            labels.as_array([0, "\x1b" * 10**6], ["a", "b\n"], "x")
        self.assertLess(len(str(context.exception)), 300)
        self.assertIn("for b\\n: ", str(context.exception))

    def test_the_last_class_of_all_needs_little_memory(self):
        ids = labels.as_array([0, 99_999], ["a", "b"], "x")
        rows = labels.OneHot(np.tile(ids, 10**6))  # 745 GiB at once
        self.assertEqual(rows.shape, (2 * 10**6, 100_000))
        some = rows[np.array([0, 1, 7])]
        self.assertAllEqual(some.argmax(1), [0, 99_999, 99_999])
        self.assertAllEqual(some.sum(1), [1, 1, 1])

    def test_rows_are_those_of_the_whole_table(self):
        rows = labels.OneHot(np.uint8([2, 0, 1]), size=4)
        table = np.eye(4, dtype=np.float32)[[2, 0, 1]]
        self.assertEqual(rows.shape, table.shape)
        self.assertLen(rows, 3)
        for some in (0, slice(None), slice(1, 3), np.array([2, 2]), [[0], [1]]):
            self.assertAllEqual(rows[some], table[some])
            self.assertEqual(rows[some].dtype, np.float32)


class NamesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (["a", "b", "c"], ["a", "b", "c"]),
        (["a", "b", "c", "unused"], ["a", "b", "c", "unused"]),
        ([1, 2, 3], ["1", "2", "3"]),
        (None, None),
    )
    def test_names_are_texts(self, named, expected):
        found = labels.names_of(named, np.array([0, 2, 1]))
        self.assertEqual(found, (expected, []))

    @parameterized.parameters(
        (["a", "b"], "there are 2, and labels of 3"),
        (["a", "b", "a"], "two are called 'a'"),
        (["a", " ", "c"], "one is called ''"),
        ([["a"], ["b"], ["c"]], "no list of texts"),
        ({"a": 0}, "no list of texts"),
        ("abc", "no list of texts"),
    )
    def test_those_of_no_use_are_left_out_and_told(self, named, message):
        found, (note,) = labels.names_of(named, np.array([0, 2, 1]))
        self.assertIsNone(found)
        self.assertIn(message, note)
        source = source_lib.of_arrays(
            "x",
            np.zeros((3, 8, 8, 3), np.uint8),
            given_labels=np.array([0, 2, 1]),
            metadata={"class_names": named},
        )
        self.assertEqual(source.notes, [note])
        self.assertEqual(datasets.classes(source), {"0": 1, "1": 1, "2": 1})
        self.assertAllClose(attributes.answers(source)["2"], [0, 1, 0])

    def test_columns_of_vectors_have_one_each(self):
        given = np.zeros((4, 2), np.float32)
        self.assertEqual(labels.names_of(["a", "b"], given)[0], ["a", "b"])
        self.assertIsNone(labels.names_of(["a", "b", "c"], given)[0])


class EmptyClassesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ([0, 1, 2, 1], 0, None),
        ([1, 2, 3], 0, "No image is of class 0.*subtract 1"),
        ([0, 2], 0, "1 of 3 classes have no image, the first is 1"),
        ([0, 1], 5, "3 of 5 classes have no image, the first is 2"),
        ([1, 3], 0, "2 of 4 classes have no image, the first is 0"),
    )
    def test_they_are_told(self, classes, size, message):
        notes = labels.empty_classes_notes(np.array(classes), size)
        self.assertLen(notes, 0 if message is None else 1)
        for note in notes:
            self.assertRegex(note, message)

    def test_vectors_have_none(self):
        self.assertEmpty(labels.empty_classes_notes(None))
        self.assertEmpty(labels.empty_classes_notes(np.ones((2, 3))))


if __name__ == "__main__":
    tf.test.main()
