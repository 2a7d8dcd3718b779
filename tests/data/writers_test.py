"""A prepared data set appears whole or not at all."""

import errno
import pathlib
import zipfile
from unittest import mock

import tensorflow as tf

from stylegan_tf.data import sources, writers
from tests.helpers import data_sets


class WritersTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir()) / "data"
        self.root.mkdir()

    def write(self, path, format, fail_with=None):
        with writers.atomic_writer(
            path, format=format, name="x", count=3
        ) as writer:
            for i in range(3):
                data = data_sets.encode(data_sets.pixels(i))
                writer.add(f"{i}.png", data, label=i)
                if fail_with and i == 1:
                    raise fail_with
            self.assertFalse(path.is_file() or any(path.glob("*")))
            writer.finish({"class_names": ["a", "b", "c"]})

    def test_every_format_can_be_opened(self):
        for format in writers.FORMATS:
            path = self.root / f"{format}{'.zip' * (format == 'zip')}"
            self.write(path, format)
            source = sources.open_source(path)
            self.assertAllEqual(source.labels.argmax(1), [0, 1, 2])
            self.assertEqual(source.class_names, ["a", "b", "c"])
            self.assertAllEqual(source.image(2), data_sets.pixels(2))
        self.assertLen(list(self.root.iterdir()), 3)

    def test_failure_and_interruption_leave_nothing(self):
        for format in writers.FORMATS:
            for error in (RuntimeError("disk"), KeyboardInterrupt()):
                with self.assertRaises(type(error)):
                    self.write(self.root / "out", format, fail_with=error)
                self.assertEqual(list(self.root.iterdir()), [])

    def test_a_full_disk_names_the_output(self):
        full = OSError(errno.ENOSPC, "No space left on device")
        tensorflow = tf.errors.ResourceExhaustedError(
            None, None, "x.tfrecord; No space left on device"
        )
        for format, where, name, error in (
            ("zip", zipfile.ZipFile, "writestr", full),
            ("folder", pathlib.Path, "write_bytes", full),
            ("records", tf.io.TFRecordWriter, "write", tensorflow),
            ("records", tf.io.TFRecordWriter, "close", tensorflow),
        ):
            with mock.patch.object(where, name, side_effect=error):
                with self.assertRaises(OSError) as context:
                    self.write(self.root / "out", format)
            found = context.exception
            self.assertEqual(found.errno, errno.ENOSPC)
            self.assertEqual(found.filename, str(self.root / "out"))
            self.assertEqual(list(self.root.iterdir()), [])

    def test_existing_outputs_are_refused(self):
        (self.root / "file.zip").write_bytes(b"precious")
        data_sets.folder(self.root / "full", {"a": b"precious"})
        for name in ("file.zip", "full"):
            with self.assertRaisesRegex(FileExistsError, "exists already"):
                self.write(self.root / name, "zip")
        self.assertEqual((self.root / "full/a").read_bytes(), b"precious")

    def test_empty_folders_are_filled(self):
        (self.root / "empty").mkdir()
        self.write(self.root / "empty", "records")
        self.assertLen(sources.open_source(self.root / "empty"), 3)
