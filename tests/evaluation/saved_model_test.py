"""Exports are measured as the networks that they are of."""

import pathlib
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf import generators
from stylegan_tf.evaluation import generated
from stylegan_tf.export import saved_model
from tests.helpers import evaluations


@pytest.mark.slow
class SavedGeneratorTest(tf.test.TestCase, parameterized.TestCase):
    def _export(self, folder, **fields):
        evaluations.run(folder / "run", "bundled", **fields)
        snapshot = stylegan_tf.load(folder / "run")
        saved_model.write(snapshot, folder / "export")

    def test_it_gives_the_images_of_the_network(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self._export(folder, label_size=2)
        made = []
        for name in ("run", "export"):
            opened = generators.open(folder / name)
            self.assertEqual(opened.images_seen, 1000)
            maker = generated.image_maker(
                opened,
                np.random.RandomState(0),
                lambda count: np.eye(2)[[0] * count],
            )
            made.append(maker(4).astype(int))
        self.assertAllInRange(made[0] - made[1], -1, 1)
        self.assertGreater(made[0].std(), 1)

    def test_another_saved_model_is_refused(self):
        folder = self.create_tempdir().full_path
        tf.saved_model.save(tf.Module(), folder)
        with self.assertRaisesRegex(ValueError, "not one of tools.export"):
            generators.open(folder)


if __name__ == "__main__":
    tf.test.main()
