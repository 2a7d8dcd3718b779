"""Errors of the system in words, with the path and what to do."""

import errno
import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import checkpoint, images, run_directory
from stylegan_tf.command_line import mistakes
from stylegan_tf.export import saved_model
from stylegan_tf.networks import build
from tests.helpers import running, support

_PIXELS = np.zeros((4, 4, 3), np.uint8)
_FULL = OSError(errno.ENOSPC, "No space left on device")


def _full_for_tensorflow(*args, **kwargs):
    raise tf.errors.ResourceExhaustedError(
        None, None, "{{node SaveV2}} x.tempstate1; No space left on device"
    )


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
        told = mistakes.explained(context.exception)
        self.assertStartsWith(told, f"{path} {message}")
        self.assertNotIn("Errno", told)

    def test_our_own_stay_as_they_are(self):
        for error in (FileNotFoundError("no data set"), ValueError("odd")):
            self.assertEqual(mistakes.explained(error), str(error))


class FullTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.config = support.small_config()
        self.network = {"ema_generator": build.generator(self.config)}
        self.snapshot = self._save(16)

    def _save(self, number):
        return checkpoint.save(
            self.folder, self.network, config=self.config, images_seen=number
        )

    def assert_full(self, path, tool, *arguments):
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 1)
        self.assertNotIn("Traceback", answer.errors)
        self.assertStartsWith(
            answer.errors.splitlines()[-1],
            f"{tool}: The disk is full: {path} could not be written "
            "(No space left on device). What was there before is as it was.",
        )

    @pytest.mark.slow
    def test_an_export_names_the_path(self):
        path = self.folder / "exported"
        with mock.patch.object(
            saved_model.tf.saved_model, "save", _full_for_tensorflow
        ):
            arguments = f"--network={self.folder}", f"--output={path}"
            self.assert_full(path / "1", "export", *arguments)
        self.assertEmpty([*self.folder.glob("*exported*")])

    @pytest.mark.slow
    def test_a_picture_names_its_file(self):
        output = self.folder / "out"
        arguments = (
            "generate",
            f"--network={self.folder}",
            "--seeds=1",
            f"--output={output}",
        )
        with mock.patch.object(pathlib.Path, "write_bytes", side_effect=_FULL):
            self.assert_full(output / "seed0001.png", *arguments)
        self.assertEmpty([*output.iterdir()])

    def test_a_snapshot_names_itself_and_the_last_one_stays(self):
        with mock.patch.object(
            tf.train.Checkpoint, "write", _full_for_tensorflow
        ):
            with self.assertRaises(OSError) as context:
                self._save(32)
        self.assertIn(
            f"The disk is full: {self.snapshot.parent}/0000000032 could not be",
            mistakes.explained(context.exception),
        )
        self.assertEqual([*self.snapshot.parent.iterdir()], [self.snapshot])

    @parameterized.parameters(
        ("open", lambda path: run_directory.append(path, [{"images_seen": 1}])),
        ("write_text", lambda path: run_directory.truncate(path, 1)),
        ("write_bytes", lambda path: images.write_png(path, _PIXELS)),
    )
    @pytest.mark.slow
    def test_every_file_of_a_run_is_named(self, method, write):
        path = self.folder / "metrics.jsonl"
        path.write_text('{"images_seen": 1}\n')
        with mock.patch.object(pathlib.Path, method, side_effect=_FULL):
            with self.assertRaises(OSError) as context:
                write(path)
        self.assertEqual(context.exception.filename, str(path))
        self.assertEqual(path.read_text(), '{"images_seen": 1}\n')

    def test_what_no_error_names_is_where_the_tool_writes(self):
        with mock.patch.object(
            mistakes.flags, "FLAGS", {"output": _Flag("a/b")}
        ):
            self.assertIn("a/b could not", mistakes.explained(_FULL))
        with mock.patch.object(mistakes.flags, "FLAGS", {}):
            self.assertIn("a file could not", mistakes.explained(_FULL))

    @parameterized.parameters(
        ({"config": None}, "--config.training.max_batch_per_replica=8"),
        ({"batch_size": None}, "Give a smaller --batch_size"),
        ({}, "Close other programs"),
    )
    @pytest.mark.slow
    def test_a_full_memory_is_another_thing(self, flags, hint):
        for error in (
            tf.errors.ResourceExhaustedError(
                None, None, "OOM when allocating tensor with shape[4,4]\nmore"
            ),
            MemoryError("Unable to allocate 149. GiB"),
        ):
            self.assertTrue(mistakes.is_one(error))
            with mock.patch.object(mistakes.flags, "FLAGS", flags):
                told = mistakes.explained(error)
            self.assertStartsWith(told, "The memory is too small (")
            self.assertIn(hint, told)
            self.assertNotIn("disk", told)
            self.assertLen(told.splitlines(), 1)


class _Flag:
    def __init__(self, value):
        self.value = value


if __name__ == "__main__":
    tf.test.main()
