"""What a run would take over from other networks."""

import json
import pathlib

import pytest
import tensorflow as tf

from stylegan_tf import checkpoint
from stylegan_tf.command_line import starting
from tests.helpers import data_sets, support

_QUICKSTART = "tests/fixtures/quickstart"
_ADA = support.GOLDEN / "k6a_ada_32_uncond.nosrc.pkl"


class StartingTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_what_is_copied_is_a_dict_and_lines(self):
        config = checkpoint.starting_config(_QUICKSTART)
        config.image_channels = 1
        told, lines = starting.copied(config, _QUICKSTART)
        self.assertEqual(told["source"], _QUICKSTART)
        self.assertNotIn("discriminator", told)
        self.assertEqual(told["generator"]["copied"], 76)
        self.assertLen(told["generator"]["adapted"], 8)
        self.assertEqual(json.loads(json.dumps(told)), told)
        self.assertEqual(lines[0], f"From {_QUICKSTART}")
        self.assertStartsWith(lines[1], "generator: copied 76 of 76 weights")
        self.assertStartsWith(lines[2], "discriminator: there is none")

    @pytest.mark.slow
    def test_layers_that_would_be_random_are_not_frozen(self):
        config = checkpoint.starting_config(_ADA)
        config.resolution = 64
        config.training.freeze_d_layers = 1
        with self.assertRaisesRegex(ValueError, "b64/from_rgb/kernel has no"):
            starting.copied(config, _ADA)

    def test_data_that_tell_no_labels_are_refused_once(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        for name in ("a", "b"):
            data_sets.folder(folder / name, data_sets.files(2, width=4))
        config = support.small_config()
        config.data.path, config.data.use_labels = str(folder), True
        with self.assertRaisesRegex(ValueError, "4x8x3; expected 16x16x3"):
            starting.with_data(config)


if __name__ == "__main__":
    tf.test.main()
