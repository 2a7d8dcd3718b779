"""tools.detect as a user calls it."""

import json
import pathlib

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.detection import measuring
from stylegan_tf.training import lock
from tests.helpers import evaluations, running

_FIXTURE = f"--network={running.ROOT}/tests/fixtures/quickstart"


class DetectTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    @parameterized.parameters(
        ("", "--network is needed"),
        (_FIXTURE, "--output is needed"),
        ("--detector=nowhere", "--image is needed"),
        ("--detector=nowhere --image=README.md", "no detector at nowhere"),
        ("--detector=nowhere --image=a --steps=5", "--steps is for a new det"),
        (f"{_FIXTURE} --image=a.png", "--image is judged by a --detector"),
        (f"{_FIXTURE} --output=README.md", "is a file, but must be a folder"),
        (f"{_FIXTURE} --output=new --count=1", "1 is not integer >= 2"),
        (f"{_FIXTURE} --output=new --count=20000", "more than the 12,000 im"),
        (f"{_FIXTURE} --output=new --dataset=nowhere", "no data set at nowh"),
        (f"{_FIXTURE} --output=new --features=nowhere", "no feature networks"),
        (f"{_FIXTURE} --output=new --features=README.md", "a network of yours"),
    )
    @pytest.mark.slow
    def test_mistakes_are_one_line(self, arguments, message):
        done = running.run("detect", *arguments.split())
        self.assertEqual(done.code, 1, done.errors)
        self.assertIn(message, done.errors)
        self.assertNotIn("Traceback", done.errors)
        self.assertFalse(pathlib.Path("new").exists())

    @pytest.mark.slow
    def test_a_dry_run_says_what_would_be_measured(self):
        output = self.folder / "new"
        done = running.run(
            "detect", _FIXTURE, "--count=7", f"--output={output}", "--dry_run"
        )
        self.assertEqual(done.code, 0, done.errors)
        self.assertIn("7 real images of bundled", done.output)
        self.assertFalse(output.exists())

    @pytest.mark.slow
    def test_a_folder_has_one_measurement_at_a_time(self):
        output = self.folder / "new"
        arguments = [_FIXTURE, "--count=2", "--steps=2", f"--output={output}"]
        with lock.held(output, measuring.LOCK):
            done = running.run("detect", *arguments)
        self.assertEqual(done.code, 1)
        self.assertRegex(
            done.errors, "nother process measures into .*new: process"
        )
        self.assertFalse(output.exists())

    @parameterized.parameters("{}", "[]", '{"threshold": 1}', "{")
    @pytest.mark.slow
    def test_damaged_files_are_one_line(self, text):
        for name in ("distances.json", "detector.json"):
            (self.folder / name).write_text(text)
        arguments = [_FIXTURE, "--count=2", f"--output={self.folder}"]
        judge = [f"--detector={self.folder}", "--image=README.md"]
        for words in (arguments, judge):
            done = running.run("detect", *words)
            self.assertEqual(done.code, 1)
            self.assertIn("is damaged or of another version: rem", done.errors)
            self.assertNotIn("Traceback", done.errors)

    @pytest.mark.slow
    def test_it_measures_and_judges(self):
        data = evaluations.faces(self.folder / "faces", side=16)
        output, run = self.folder / "detector", self.folder / "run"
        evaluations.run(run, data)
        arguments = [
            f"--network={run}",
            "--features=offline",
            "--count=5",
            f"--output={output}",
        ]
        done = running.run("detect", *arguments, "--steps=2")
        self.assertEqual(done.code, 0, done.errors)
        self.assertIn("offline features, 2 steps in W", done.output)
        detector = json.loads((output / "detector.json").read_text())
        self.assertLen(detector["real"], 5)
        found = {path.name for path in output.iterdir()}
        expected = {"detector.json", "distances.json"}
        expected |= {"detection.png", "detection.pdf"}
        self.assertEqual(found, expected)

        other = running.run("detect", *arguments, "--steps=3")
        self.assertEqual(other.code, 1)
        self.assertIn("measured with other settings: steps", other.errors)

        judge = [f"--detector={output}", f"--image={data}/003.png,{data}"]
        done = running.run("detect", *judge)
        self.assertEqual(done.code, 0, done.errors)
        rows = [x for x in done.output.splitlines() if "003.png" in x]
        self.assertLen(rows, 2)
        self.assertEqual(rows[0], rows[1])
        self.assertRegex(rows[0], r"003.png +\d\.\d+ +(of|not|cannot)")
        self.assertIn("misses", done.output)
        self.assertIn("images of this network alone", done.output)
        done = running.run("detect", *judge, _FIXTURE)
        self.assertEqual(done.code, 1)
        self.assertIn("is another network than that of the", done.errors)


if __name__ == "__main__":
    tf.test.main()
