"""Folders: every file is a name, every folder that is not read has a reason."""

import os
import pathlib
from unittest import mock

import tensorflow as tf

from stylegan_tf.data import image_files, sources
from stylegan_tf.doctor import datasets, scan
from tests.helpers import data_sets


class FoldersTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)
        images = {
            f"{name}.png": data_sets.encode(data_sets.pixels(i))
            for i, name in enumerate(("a", "sub/b", "sub/deep/c"))
        }
        self.folder = data_sets.folder(self.root / "in", images)

    def closed(self, name):
        """Context in which the folder `name` may not be listed."""
        scandir = os.scandir

        def refusing(path):
            if pathlib.Path(path) == self.folder / name:
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        return mock.patch.object(os, "scandir", refusing)

    def test_all_files_are_listed(self):
        names, unread = image_files.walk(self.folder)
        self.assertCountEqual(names, ["a.png", "sub/b.png", "sub/deep/c.png"])
        self.assertEmpty(unread)

    def test_a_folder_that_can_not_be_listed_is_counted(self):
        with self.closed("sub"):
            report, _ = data_sets.prepared(self.folder, self.root / "out")
        text = "\n".join(report.lines())
        self.assertIn("kept:       1 image,", text)
        self.assertIn(
            f"unread:     1\n  {self.folder}/sub: a folder that can not be "
            "listed (Permission denied)",
            text,
        )

    def test_it_stops_the_work_where_bad_inputs_do(self):
        with self.closed("sub"):
            with self.assertRaisesRegex(ValueError, "in/sub: a folder that"):
                data_sets.prepared(
                    self.folder, self.root / "out", on_bad="fail"
                )
        self.assertFalse((self.root / "out").exists())

    def test_those_who_read_it_directly_are_told(self):
        with self.closed("sub/deep"):
            source = sources.open_source(self.folder)
            note = sources.unread_note(source)
            (row,) = datasets.unreadable(source, scan.look(source))
        self.assertStartsWith(
            note, f"1 inputs of in are not read, the first: {self.folder}/sub/d"
        )
        self.assertEqual(row.mark, "warn")
        self.assertIn(
            f"1 file can not be read, the first: {self.folder}/sub/d", row.value
        )
        self.assertIsNone(sources.unread_note(sources.open_source(self.folder)))

    def test_a_folder_is_read_once_by_its_own_name(self):
        (self.folder / "0-link").symlink_to("sub")
        (self.folder / "sub/up").symlink_to("..")
        names, unread = image_files.walk(self.folder)
        self.assertLen(names, 3)
        reason = "leads to a folder that is read already"
        self.assertCountEqual(unread, [("0-link", reason), ("sub/up", reason)])

    def test_the_source_itself_is_named_if_it_can_not_be_listed(self):
        error = PermissionError(13, "Permission denied", str(self.folder))
        with mock.patch.object(os, "listdir", side_effect=error):
            with self.assertRaisesRegex(PermissionError, "denied: '.*/in'"):
                sources.open_source(self.folder)


if __name__ == "__main__":
    tf.test.main()
