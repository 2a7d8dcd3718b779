"""tools.train_extractor as a user calls it."""

import pathlib
import subprocess
import sys

import pytest
import tensorflow as tf

_ROOT = pathlib.Path(__file__).parents[2]


def _train_extractor(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.train_extractor", *arguments],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        timeout=300,
    )


class TrainExtractorTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.create_tempdir().full_path) / "x.npz"

    def test_a_dry_run_writes_nothing(self):
        answer = _train_extractor(f"--output={self.path}", "--dry_run")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("1000 steps", answer.stdout)
        self.assertFalse(self.path.exists())

    def test_a_wrong_output_is_one_line(self):
        for arguments, told in (
            ([], "--output is needed"),
            (["--output=x.h5"], "must end in .npz"),
        ):
            answer = _train_extractor(*arguments)
            self.assertEqual(answer.returncode, 1)
            self.assertIn(told, answer.stderr)
            self.assertLen(answer.stderr.strip().split("\n"), 1)

    @pytest.mark.slow
    def test_a_short_training_writes_a_file_and_its_accuracies(self):
        answer = _train_extractor(f"--output={self.path}", "--steps=2")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertTrue(self.path.exists())
        self.assertRegex(answer.stdout, r"glasses +\d+\.\d% of held-out")
        self.assertIn("SHA-256", answer.stdout)


if __name__ == "__main__":
    tf.test.main()
