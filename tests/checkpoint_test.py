"""Snapshots: whole or not there, pruned, refused with a reason."""

import json
import pathlib

import numpy as np
import tensorflow as tf

import stylegan_tf
from stylegan_tf import checkpoint
from stylegan_tf.networks import build
from tests import support


class CheckpointTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.run_directory = pathlib.Path(self.create_tempdir().full_path)
        self.config = support.small_config()
        self.networks = {
            "ema_generator": build.build_generator(self.config),
            "discriminator": build.build_discriminator(self.config),
        }

    def _save(self, images_seen, parts=None):
        return checkpoint.save(
            self.run_directory,
            parts or self.networks,
            config=self.config,
            images_seen=images_seen,
        )

    def test_every_weight_comes_back(self):
        self._save(1000)
        snapshot = stylegan_tf.load(self.run_directory)
        self.assertEqual(snapshot.images_seen, 1000)
        self.assertIsNone(snapshot.generator)
        for name, network in self.networks.items():
            pairs = zip(
                network.weights, getattr(snapshot, name).weights, strict=True
            )
            for saved, loaded in pairs:
                self.assertEqual(
                    saved.path.split("/")[1:], loaded.path.split("/")[1:]
                )
                np.testing.assert_array_equal(saved, loaded)

    def test_nothing_half_written_is_seen(self):
        path = self._save(1000)
        (path.parent / ".0000002000.tmp").mkdir()
        self.assertEqual(checkpoint.snapshots(self.run_directory), [path])
        self._save(2000)
        names = [path.name for path in path.parent.iterdir()]
        self.assertCountEqual(names, ["0000001000", "0000002000"])

    def test_pruning_keeps_the_newest_and_one_every_so_often(self):
        parts = {"pl_mean": tf.Variable(0.0)}
        for kimg in range(1, 11):
            self._save(kimg * 1000, parts)
        checkpoint.prune(self.run_directory, keep=2, keep_every_kimg=4)
        kept = checkpoint.snapshots(self.run_directory)
        self.assertEqual(
            [int(path.name) // 1000 for path in kept], [1, 4, 8, 9, 10]
        )

    def test_another_architecture_is_refused_with_a_table(self):
        self._save(1000)
        self.config.generator.mapping_layers += 1
        with self.assertRaisesRegex(ValueError, "generator.mapping_layers"):
            checkpoint.restore(self.run_directory, self.networks, self.config)

    def test_missing_weights_and_directories_are_named(self):
        path = self._save(
            1000, {"discriminator": self.networks["discriminator"]}
        )
        info = json.loads((path / "snapshot.json").read_text())
        info["parts"].append("ema_generator")
        (path / "snapshot.json").write_text(json.dumps(info))
        with self.assertRaisesRegex(ValueError, "lacks weights"):
            stylegan_tf.load(path)
        with self.assertRaisesRegex(FileNotFoundError, "no snapshot yet"):
            stylegan_tf.load(path.parent)
        with self.assertRaisesRegex(
            FileNotFoundError, "no such file.*Accepted"
        ):
            stylegan_tf.load(path / "nowhere")


if __name__ == "__main__":
    tf.test.main()
