"""What a run directory says about a config, before data are opened."""

import pathlib

import tensorflow as tf

from configs import tiny
from stylegan_tf import checkpoint, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build
from stylegan_tf.training import beforehand
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

    def test_a_damaged_snapshot_is_passed_over(self):
        self._save(images_seen=32)
        (self._save() / run_directory.CONFIG).write_text("{")
        config = tiny.get_config()
        beforehand.refuse_other_networks(config, self.workdir)
        config.generator.z_size = 8
        with self.assertRaisesRegex(ValueError, "0000000032 is of another"):
            beforehand.refuse_other_networks(config, self.workdir)

    def test_labels_that_the_data_will_tell_are_not_guessed_at(self):
        self._save(label_size=3)
        config = tiny.get_config()
        config.data.use_labels = True
        beforehand.refuse_other_networks(config, self.workdir)
        config.data.use_labels = False
        with self.assertRaisesRegex(ValueError, "label_size .* 3 .* 0"):
            beforehand.refuse_other_networks(config, self.workdir)

    def test_a_new_directory_says_nothing(self):
        beforehand.refuse_other_networks(
            tiny.get_config(), self.workdir / "new"
        )


if __name__ == "__main__":
    tf.test.main()
