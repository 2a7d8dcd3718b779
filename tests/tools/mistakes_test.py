"""Errors of the system in words, with the path and what to do."""

import pathlib

import tensorflow as tf
from absl.testing import parameterized

from tools import _mistakes


class PathsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        (self.folder / "file").write_bytes(b"x")

    @parameterized.parameters(
        ("file", pathlib.Path.mkdir, "exists already: remove it, or give"),
        ("", pathlib.Path.read_text, "is a folder, and a file is needed"),
        ("x", pathlib.Path.read_text, "does not exist: give another path"),
        ("file/x", pathlib.Path.read_text, "lies below a file"),
        ("file/x", pathlib.Path.mkdir, "lies below a file"),
        ("y" * 300, pathlib.Path.mkdir, "is too long a name"),
    )
    def test_they_say_the_path_and_what_to_do(self, name, act, message):
        path = self.folder / name
        with self.assertRaises(OSError) as context:
            act(path)
        told = _mistakes.explained(context.exception)
        self.assertStartsWith(told, f"{path} {message}")
        self.assertNotIn("Errno", told)

    def test_our_own_stay_as_they_are(self):
        for error in (FileNotFoundError("no data set"), ValueError("odd")):
            self.assertEqual(_mistakes.explained(error), str(error))


if __name__ == "__main__":
    tf.test.main()
