"""What is printed after training can be typed as it is."""

import contextlib
import dataclasses
import io
import os
import pathlib
import sys
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import checkpoint, recipes, snapshot_files
from stylegan_tf.command_line import report
from stylegan_tf.data import holdout, sources
from stylegan_tf.networks import build
from tests.helpers import data_sets, running, support


class BeforeTest(tf.test.TestCase):
    def test_what_is_not_read_of_the_data_is_said(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        data_sets.folder(folder / "in", data_sets.files(2))
        (folder / "in/again").symlink_to("00000")
        config = support.small_config()
        config.data.path = str(folder / "in")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            source = sources.open_source(config.data.path)
            report.before(config, source, folder / "run", 0)
        self.assertIn(
            f"1 inputs of in are not read, the first: {folder}/in/again: leads "
            "to a folder that is read already.",
            printed.getvalue(),
        )

    def test_images_that_are_held_out_are_said(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        data_sets.folder(folder, data_sets.files(4))
        config = support.small_config()
        source, rest = holdout.split(sources.open_source(folder), 0.25)
        source = dataclasses.replace(source, held_out=rest)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            report.before(config, source, folder / "run", 0)
        self.assertIn(": 3 images of 8x8x3", printed.getvalue())
        self.assertIn("\n1 more images are held out", printed.getvalue())

    def test_settings_that_change_are_said_with_what_keeps_them(self):
        before, now = support.small_config(), support.small_config()
        recipes.pairs(now.loss, before.loss.r1_gamma)
        with (
            mock.patch.object(checkpoint, "find"),
            mock.patch.object(snapshot_files, "read_config", lambda _: before),
        ):
            said = report._other_settings(now, "run")
            self.assertEqual(report._other_settings(before, "run"), "")
        start, keep = said.split(": ")
        self.assertEqual(start, ", with other settings; to keep its own")
        self.assertEqual(
            keep,
            "--config.loss.adversarial=logistic --config.loss.r2_gamma=0",
        )

    def test_what_augmentation_was_so_far_is_said_where_it_changes(self):
        now, before = support.small_config(), support.small_config()
        before.augment.mode = "adaptive"
        with (
            mock.patch.object(checkpoint, "find"),
            mock.patch.object(
                snapshot_files, "read_config", side_effect=[before] * 2 + [now]
            ),
        ):
            self.assertEqual(
                report._augmentation(now, "run", 8),
                "augmentation: off; it was adaptive so far",
            )
            goes_on = report._augmentation(before, "run", 8)
            self.assertIn("p goes on where it was", goes_on)
            taken_up = report._augmentation(before, "run", 8)
        self.assertIn("p starts at 0", taken_up)
        self.assertEndsWith(taken_up, "; it was off so far")
        self.assertEqual(report._augmentation(now, "run", 0), "")


class AfterTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.enterContext(contextlib.chdir(self.folder))

    def said(
        self,
        workdir,
        *,
        label_size=0,
        total_kimg=0.016,
        typed=(),
        data="bundled",
    ):
        """Lines printed after a run of 16 images."""
        config = support.small_config(label_size=label_size)
        checkpoint.save(
            workdir,
            {"ema_generator": build.generator(config)},
            config=config,
            images_seen=16,
        )
        config.label_size = 0  # as typed: the data tell it
        config.training.total_kimg = total_kimg
        config.data.path = data
        printed = io.StringIO()
        argv = ["tools/train.py", f"--workdir={workdir}", *typed]
        with mock.patch.object(sys, "argv", argv):
            with contextlib.redirect_stdout(printed):
                report.after(config, workdir)
        return printed.getvalue().splitlines()

    @parameterized.parameters(0, 3)
    @pytest.mark.slow
    def test_the_suggested_pictures_are_made(self, label_size):
        lines = self.said("my run", label_size=label_size)
        (line,) = [line for line in lines if "tools.generate" in line]
        words = running.words_of(line)
        self.assertIn("--network=my run", words)
        arguments = words[words.index("tools.generate") + 1 :]
        answer = running.run("generate", *arguments)
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertTrue(os.path.exists("faces.png"))

    def test_every_suggestion_is_taken_by_its_tool(self):
        typed = ["--config=configs/tiny.py", "--config.training.total_kimg=1"]
        with contextlib.chdir(running.ROOT):
            lines = self.said(self.folder / "it's", typed=typed)
            suggested = [line for line in lines if "-m tools." in line]
            self.assertLen(suggested, 3)
            for line in suggested:
                running.parse(line)
            (logs,) = [line for line in lines if "tensorboard.main" in line]
            self.assertIn(
                f"--logdir={self.folder}/it's/tensorboard",
                running.words_of(logs),
            )

    def test_own_images_are_suggested_to_who_has_not_taken_them(self):
        suggested = "\n".join(self.said("a"))
        self.assertIn("prepare_dataset --source=PHOTOS", suggested)
        suggested = "\n".join(self.said("b", data="photos"))
        self.assertNotIn("prepare_dataset", suggested)
        self.assertIn("tools.generate", suggested)

    def test_a_longer_run_is_asked_for_once(self):
        typed = ["--config.training.total_kimg=0.016", "--workdir=w"]
        lines = self.said("w", typed=typed)
        (line,) = [line for line in lines if "# longer" in line]
        self.assertEqual(line.count("total_kimg"), 1)
        self.assertEqual(line.count("--workdir"), 1)
        self.assertIn("total_kimg=0.032", line)

    def test_a_stopped_run_goes_on_by_what_was_typed(self):
        typed = ["--config.data.path=my data"]
        *_, line = self.said("w", total_kimg=1, typed=typed)
        self.assertEqual(
            running.words_of(line)[-2:],
            ["--workdir=w", "--config.data.path=my data"],
        )


if __name__ == "__main__":
    tf.test.main()
