"""Files and folders whole or not there, full disks, names for TensorFlow."""

import contextlib
import errno
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
from concurrent import futures
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import checkpoint, files, images, run_directory
from stylegan_tf.export import own_files
from stylegan_tf.features import offline
from stylegan_tf.interop.dialects import npz_files
from stylegan_tf.networks import build
from tests.helpers import support

_PIXELS = np.random.RandomState(0).randint(256, size=(64, 64, 3))

# Replaces a folder again and again, until it is killed.
_REPLACE = """
import itertools, sys
from stylegan_tf import files
for number in itertools.count():
    with files.whole(sys.argv[1]) as folder:
        folder.mkdir()
        for name in "ab":
            (folder / name).write_text(str(number))
    print(number, flush=True)
"""


class WholeFolderTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.path = self.folder / "best"

    def _write(self, text):
        with files.whole(self.path) as folder:
            folder.mkdir()
            (folder / "a").write_text(text)

    def _names(self):
        return sorted(path.name for path in self.folder.iterdir())

    @parameterized.parameters(True, False)
    def test_the_next_one_takes_the_place_of_the_last(self, can_exchange):
        if not can_exchange:
            self._without_exchange()
        for text in ("1", "2"):
            self._write(text)
            self.assertEqual((self.path / "a").read_text(), text)
            self.assertEqual(self._names(), ["best"])

    def test_there_is_one_at_every_moment(self):
        self._write("1")
        seen = []
        replace = os.replace

        def watched(*names):
            replace(*names)
            seen.append(self.path.exists())

        with mock.patch.object(os, "replace", watched):
            self._write("2")
        self.assertEmpty(seen)  # exchanged at once, nothing renamed

    def test_one_that_fails_leaves_the_last(self):
        self._write("1")
        with self.assertRaisesRegex(OSError, "best"):
            with files.whole(self.path) as folder:
                folder.mkdir()
                (folder / "a").write_text("2")
                raise OSError(errno.ENOSPC, "No space left on device")
        self.assertEqual((self.path / "a").read_text(), "1")
        self.assertEqual(self._names(), ["best"])

    def test_one_that_was_away_when_its_process_was_killed_comes_back(self):
        self._without_exchange()
        self._write("1")
        away = self.folder / ".best.away"
        with mock.patch.object(files.shutil, "rmtree"):
            self._write("2")
        self.assertTrue(away.exists() and self.path.exists())
        files.tidy(self.folder, "best")
        self.assertEqual((self.path / "a").read_text(), "2")
        os.replace(self.path, away)
        files.tidy(self.folder, "best")
        self.assertEqual(self._names(), ["best"])

    def test_what_killed_processes_left_is_removed(self):
        self._write("1")
        (self.folder / ".unfinished-host-1-0000000096").mkdir()
        (self.folder / ".0000000064.tmp").mkdir()  # of earlier versions
        (self.folder / ".0000000032.old").mkdir()
        (self.folder / ".0000000032.old" / "weights.index").touch()
        (self.folder / ".mine.old").mkdir()
        (self.folder / ".64.tmp").touch()  # no folder of ours
        files.tidy(self.folder, "[0-9]+")
        self.assertEqual(self._names(), [".64.tmp", ".mine.old", "best"])
        files.tidy(self.folder / "nowhere", "best")

    def test_what_a_killed_process_left_goes_with_the_next_one(self):
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        start = f".unfinished-{socket.gethostname()}-"
        names = [f"{start}{os.getppid()}-best", ".unfinished-host-1-best"]
        names.append(f"{start}{ended.pid}-other")
        for name in (*names, f"{start}{ended.pid}-best"):
            (self.folder / name).mkdir()
        self._write("1")
        self.assertEqual(self._names(), sorted([*names, "best"]))

    def test_an_error_names_no_temporary_file(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        for inside in ("", "/weights.index"):
            with self.assertRaises(FileNotFoundError) as context:
                with files.whole(folder / "new") as temporary:
                    pathlib.Path(f"{temporary}{inside}").read_bytes()
            self.assertEqual(
                context.exception.filename, f"{folder / 'new'}{inside}"
            )

    def test_a_file_is_written_through_a_link(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        (folder / "file").write_text("old")
        (folder / "link").symlink_to("file")
        files.write(folder / "link", "new")
        self.assertTrue((folder / "link").is_symlink())
        self.assertEqual((folder / "file").read_text(), "new")
        self.assertLen(list(folder.iterdir()), 2)

    def test_a_file_takes_no_folder_s_name(self):
        self._write("1")
        with self.assertRaises(OSError):
            files.write(self.path, "x")
        self.assertEqual((self.path / "a").read_text(), "1")

    def test_a_process_that_is_killed_leaves_a_whole_one(self):
        for lines in (1, 2, 5):
            process = subprocess.Popen(
                [sys.executable, "-c", _REPLACE, str(self.path)],
                cwd=pathlib.Path(__file__).parents[1],
                stdout=subprocess.PIPE,
            )
            for _ in range(lines):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.communicate()
            texts = {(self.path / name).read_text() for name in "ab"}
            self.assertLen(texts, 1)
        files.tidy(self.folder, "best")
        self.assertEqual(self._names(), ["best"])

    def _without_exchange(self):
        self.enterContext(
            mock.patch.object(files, "_exchange", lambda one, other: False)
        )


class NumbersTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _take(self, name):
        temporary = self.folder / f".{name}"
        temporary.mkdir()
        (temporary / "name").write_text(name)
        return files.take_number(temporary, self.folder)

    def test_the_next_is_after_the_largest_name(self):
        self.assertEqual(files.next_number(self.folder), 1)
        (self.folder / "9").mkdir()
        (self.folder / "010").touch()
        (self.folder / "12.bak").mkdir()
        self.assertEqual(files.next_number(self.folder), 11)
        self.assertEqual(files.next_number(self.folder / "missing"), 1)

    def test_all_at_once_get_numbers_of_their_own(self):
        names = [str(index) for index in range(64)]
        with futures.ThreadPoolExecutor(16) as pool:
            paths = [*pool.map(self._take, names)]
        self.assertCountEqual(
            paths, [self.folder / str(number) for number in range(1, 65)]
        )
        held = [(path / "name").read_text() for path in paths]
        self.assertEqual(held, names)

    def test_a_number_that_was_just_taken_is_left_alone(self):
        first = self._take("first")
        with mock.patch.object(files, "next_number", side_effect=[1, 2]):
            second = self._take("second")
        self.assertEqual(second, self.folder / "2")
        self.assertEqual((first / "name").read_text(), "first")


class DiskTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        tf.errors.ResourceExhaustedError(
            None, None, "{{node}} x.tempstate1; No space left on device"
        ),
    )
    def test_a_full_disk_names_what_could_not_be_written(self, error):
        self.assertTrue(files.disk_is_full(error))
        with self.assertRaises(OSError) as context:
            with files.naming("runs/a/metrics.jsonl"):
                raise error
        self.assertEqual(context.exception.filename, "runs/a/metrics.jsonl")
        self.assertTrue(files.disk_is_full(context.exception))

    @parameterized.parameters(
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating"),
        MemoryError("Unable to allocate 149. GiB"),
        ValueError("wrong"),
        OSError("no number"),
        FileNotFoundError(errno.ENOENT, "No such file", "x"),
    )
    def test_other_errors_stay_as_they_are(self, error):
        self.assertFalse(files.disk_is_full(error))
        with self.assertRaises(type(error)) as context:
            with files.naming("runs/a"):
                raise error
        self.assertIs(context.exception, error)


@contextlib.contextmanager
def _short_of_space(size):
    """No file can grow beyond `size` bytes, as on a disk that fills up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _snapshot(path):
    config = support.small_config()
    return checkpoint.Snapshot(
        path=path,
        config=config,
        images_seen=0,
        ema_generator=build.generator(config),
    )


def _export(path, suffix):
    own_files.write(_snapshot(path), path.with_name(f"new{suffix}"))


_WRITERS = {
    "rows": lambda path: run_directory.append(path, [{"x": "y" * 9000}]),
    "a picture": lambda path: images.write_png(path, np.uint8(_PIXELS)),
    "a table": lambda path: files.write(path, "x" * 9000),
    "the offline extractor": lambda path: offline.write(
        path, offline.build(), meta=""
    ),
    "arrays": lambda path: npz_files.write(_snapshot(path), path),
    "exported arrays": lambda path: _export(path, ".npz"),
    "an exported .keras": lambda path: _export(path, ".keras"),
    "exported weights": lambda path: _export(path, ".weights.h5"),
}


class ShortOfSpaceTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.path = self.folder / "it"
        self.row = json.dumps({"images_seen": 1, "x": "y" * 4050}) + "\n"

    def _names(self):
        return [each.name for each in self.folder.iterdir()]

    @parameterized.named_parameters(_WRITERS.items())
    @pytest.mark.slow
    def test_nothing_is_left_and_what_was_there_stays(self, write):
        for names in ([], ["it"]):
            if names:
                self.path.write_text(self.row)
            with _short_of_space(4096), self.assertRaises(OSError):
                write(self.path)
            self.assertEqual(self._names(), names)
        self.assertEqual(self.path.read_text(), self.row)

    def test_rows_that_can_not_be_cut_stay(self):
        self.path.write_text(2 * self.row)
        with _short_of_space(4096), self.assertRaises(OSError):
            run_directory.truncate(self.path, 1)
        self.assertEqual(self._names(), ["it"])
        self.assertEqual(self.path.read_text(), 2 * self.row)


class NamesTest(tf.test.TestCase):
    def test_tensorflow_is_told_the_bytes_of_a_name(self):
        name = "größe".encode()
        for encoding in ("utf-8", "latin-1", "ascii"):
            text = name.decode(encoding, "surrogateescape")
            encoded = mock.patch.object(
                os,
                "fsencode",
                lambda text, e=encoding: str(text).encode(e, "surrogateescape"),
            )
            with encoded:
                self.assertEqual(files.for_tensorflow(text), "größe", encoding)

    def test_a_name_that_is_no_utf_8_is_refused(self):
        with self.assertRaisesRegex(ValueError, "UTF-8 only. Received: .*lat"):
            files.for_tensorflow(os.fsdecode(b"runs/lat\xf6"))


if __name__ == "__main__":
    tf.test.main()
