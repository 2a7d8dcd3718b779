"""Names of classes, and which class a text means."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import classes
from stylegan_tf import config as config_lib


def _config(names=(), size=0, kind="classes"):
    return config_lib.Config(
        label_size=size or len(names), label_names=names, label_kind=kind
    )


class ClassesTest(tf.test.TestCase, parameterized.TestCase):
    def test_classes_without_names_are_called_by_number(self):
        self.assertEqual(classes.names(_config(size=2)), ("class 0", "class 1"))
        self.assertEqual(classes.file_names(_config(size=1)), ["class_0"])

    def test_files_of_classes_differ_and_stay_where_they_are(self):
        names = classes.file_names(_config(("T-shirt/top", "..", "a+b")))
        self.assertEqual(names, ["T-shirt_top", "_.", "a+b"])
        self.assertEqual(
            classes.file_names(_config(("a/b", "A_b"))), ["0-a_b", "1-A_b"]
        )

    @parameterized.parameters(
        ("1", 1), ("b", 1), ("a+b", 2), ("2", 2), ("3", 3), ("0", 0)
    )
    def test_a_class_is_known_by_name_or_number(self, text, number):
        config = _config(("a", "b", "a+b", "c"))
        self.assertEqual(classes.chosen(text, config), number)

    def test_classes_called_by_numbers_are_known_by_these_only(self):
        config = _config(("1", "2", "a+b"))
        found = [classes.chosen(each, config) for each in ("1", "2", "a+b")]
        self.assertEqual(found, [0, 1, 2])
        message = r"must be a name: .* 3 classes: 1, 2, a\+b. Received: 0"
        with self.assertRaisesRegex(ValueError, message):
            classes.chosen("0", config)

    def test_vectors_have_several_parts_at_once(self):
        config = _config(("glasses", "smile", "old"), kind="vectors")
        self.assertEqual(classes.chosen("glasses+old", config), (0, 2))
        self.assertEqual(classes.chosen("smile", config), 1)

    @parameterized.parameters(
        ("5", "must be 0 to 2 or a name.* 3 classes, 0 to 2: plain, glasses"),
        ("glases", "Did you mean `glasses`"),
        ("plain+glasses", "Received: plain.glasses"),
        ("-1", "0 to 2"),
    )
    def test_another_text_is_refused(self, text, message):
        config = _config(("plain", "glasses", "hat"))
        with self.assertRaisesRegex(ValueError, message):
            classes.chosen(text, config)

    def test_a_split_class_is_answered_with_its_parts(self):
        config = _config(("bag/0", "bag/1", "boot/0"))
        with self.assertRaisesRegex(ValueError, "Its parts are: bag/0, bag/1"):
            classes.chosen("bag", config)

    def test_a_sheet_shows_32_of_many_classes(self):
        self.assertEqual(classes.shown(3), [0, 1, 2])
        many = classes.shown(1000)
        self.assertLen(many, 32)
        self.assertEqual([many[0], many[-1]], [0, 999])
