"""tools.export as a user calls it."""

import pathlib
import subprocess
import sys

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.export import files

_ROOT = pathlib.Path(__file__).parents[2]


def _run(*arguments):
    command = [sys.executable, "-m", "tools.export"]
    command.append("--network=tests/fixtures/quickstart")
    return subprocess.run(
        [*command, *arguments],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )


class OutputTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("saved_model", "export/faces", "export/faces"),
        ("onnx", "faces", "faces.onnx"),
        ("onnx", "faces.onnx", "faces.onnx"),
        ("litert", "faces", "faces.tflite"),
        ("keras", "faces", "faces.keras"),
        ("keras", "faces.weights.h5", "faces.weights.h5"),
        ("npz", "faces", "faces.npz"),
    )
    def test_a_format_has_its_suffix(self, format, given, expected):
        path = files.with_suffix(given, format)
        self.assertEqual(path, pathlib.Path(expected))

    def test_another_format_s_suffix_is_refused(self):
        with self.assertRaisesRegex(ValueError, "its suffix is .tflite"):
            files.with_suffix("faces.onnx", "litert")


@pytest.mark.slow
class ExportTest(tf.test.TestCase):
    def test_writes_once_and_says_how_far_off_it_is(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "mapping.onnx"
        arguments = "--format=onnx", "--part=mapping", f"--output={path}"
        dry = _run(*arguments, "--dry_run")
        self.assertEqual(dry.returncode, 0, dry.stderr)
        self.assertFalse(path.exists())
        made = _run(*arguments)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertRegex(
            made.stdout, r"mapping: largest difference from the network: \S+\n"
        )
        self.assertTrue(path.exists())
        again = _run(*arguments)
        self.assertEqual(again.returncode, 1)
        self.assertIn("exists already", again.stderr)
        self.assertNotIn("Traceback", again.stderr)


if __name__ == "__main__":
    tf.test.main()
