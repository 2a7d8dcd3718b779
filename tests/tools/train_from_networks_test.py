"""tools.train --init_from, where networks and data differ."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

import stylegan_tf
from tests.helpers import data_sets, running, support

_QUICKSTART = "tests/fixtures/quickstart"
_ADA = support.GOLDEN / "k6a_ada_32_cond3_Dorig.nosrc.pkl"


@pytest.mark.slow
class FromNetworksTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def assert_runs(self, *arguments):
        answer = running.run("train", *arguments)
        self.assertEqual(answer.code, 0, answer.errors[-2000:])
        return answer

    def test_a_dry_run_tells_what_would_be_copied(self):
        data = self._data(32)
        arguments = (
            f"--init_from={_QUICKSTART}",
            "--config.resolution=64",
            "--config.augment.mode=adaptive",
            f"--config.data.path={data}",
            "--dry_run",
        )
        answer = self.assert_runs(*arguments)
        self.assertIn("training would refuse the data: ", answer.errors)
        self.assertIn("32x32", answer.errors)
        text = answer.output
        self.assertRegex(text, r"training.ema_rampup +0 ")
        self.assertRegex(text, r"augment.speed_kimg +10 ")
        self.assertRegex(
            text, r"generator: copied 76 of \d+ weights .* new: all at 64 \("
        )
        self.assertIn("discriminator: there is none, it starts untr", text)

    def test_labels_go_and_sizes_change(self):
        answer = self.assert_runs(
            f"--init_from={_ADA}",
            "--config.data.use_labels=false",
            "--config.resolution=16",
            f"--config.data.path={self._data(16)}",
            "--config.training.total_kimg=0.008",
            "--config.training.batch_size=8",
            "--config.training.sample_grid=(2, 2)",
            f"--workdir={self.folder / 'run'}",
        )
        self.assertRegex(answer.errors, "generator: copied .* left out: ")
        self.assertIn("discriminator: copied", answer.errors)
        tuned = stylegan_tf.load(self.folder / "run")
        self.assertEqual(tuned.config.label_size, 0)
        self.assertEqual(tuned.config.image_shape, (16, 16, 3))
        ours, theirs = (
            np.asarray(each.ema_generator.synthesis.blocks[1].convs[0].bias)
            for each in (tuned, stylegan_tf.load(_ADA))
        )
        self.assertAllClose(ours, theirs, atol=0.01)  # one step of Adam

    def _data(self, size):
        files = data_sets.files(count=8, height=size, width=size)
        return data_sets.folder(self.folder / "data", files)


if __name__ == "__main__":
    tf.test.main()
