"""tools.train_classifier as a user calls it."""

import json
import pathlib
import tempfile

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import images
from stylegan_tf.features import class_classifier, classifiers
from tests.helpers import running

_CLASSES = "--dataset=bundled", "--classes", "--output=made"


def _run(*arguments):
    return running.run("train_classifier", *arguments)


@pytest.mark.slow
class TrainClassifierTest(tf.test.TestCase):
    def test_it_trains_what_is_missing_and_says_how_well(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        output = pathlib.Path(folder) / "made"
        arguments = [
            "--dataset=bundled",
            "--attributes=glasses,hair=hair_length:2|3",
            "--resolution=8",
            "--channel_base=64",
            "--channel_max=8",
            "--kimg=0.064",
            f"--output={output}",
        ]
        dry = _run(*arguments, "--dry_run")
        self.assertEqual(dry.code, 0, dry.errors)
        self.assertFalse(output.exists())
        done = _run(*arguments)
        self.assertEqual(done.code, 0, done.errors)
        self.assertRegex(done.output, r"hair +\d+\.\d% +\d+\.\d%")
        times = {p: p.stat().st_mtime_ns for p in output.rglob("*")}
        again = _run(*arguments)
        lines = again.output.splitlines()
        self.assertLen([x for x in lines if "already trained" in x], 2)
        kept = again.output.replace("  already trained", "")
        self.assertEqual(kept, done.output)
        after = {p: p.stat().st_mtime_ns for p in output.rglob("*")}
        self.assertEqual(after, times)
        other = _run(*arguments, "--kimg=1", "--channel_max=4", "--dry_run")
        self.assertEqual(other.code, 1)
        self.assertRegex(other.errors, "00-glasses .* another kimg, size")
        loaded = classifiers.load(output)
        self.assertEqual(loaded.attributes, ("glasses", "hair"))

    def test_any_name_of_a_class_is_a_folder(self):
        data = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        for index in range(2):
            pixels = np.zeros((8, 8, 3), np.uint8)
            images.write_png(data / f"{index}.png", pixels)
        metadata = {
            "labels": [["0.png", 0], ["1.png", 1]],
            "class_names": ["T-shirt/top", "bag"],
        }
        (data / "dataset.json").write_text(json.dumps(metadata))
        done = _run(f"--dataset={data}", "--output=made", "--dry_run")
        self.assertIn("to made/00-T-shirt_top\n", done.output)

    def test_one_classifier_of_all_classes(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        arguments = [
            *_CLASSES[:2],
            "--resolution=8",
            "--channel_base=64",
            "--channel_max=8",
            "--kimg=0.064",
            f"--output={folder}/made",
        ]
        done = _run(*arguments)
        self.assertEqual(done.code, 0, done.errors)
        self.assertRegex(done.output, r"classes +4 +\d+\.\d% +\d+\.\d%")
        again = _run(*arguments)
        self.assertIn("already trained", again.output)
        loaded = class_classifier.load(f"{folder}/made")
        self.assertEqual(loaded.name, "made")
        self.assertEqual(loaded.attributes[:2], ("plain", "glasses"))

    def test_mistakes_are_one_line(self):
        for arguments, message in (
            (["--dataset=bundled"], "--output is needed"),
            (
                [*_CLASSES, "--attributes=glasses"],
                "--attributes is not for --classes",
            ),
            (
                ["--dataset=bundled", "--output=x", "--attributes=glases"],
                "Did you mean `glasses`?",
            ),
        ):
            done = _run(*arguments)
            self.assertEqual(done.code, 1)
            self.assertIn(message, done.errors)
            self.assertLen(done.errors.splitlines(), 1)


if __name__ == "__main__":
    tf.test.main()
