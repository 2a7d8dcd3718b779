"""A run that is done refuses other networks as an unfinished one does."""

import dataclasses
import pathlib

import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import checkpoint
from stylegan_tf import config as config_lib
from stylegan_tf.data import sources
from stylegan_tf.networks import build
from stylegan_tf.training import beforehand, finished, lock, loop, trained_on


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

    def test_the_same_run_is_taken_without_a_word(self):
        self._save(_config())
        self.assertEqual(finished.check(_config(), self.workdir), "")

    def test_what_a_kill_at_its_end_left_is_removed(self):
        self._save(_config())
        (self.workdir / "snapshots" / ".0000000032.old").mkdir()
        (self.workdir / ".best.tmp").mkdir()
        (self.workdir / lock.FILE).touch()
        finished.tidy(self.workdir)
        self.assertEqual(
            sorted(path.name for path in self.workdir.rglob("0*")),
            ["0000000064"],
        )
        names = [path.name for path in self.workdir.iterdir()]
        self.assertEqual(names, ["snapshots"])
        with lock.held(self.workdir):
            with self.assertRaisesRegex(ValueError, "is being trained by"):
                finished.tidy(self.workdir)

    def test_other_networks_are_refused(self):
        self._save(_config())
        config = _config()
        config.generator.z_size = 8
        with self.assertRaisesRegex(ValueError, "generator.z_size"):
            finished.check(config, self.workdir)

    @parameterized.parameters("bundled", "{workdir}/gone")
    def test_other_networks_are_told_before_the_data_are_opened(self, path):
        self._save(_config())
        config = _config()
        config.resolution = 64  # which the bundled images do not have
        config.data.path = path.format(workdir=self.workdir)
        refused = self.assertRaisesRegex(ValueError, "resolution .* 32 .* 64")
        with refused:
            finished.check(config, self.workdir)
        with refused:
            loop.train(config, self.workdir)
        with refused:
            beforehand.refuse(config, 1, self.workdir)

    def test_labels_that_it_did_not_have_are_refused(self):
        self._save(_config())
        config = _config()
        config.data.use_labels = True
        with self.assertRaisesRegex(ValueError, "label_size .* 0 .* 4"):
            finished.check(config, self.workdir)

    def test_data_that_are_gone_are_not_missed(self):
        config = _config()
        config.label_size = 4
        self._save(config)
        config = _config()
        config.data.use_labels = True
        config.data.path = f"{self.workdir}/gone"
        self.assertEqual(finished.check(config, self.workdir), "")
        config.label_size = 5
        with self.assertRaisesRegex(ValueError, "label_size .* 4 .* 5"):
            finished.check(config, self.workdir)

    def test_other_data_are_told(self):
        self._save(_config())
        now = trained_on.describe(sources.open_source("bundled"), 0)
        trained_on.remember(self.workdir, {**now, "images": 10})
        note = finished.check(_config(), self.workdir)
        self.assertIn("trained on other data so far: 10 images", note)


if __name__ == "__main__":
    tf.test.main()
