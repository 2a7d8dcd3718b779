"""A run with classes, end to end: what it says, and what tools make of it."""

import contextlib
import json
import os
import pathlib
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators, run_directory
from tests.helpers import running

_NAMES = ["plain", "glasses", "facial_hair", "glasses+facial_hair"]


def _pixels(path):
    return np.asarray(Image.open(path))


@pytest.mark.slow
class ConditionalRunTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.folder = pathlib.Path(folder)
        cls.run_path = cls.folder / "run"
        cls.trained = running.run(
            "train",
            "--config=configs/tiny.py",
            "--config.data.use_labels=true",
            "--config.training.total_kimg=0.016",
            f"--workdir={cls.run_path}",
        )

    def _said(self, tool, *arguments):
        """What a tool prints of the run."""
        answer = running.run(tool, f"--network={self.run_path}", *arguments)
        self.assertEqual(answer.code, 0, answer.errors[-2000:])
        return answer.output

    def test_the_run_knows_what_its_classes_are_called(self):
        self.assertEqual(self.trained.code, 0, self.trained.errors[-2000:])
        self.assertIn(f"row a class: {', '.join(_NAMES)}", self.trained.output)
        config = json.loads((self.run_path / "config.json").read_text())
        self.assertEqual(config["label_names"], _NAMES)
        network = generators.open(self.run_path)
        self.assertEqual(network.config.label_names, tuple(_NAMES))

    def test_sheets_have_a_row_a_class_of_the_same_latents(self):
        for name in ("reals.png", "fakes-0000000016.png"):
            sheet = _pixels(self.run_path / run_directory.SAMPLES / name)
            self.assertEqual(sheet.shape, (4 * 32, 4 * 32, 3))
        network = generators.open(self.run_path)
        ws = network.map(network.latents([2]), network.labels([1]))
        shown = sheet[32:64, 64:96].astype(int)
        expected = network.images(ws)[0].astype(int)
        self.assertAllClose(shown, expected, atol=1)

    def test_the_commands_that_it_suggests_do_as_they_say(self):
        suggested = [
            line
            for line in self.trained.output.splitlines()
            if "tools." in line
        ]
        for line in suggested:
            running.parse(line)
        (line,) = [line for line in suggested if "tools.generate" in line]
        words = running.words_of(line)
        self.assertIn("--class=all", words)
        arguments = words[words.index("tools.generate") + 1 :]
        with contextlib.chdir(self.folder):
            answer = running.run("generate", *arguments)
            self.assertEqual(answer.code, 0, answer.errors)
            self.assertTrue(os.path.exists("faces.png"))

    def test_all_classes_are_a_sheet_or_a_folder_each(self):
        sheet = self.folder / "sheet.png"
        given = ["--class=all", "--seeds=3,5", f"--output={sheet}"]
        self.assertIn("8 images of 4 classes", self._said("generate", *given))
        self._said("generate", *given[:2], f"--output={self.folder}/each")
        self._said(
            "generate",
            "--class=glasses",
            "--seeds=5",
            f"--output={self.folder}/one",
        )
        one = _pixels(self.folder / "one" / "seed0005.png")
        for number, name in enumerate(_NAMES):
            image = _pixels(self.folder / "each" / name / "seed0005.png")
            if name == "glasses":
                self.assertAllEqual(image, one)
            large = np.kron(image, np.ones((2, 2, 1), np.uint8))
            row = _pixels(sheet)[-64 * 4 :][64 * number :][:64, -64:]
            self.assertAllEqual(row, large)

    @parameterized.parameters(
        ("--class=all --grid=8x8 --output=a.png", "row a class and a column"),
        ("--class=glases --output=a", "Did you mean `glasses`"),
        ("--output=a", "0 to 3: plain, glasses, facial_hair, glasses+facial"),
        ("--class=all --ws=a.npz --output=a", "not for --ws"),
    )
    def test_mistakes_are_one_line(self, arguments, message):
        network = f"--network={self.run_path}"
        answer = running.run("generate", network, *arguments.split())
        self.assertEqual(answer.code, 1)
        self.assertIn(message, answer.errors)

    @parameterized.parameters(
        ("figures", "--figure=grid --seeds=0,1 --output={}/grid.png"),
        ("figures", "--figure=mixing --class=glasses --output={}/m.png"),
        (
            "video",
            "--class=glasses --seeds=0,1 --seconds=0.1 --output={}/v.gif",
        ),
        (
            "project",
            "--self_test --seeds=0 --class=glasses --steps=2 --output={}/p",
        ),
        ("export", "--format=saved_model --dry_run --output={}/export"),
    )
    def test_other_tools_take_a_class_by_name(self, tool, arguments):
        given = arguments.format(self.folder).split()
        said = self._said(tool, *given)
        for line in said.splitlines():
            if "-m tools.generate" in line:
                words = running.words_of(line)
                rest = words[words.index("tools.generate") + 1 :]
                answer = running.run("generate", *rest)
                self.assertEqual(answer.code, 0, answer.errors)

    def test_classes_are_measured_one_by_one(self):
        output = self.folder / "rows.jsonl"
        said = self._said(
            "evaluate",
            "--metrics=fid0.1k_full,agree0.1k",
            "--features=offline",
            "--by_class",
            f"--output={output}",
        )
        self.assertIn("fid0.1k_full_class_glasses_offline", said)
        rows = run_directory.read(output)
        self.assertEqual(
            [row["protocol"]["class"] for row in rows],
            [name for name in _NAMES for _ in range(2)],
        )
        numbers = {}
        for row in rows:
            numbers |= run_directory.numbers(row)
        for name in _NAMES:
            real = numbers[f"agree0.1k_real_class_{name}_offline"]
            self.assertGreater(real, 0.6)
        counts = [
            row["protocol"]["real"] for row in rows if "fid" in row["metric"]
        ]
        self.assertEqual(counts, [4739, 3079, 2481, 1701])


if __name__ == "__main__":
    tf.test.main()
