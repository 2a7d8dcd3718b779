"""Pipes, devices, sockets and folders are named at once, never waited for."""

import os
import pathlib
import socket

import numpy as np
import tensorflow as tf

from stylegan_tf.data import regular, sources
from tests.helpers import data_sets


class RegularTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    def pipe(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        return path

    def test_regular_files_are_read_through_links(self):
        (self.root / "a").write_bytes(b"12")
        (self.root / "b").symlink_to("a")
        self.assertEqual(regular.read(self.root / "b"), b"12")

    def test_what_is_not_regular_is_named(self):
        (self.root / "zero").symlink_to("/dev/zero")
        for path, kind in (
            (self.pipe(self.root / "pipe"), "a named pipe"),
            (self.root / "zero", "a device"),
        ):
            with self.assertRaisesRegex(OSError, f"{path} is {kind}, not a re"):
                regular.read(path)
        with self.assertRaisesRegex(IsADirectoryError, str(self.root)):
            regular.read(self.root)

    def test_images_that_are_none_have_their_reason(self):
        path = data_sets.folder(self.root / "in", data_sets.files(2))
        self.pipe(path / "a.png")
        (path / "b.png").symlink_to("/dev/zero")
        (path / "c.png").symlink_to("nowhere")
        (path / "d.png").symlink_to("d.png")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(path / "e.png"))
        report, _ = data_sets.prepared(path, self.root / "out")
        found = {pathlib.Path(file).name: why for file, why in report.skipped}
        self.assertLen(report.kept, 2)
        self.assertEqual(
            found,
            {
                "a.png": "cannot be read (a named pipe, not a regular file)",
                "b.png": "cannot be read (a device, not a regular file)",
                "c.png": "cannot be read (No such file or directory)",
                "d.png": "cannot be read (Too many levels of symbolic links)",
                "e.png": "cannot be read (No such device or address)",
            },
        )

    def test_every_reader_refuses_pipes(self):
        data_sets.folder(self.root / "a", data_sets.files(1))
        data_sets.prepared(self.root / "a", self.root / "own")
        (shard,) = (self.root / "own").glob("*.tfrecord")
        shard.unlink()
        images = np.stack([data_sets.pixels(0)])
        data_sets.official_records(self.root / "labels", {3: images})
        self.pipe(self.root / "b.zip")
        self.pipe(self.root / "b.tar.gz")
        for path, pipe in (
            ("a", "a/dataset.json"),
            ("own", shard.relative_to(self.root)),
            ("labels", "labels/faces-rxx.labels"),
            ("levels", "levels/faces-r03.tfrecords"),
        ):
            self.pipe(self.root / pipe)
            with self.assertRaisesRegex(OSError, f"{pipe} is a named pipe"):
                sources.open_source(self.root / path)
        for path in ("b.zip", "b.tar.gz"):
            with self.assertRaisesRegex(OSError, f"{path} is a named pipe"):
                sources.open_source(self.root / path)


if __name__ == "__main__":
    tf.test.main()
