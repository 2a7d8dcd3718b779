"""Images from anywhere, in the size of the network."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images
from stylegan_tf.editing.projection import targets


class TargetsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _write(self, name, shape, value=100):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        images.write_png(path, np.full(shape, value, np.uint8))
        return str(path)

    @parameterized.parameters(
        ((16, 16, 3), (16, 16, 3)),
        ((40, 20, 3), (16, 16, 3)),
        ((8, 8, 1), (16, 16, 3)),
        ((20, 60, 3), (8, 16, 1)),
        ((16, 16, 4), (16, 16, 4)),
    )
    def test_files_get_the_size_and_channels(self, shape, wanted):
        path = self._write("anna.png", shape)
        found = targets.read([path], wanted, 3)
        self.assertEqual(found.names, ["anna"])
        self.assertEqual(found.images.shape, (1, *wanted))
        self.assertAllEqual(found.images, np.full((1, *wanted), 100))

    def test_what_is_transparent_is_white_where_there_is_no_alpha(self):
        path = self._write("a.png", (8, 8, 4), 0)
        found = targets.read([path], (8, 8, 3), 3)
        self.assertAllEqual(found.images, np.full((1, 8, 8, 3), 255))

    def test_folders_give_their_first_and_names_stay_apart(self):
        file = self._write("b.png", (8, 8, 3), 1)
        for index, name in enumerate("abcd"):
            self._write(f"more/{name}.png", (8, 8, 3), index + 10)
        found = targets.read([file, f"{self.folder}/more"], (8, 8, 3), 3)
        self.assertEqual(found.names, ["b", "a", "b-2", "c"])
        self.assertAllEqual(found.images[:, 0, 0, 0], [1, 10, 11, 12])
        self.assertEqual(targets.joined(None, found), found)
        both = targets.joined(found, found)
        self.assertLen(both.images, 8)
        self.assertLen(set(both.names), 8)

    def test_a_bad_image_is_named(self):
        path = self.folder / "broken.png"
        path.write_bytes(b"\x89PNG\r\n\x1a\n")
        with self.assertRaisesRegex(ValueError, "broken.*damaged"):
            targets.read([str(path)], (8, 8, 3), 3)
        with self.assertRaisesRegex(FileNotFoundError, "none.png"):
            targets.read([str(self.folder / "none.png")], (8, 8, 3), 3)
