"""What visitors' files are called, and which of theirs are read."""

import pathlib
from unittest import mock

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.studio import controls, saving


class SavingTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (None,),
        ("a.png",),
        ({},),
        ({"path": None},),
        ({"path": 5},),
        ({"path": ["a"]},),
        ({"path": "x\0y"},),
        ({"path": "/etc/passwd"},),
    )
    def test_what_is_no_upload_is_none(self, upload):
        self.assertEqual(saving.path_of(upload), "")

    def test_an_upload_is_where_uploads_are(self):
        folder = self.create_tempdir().full_path
        with mock.patch.object(saving, "_folder", lambda: folder):
            path = str(pathlib.Path(folder, "a.png"))
            self.assertEqual(saving.path_of({"path": path}), path)

    def test_files_are_called_as_the_network(self):
        for name, start in (("faces64", "faces64"), ("a/b c", "a-b-c")):
            network = mock.Mock()
            network.name = name
            made = controls.file_name(network, "seed62.png")
            self.assertEqual(made, f"{start}-seed62.png")

    def test_a_direction_keeps_its_capitals(self):
        self.assertEqual(controls._title("EyesOpen_wide"), "EyesOpen wide")
        self.assertEqual(controls._title("smile"), "Smile")


if __name__ == "__main__":
    tf.test.main()
