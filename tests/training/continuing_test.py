"""The run in a directory: of the networks and data asked for, or not."""

import dataclasses
import pathlib
import shutil

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import checkpoint, images, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.data import sources
from stylegan_tf.networks import build
from stylegan_tf.training import continuing, lock, loop
from tests.helpers import running


class OtherNetworksTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = pathlib.Path(self.create_tempdir().full_path)

    def _save(self, label_size=0, images_seen=64):
        config = tiny.get_config()
        config.label_size = label_size
        config = config_lib.resolve(config)
        return checkpoint.save(
            self.workdir,
            {"ema_generator": build.generator(config)},
            config=config,
            images_seen=images_seen,
        )

    @pytest.mark.slow
    def test_a_dry_run_refuses_what_training_would(self):
        self._save()
        for more in ((), ("--dry_run",)):
            answer = running.run(
                "train",
                f"--config={running.ROOT}/configs/tiny.py",
                f"--workdir={self.workdir}",
                "--config.generator.z_size=8",
                "--config.data.path=nowhere",
                *more,
            )
            self.assertEqual(answer.code, 1, answer.output)
            self.assertIn("of another architecture", answer.errors)
            self.assertIn("generator.z_size", answer.errors)
            self.assertEmpty(answer.output)

    @pytest.mark.slow
    def test_so_does_an_ablation_before_its_first_variant(self):
        self.workdir /= "a"
        self._save()
        answer = running.run(
            "ablate",
            f"--config={running.ROOT}/configs/stylegan.py",
            "--variants=b,a",
            f"--output={self.workdir.parent}",
            "--small",
        )
        self.assertEqual(answer.code, 1, answer.output)
        self.assertIn("variant a: The snapshot", answer.errors)
        self.assertIn("of another architecture", answer.errors)

    @pytest.mark.slow
    def test_a_damaged_snapshot_is_passed_over(self):
        self._save(images_seen=32)
        (self._save() / run_directory.CONFIG).write_text("{")
        config = tiny.get_config()
        continuing.refuse_other_networks(config, self.workdir)
        config.generator.z_size = 8
        with self.assertRaisesRegex(ValueError, "0000000032 is of another"):
            continuing.refuse_other_networks(config, self.workdir)

    @pytest.mark.slow
    def test_labels_that_the_data_will_tell_are_not_guessed_at(self):
        self._save(label_size=3)
        config = tiny.get_config()
        config.data.use_labels = True
        continuing.refuse_other_networks(config, self.workdir)
        config.data.use_labels = False
        with self.assertRaisesRegex(ValueError, "label_size .* 3 .* 0"):
            continuing.refuse_other_networks(config, self.workdir)

    def test_a_new_directory_says_nothing(self):
        continuing.refuse_other_networks(
            tiny.get_config(), self.workdir / "new"
        )


def _config():
    return dataclasses.replace(tiny.get_config(), name="finished")


class FinishedTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = pathlib.Path(self.create_tempdir().full_path)

    def _save(self, config):
        config = config_lib.resolve(config)
        checkpoint.save(
            self.workdir,
            {"ema_generator": build.generator(config)},
            config=config,
            images_seen=64,
        )

    @pytest.mark.slow
    def test_the_same_run_is_taken_without_a_word(self):
        self._save(_config())
        self.assertEqual(continuing.check_finished(_config(), self.workdir), "")

    @pytest.mark.slow
    def test_what_a_kill_at_its_end_left_is_removed(self):
        self._save(_config())
        (self.workdir / "snapshots" / ".0000000032.old").mkdir()
        (self.workdir / ".best.tmp").mkdir()
        (self.workdir / lock.FILE).touch()
        continuing.check_finished(_config(), self.workdir)
        self.assertEqual(
            sorted(path.name for path in self.workdir.rglob("0*")),
            ["0000000064"],
        )
        names = [path.name for path in self.workdir.iterdir()]
        self.assertEqual(names, ["snapshots"])
        with lock.held(self.workdir):
            with self.assertRaisesRegex(ValueError, "is being trained by"):
                continuing.check_finished(_config(), self.workdir)

    @pytest.mark.slow
    def test_other_networks_are_refused(self):
        self._save(_config())
        config = _config()
        config.generator.z_size = 8
        with self.assertRaisesRegex(ValueError, "generator.z_size"):
            continuing.check_finished(config, self.workdir)

    @parameterized.parameters("bundled", "{workdir}/gone")
    @pytest.mark.slow
    def test_other_networks_are_told_before_the_data_are_opened(self, path):
        self._save(_config())
        config = _config()
        config.resolution = 64  # which the bundled images do not have
        config.data.path = path.format(workdir=self.workdir)
        refused = self.assertRaisesRegex(ValueError, "resolution .* 32 .* 64")
        with refused:
            continuing.check_finished(config, self.workdir)
        with refused:
            loop.train(config, self.workdir)
        with refused:
            continuing.refuse(config, 1, self.workdir)

    @pytest.mark.slow
    def test_labels_that_it_did_not_have_are_refused(self):
        self._save(_config())
        config = _config()
        config.data.use_labels = True
        with self.assertRaisesRegex(ValueError, "label_size .* 0 .* 4"):
            continuing.check_finished(config, self.workdir)

    @pytest.mark.slow
    def test_data_that_are_gone_are_not_missed(self):
        config = _config()
        config.label_size = 4
        self._save(config)
        config = _config()
        config.data.use_labels = True
        config.data.path = f"{self.workdir}/gone"
        self.assertEqual(continuing.check_finished(config, self.workdir), "")
        config.label_size = 5
        with self.assertRaisesRegex(ValueError, "label_size .* 4 .* 5"):
            continuing.check_finished(config, self.workdir)

    @pytest.mark.slow
    def test_a_comparison_refuses_what_was_trained_otherwise(self):
        config = _config()
        self._save(config)
        continuing.refuse_other_settings(config, self.workdir)
        config.training.precision = "auto"  # the machine's
        config.training.total_kimg += 1
        config.data.path = "elsewhere"
        continuing.refuse_other_settings(config, self.workdir)
        for group, field, value in (
            ("loss", "r1_gamma", 3.0),
            ("generator", "w_avg_decay", 0.5),
            ("discriminator", "conv_clamp", 7.0),
            ("training", "precision", "bfloat16"),
            ("training", "seed", 12),
        ):
            config = _config()
            setattr(getattr(config, group), field, value)
            with self.assertRaisesRegex(
                ValueError, f"{group}.{field} .*asked {value}"
            ):
                continuing.refuse_other_settings(config, self.workdir)

    @pytest.mark.slow
    def test_other_data_are_told(self):
        self._save(_config())
        now = continuing.describe(sources.open_source("bundled"), 0)
        continuing.remember(self.workdir, {**now, "images": 10})
        note = continuing.check_finished(_config(), self.workdir)
        self.assertIn("trained on other data so far: 10 images", note)


class OtherDataTest(tf.test.TestCase):
    """Data sets are told apart by what they show, not by where they are."""

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _data(self, name, seed, count=4):
        folder = self.folder / name
        random = np.random.RandomState(seed)
        for index in range(count):
            pixels = random.randint(0, 256, (8, 8, 3), np.uint8)
            place = folder / f"class{index % 2}"
            place.mkdir(parents=True, exist_ok=True)
            images.write_png(place / f"{index}.png", pixels)
        return folder

    def _describe(self, path, label_size=0):
        return continuing.describe(sources.open_source(path), label_size)

    def test_the_same_images_elsewhere_are_no_change(self):
        here = self._data("here", seed=0)
        shutil.make_archive(str(self.folder / "there"), "zip", here)
        continuing.remember(self.folder, self._describe(here))
        there = self._describe(self.folder / "there.zip")
        self.assertEqual(continuing.other_data(self.folder, there), "")

    def test_other_images_or_fewer_are_told_in_one_line(self):
        here = self._data("here", seed=0)
        continuing.remember(self.folder, self._describe(here))
        for other in (
            self._data("other", seed=1),
            self._data("fewer", seed=0, count=3),
        ):
            line = continuing.other_data(self.folder, self._describe(other))
            self.assertIn(f"4 images of 8x8x3 from {here}", line)
            self.assertIn(f"images of 8x8x3 from {other}", line)
            self.assertNotIn("\n", line)

    def test_labels_count_where_they_are_used(self):
        here, there = self._data("here", seed=0), self._data("there", seed=0)
        (there / "class0").rename(there / "class2")  # comes last
        continuing.remember(self.folder, self._describe(here, 2))
        change = continuing.other_data(self.folder, self._describe(there, 2))
        self.assertNotEmpty(change)

    def test_nothing_is_said_of_runs_that_tell_nothing(self):
        now = self._describe(self._data("here", seed=0))
        self.assertEqual(continuing.other_data(self.folder, now), "")
        (self.folder / run_directory.DATA).write_text("")
        self.assertEqual(continuing.other_data(self.folder, now), "")


if __name__ == "__main__":
    tf.test.main()
