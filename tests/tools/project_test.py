"""`tools.project` as a user types it."""

import json
import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images
from stylegan_tf.editing.projection import job
from stylegan_tf.training import lock
from tests.helpers import running

_NETWORK = "--network=tests/fixtures/quickstart"


class ProjectTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.output = f"--output={self.folder / 'found'}"

    @pytest.mark.slow
    def test_images_are_found_and_made_again(self):
        target = self.folder / "anna.png"
        images.write_png(target, np.full((40, 60, 3), 120, np.uint8))
        arguments = (_NETWORK, self.output, "--steps=3", "--self_test")
        arguments += ("--seeds=5", f"--targets={target}", "--batch_size=2")
        answer = running.run("project", *arguments)
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("distances by offline-faces (offline)", answer.output)
        self.assertRegex(answer.output, r"a second take a step, .* are found")
        self.assertRegex(answer.output, r"peak memory of the process: \d")
        self.assertRegex(answer.output, r"seed0005( +\d+\.\d+){6}")
        self.assertRegex(answer.output, r"anna +\d")
        record = json.loads((self.folder / "found/projection.json").read_text())
        self.assertEqual(record["images"][1]["name"], "anna")
        again = running.run("project", *arguments)
        self.assertNotIn("a second", again.output)  # it is done
        self.assertEqual(
            answer.output.splitlines()[-5:], again.output.splitlines()[-5:]
        )
        _, _, tool, *words = running.words_of(again.output.splitlines()[-1])
        made = running.run(tool.removeprefix("tools."), *words)
        self.assertEqual(made.code, 0, made.errors)
        self.assertTrue((self.folder / "again/ws0001.png").exists())
        other = running.run("project", *arguments, "--seed=1")
        self.assertEqual(other.code, 1)
        self.assertIn("differs in seed", other.errors)

    @parameterized.parameters(
        (["--self_test"], "--output is needed"),
        (["--output=a"], "--targets or --self_test is needed"),
        (["--output=a", "--targets=b", "--seeds=1"], "--seeds is for"),
        (["--output=a", "--self_test", "--class=1"], "has no classes"),
        (["--output=a", "--targets=none.png"], "none.png"),
        (["--output=README.md", "--self_test"], "must be a folder"),
        (
            ["--output=a", "--self_test", "--features=README.md"],
            "is a network of yours",
        ),
    )
    @pytest.mark.slow
    def test_mistakes_are_one_line(self, arguments, expected):
        answer = running.run("project", _NETWORK, *arguments)
        self.assertEqual(answer.code, 1)
        self.assertIn(expected, answer.errors)
        self.assertLen(answer.errors.strip().splitlines(), 1)

    @pytest.mark.slow
    def test_a_folder_has_one_projection_at_a_time(self):
        with lock.held(self.folder / "found", job.LOCK):
            answer = running.run(
                "project", _NETWORK, self.output, "--self_test", "--steps=2"
            )
        self.assertEqual(answer.code, 1)
        self.assertRegex(
            answer.errors, "nother process projects into .*found: process"
        )
        self.assertFalse((self.folder / "found").exists())

    @pytest.mark.slow
    def test_a_dry_run_writes_nothing(self):
        answer = running.run(
            "project", _NETWORK, self.output, "--self_test", "--dry_run"
        )
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("3 images in 1,000 steps of w", answer.output)
        self.assertFalse((self.folder / "found").exists())
