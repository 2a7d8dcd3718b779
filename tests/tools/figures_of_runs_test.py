"""tools.figures: the figures that need no network of the user's."""

import pathlib

import pytest
import tensorflow as tf
from PIL import Image

from tests.editing import histories_test
from tests.helpers import running

_ROWS = (
    {"images_seen": 1000, "loss/generator": 1.0},
    {"images_seen": 2000, "loss/generator": 2.0, "metrics/fid": 9.0},
)


class TrainingTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir())
        for name in ("a", "b"):
            run = self.folder / "runs" / name
            histories_test.make_run(run, rows=_ROWS)

    def _figure(self, output, *arguments):
        return running.run(
            "figures",
            "--figure=training",
            f"--output={self.folder / output}",
            *arguments,
        )

    @pytest.mark.slow
    def test_runs_become_a_picture(self):
        runs = f"--runs={self.folder}/runs"
        for output in ("figure.png", "figure.pdf"):
            answer = self._figure(output, runs, "--curves=fid,loss")
            self.assertEqual(answer.code, 0, answer.errors)
            self.assertTrue((self.folder / output).exists())

    def test_one_run_becomes_a_film(self):
        runs = f"--runs={self.folder}/runs/a"
        answer = self._figure("film.gif", runs, "--fps=2")
        self.assertEqual(answer.code, 0, answer.errors)
        with Image.open(self.folder / "film.gif") as film:
            self.assertEqual(film.n_frames, 2)
            self.assertEqual(film.info["duration"], 500)

    def test_a_dry_run_writes_nothing(self):
        runs = f"--runs={self.folder}/runs"
        answer = self._figure("figure.png", runs, "--dry_run")
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertFalse((self.folder / "figure.png").exists())

    def test_mistakes_are_told_in_a_line(self):
        runs = self.folder / "runs"
        for output, arguments, error in (
            ("figure.png", (), "--runs is needed"),
            ("figure.png", (f"--runs={self.folder}",), "no run directory"),
            ("figure.png", (f"--runs={runs}", "--curves=kid"), "no kid"),
            ("figure.png", (f"--runs={runs}", "--network=x"), "--network is"),
            ("figure.png", (f"--runs={runs}", "--fps=2"), "--fps is for"),
            ("film.gif", (f"--runs={runs}",), "of one run"),
            ("film.gif", (f"--runs={runs}/a", "--times=2"), "--times is for"),
            ("film.avi", (f"--runs={runs}/a",), "must end in"),
        ):
            answer = self._figure(output, *arguments)
            self.assertEqual(answer.code, 1)
            self.assertIn(error, answer.errors)
            self.assertEqual(answer.errors.count("\n"), 1)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["runs"])


class WarpingTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_it_needs_no_network(self):
        output = pathlib.Path(self.create_tempdir()) / "figure.png"
        arguments = ("--figure=warping", f"--output={output}", "--steps=1")
        answer = running.run("figures", *arguments)
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertTrue(output.exists())
        answer = running.run("figures", *arguments, "--network=x")
        self.assertIn("--network is not for --figure=warping", answer.errors)


class NormalisationTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir())
        for name, size in (("a", (40, 30)), ("b", (16, 16))):
            Image.new("RGB", size, "teal").save(self.folder / f"{name}.png")

    def _figure(self, *arguments):
        return running.run(
            "figures",
            "--figure=normalisation",
            f"--output={self.folder / 'figure.png'}",
            *arguments,
        )

    @pytest.mark.slow
    def test_two_files_are_taken_of_any_size(self):
        answer = self._figure(
            f"--content={self.folder}/a.png",
            f"--style={self.folder}/b.png",
            "--steps=1",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertTrue((self.folder / "figure.png").exists())

    @pytest.mark.slow
    def test_or_two_images_of_a_network(self):
        network = f"--network={running.ROOT}/tests/fixtures/quickstart"
        answer = self._figure(network, "--nocompare", "--seeds=3,4")
        self.assertEqual(answer.code, 0, answer.errors)
        answer = self._figure(network, "--seeds=0-2")
        self.assertIn("of two images", answer.errors)

    def test_mistakes_are_told_in_a_line(self):
        content = f"--content={self.folder}/a.png"
        (self.folder / "text.png").write_text("no image")
        for arguments, error in (
            ((), "give --content and --style, or a --network"),
            ((content,), "--style is needed"),
            ((content, f"--style={self.folder}/c.png"), "c.png: "),
            ((content, f"--style={self.folder}/text.png"), "not an image"),
            (
                (content, f"--style={self.folder}/b.png", "--seeds=1"),
                "--seeds is",
            ),
        ):
            answer = self._figure(*arguments)
            self.assertEqual(answer.code, 1)
            self.assertIn(error, answer.errors)
            self.assertEqual(answer.errors.count("\n"), 1)
        self.assertFalse((self.folder / "figure.png").exists())


if __name__ == "__main__":
    tf.test.main()
