"""tools.studio: what it would do, and mistakes in one line."""

import pathlib

import pytest
import tensorflow as tf
from absl.testing import parameterized

from tests.helpers import running

_NETWORK = "tests/fixtures/quickstart"


class StudioTest(tf.test.TestCase, parameterized.TestCase):
    @pytest.mark.slow
    def test_a_dry_run_writes_nothing(self):
        folder = pathlib.Path(self.create_tempdir().full_path, "space")
        answer = running.run(
            "studio",
            f"--network={_NETWORK}",
            f"--space={folder}",
            "--dry_run",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("Would write the Studio of", answer.output)
        self.assertIn(f"to {folder}", answer.output)
        self.assertFalse(folder.exists())
        answer = running.run(
            "studio", f"--network={_NETWORK}", "--port=7999", "--dry_run"
        )
        self.assertIn("Would show the Studio of", answer.output)
        self.assertIn("at http://127.0.0.1:7999", answer.output)

    @parameterized.parameters(
        ((), "--network is needed"),
        (("--network=no/such",), "no/such"),
        ((f"--network={_NETWORK}", "--space=tests"), "exists already"),
        ((f"--network={_NETWORK}", "--space=x", "--port=80"), "--port is for"),
        ((f"--network={_NETWORK}", "--directions=README.md"), "npz file"),
        (
            (
                f"--network={_NETWORK}",
                "--directions=docs/networks/directions.npz",
            ),
            "not of this network",
        ),
    )
    @pytest.mark.slow
    def test_a_mistake_is_one_line(self, arguments, reason):
        answer = running.run("studio", *arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(reason, answer.errors)
        self.assertEqual(answer.errors.count("\n"), 1, answer.errors)


if __name__ == "__main__":
    tf.test.main()
