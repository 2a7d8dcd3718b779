"""tools.evaluate as a user calls it."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest
import tensorflow as tf
from absl.testing import parameterized

_ROOT = pathlib.Path(__file__).parents[2]
_FIXTURE = "--network=tests/fixtures/quickstart"


@pytest.mark.slow
class EvaluateTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(folder)

    def _run(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "tools.evaluate", *arguments],
            cwd=_ROOT,
            env={**os.environ, "STYLEGAN_TF_CACHE": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=300,
        )

    @parameterized.parameters(
        ("", "--network is needed"),
        (f"{_FIXTURE} --metrics=fid5k_ful", "Did you mean `fid50k_full`?"),
        ("--network=nowhere --metrics=is5k", "nowhere: no such file"),
        (f"{_FIXTURE} --features=nowhere", "no feature networks at nowhere"),
        (f"{_FIXTURE} --dataset=nowhere", "no data set at nowhere"),
    )
    def test_mistakes_are_one_line(self, arguments, message):
        done = self._run(*arguments.split())
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(message, done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_it_measures_prints_a_table_and_adds_rows(self):
        output = self.folder / "rows.jsonl"
        arguments = [
            _FIXTURE,
            "--metrics=fid0.2k_full,ppl0.02k_wend,pr0.1k3",
            "--features=offline",
            f"--output={output}",
        ]
        dry = self._run(*arguments, "--dry_run")
        self.assertEqual(dry.returncode, 0, dry.stderr)
        self.assertFalse(output.exists())
        self.assertIn("pr0.1k3_precision, pr0.1k3_recall", dry.stdout)
        for count in (3, 6):
            done = self._run(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("fid0.2k_full_offline", done.stdout)
            self.assertIn("not comparable with published", done.stdout)
            rows = [json.loads(line) for line in output.open()]
            self.assertLen(rows, count)
        for before, after in zip(rows[:3], rows[3:], strict=True):
            names = [name for name in before if name.startswith("metrics/")]
            self.assertNotEmpty(names)
            for name in names:
                self.assertEqual(before[name], after[name])
            self.assertEqual(before["protocol"], after["protocol"])

    def test_a_metric_that_fails_is_named_and_the_code_is_1(self):
        output = self.folder / "rows.jsonl"
        done = self._run(
            _FIXTURE,
            "--metrics=fid0.1k_full,msssim0.02k",
            f"--features={self.folder}",
            f"--output={output}",
        )
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("fid0.1k_full: The feature network", done.stderr)
        self.assertIn("msssim0.02k", done.stdout)
        self.assertLen(output.read_text().splitlines(), 1)


if __name__ == "__main__":
    tf.test.main()
