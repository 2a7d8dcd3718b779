"""The model card says what clients need, and comes back as it was written."""

import json
import pathlib

import tensorflow as tf

from stylegan_tf import generators, model_card
from tests.helpers import exports


class ModelCardTest(tf.test.TestCase):
    def test_it_is_of_the_stage_and_comes_back(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        generator = generators.of_snapshot(exports.snapshot("fading"))
        signatures = {"map": {"z": "float32 [None, 12]"}}
        card = model_card.describe(generator, signatures, {"tensorflow": "2"})
        path = model_card.path_in(folder)
        path.parent.mkdir()
        path.write_text(json.dumps(card))
        found = model_card.read(folder)
        self.assertEqual([*found], [*card])
        self.assertEqual(found["image_shape"], [8, 8, 3])
        self.assertEqual(found["noise_shapes"], [[4, 4]] * 2 + [[8, 8]] * 2)
        self.assertEqual(found["stage"], {"resolution": 8, "alpha": 0.5})
        self.assertEqual(found["signatures"], signatures)
        self.assertEqual(found["config"]["training"]["precision"], "float32")

    def test_another_saved_model_is_refused(self):
        folder = self.create_tempdir().full_path
        with self.assertRaisesRegex(ValueError, "not one of tools.export"):
            model_card.read(folder)


if __name__ == "__main__":
    tf.test.main()
