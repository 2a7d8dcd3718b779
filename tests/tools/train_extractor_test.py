"""tools.train_extractor as a user calls it."""

import pathlib

import pytest
import tensorflow as tf

from tests.helpers import running


class TrainExtractorTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.create_tempdir().full_path) / "x.npz"

    def test_a_dry_run_writes_nothing(self):
        answer = running.run(
            "train_extractor", f"--output={self.path}", "--dry_run"
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("1000 steps", answer.output)
        self.assertFalse(self.path.exists())

    def test_a_wrong_output_is_one_line(self):
        for arguments, told in (
            ([], "--output is needed"),
            (["--output=x.h5"], "must end in .npz"),
        ):
            answer = running.run("train_extractor", *arguments)
            self.assertEqual(answer.code, 1)
            self.assertIn(told, answer.errors)
            self.assertLen(answer.errors.splitlines(), 1)

    @pytest.mark.slow
    def test_a_short_training_writes_a_file_and_its_accuracies(self):
        # A process of its own: determinism can not be turned off again.
        process = running.start(
            "train_extractor", f"--output={self.path}", "--steps=2"
        )
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertTrue(self.path.exists())
        self.assertRegex(output, r"glasses +\d+\.\d% of held-out")
        self.assertIn("SHA-256", output)


if __name__ == "__main__":
    tf.test.main()
