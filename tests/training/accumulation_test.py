"""Batches in rounds: what fits, and what is said of what does not."""

import re
import shlex

import tensorflow as tf
from absl.testing import parameterized

from configs import progan, stylegan, tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training import accumulation


def _config(**training):
    config = tiny.get_config()
    for name, value in training.items():
        setattr(config.training, name, value)
    return config_lib.resolve(config)


class RefusalTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (6, 0, 1, "batch_size=4 or batch_size=8"),
        (8, 1, 1, "batch_size=1 or max_batch_per_replica=4"),
        (7, 0, 2, "batch_size=6 or batch_size=8"),
        (10, 4, 1, "batch_size=8 or batch_size=12"),
        (8, 3, 2, "batch_size=6 or max_batch_per_replica=4"),
    )
    def test_what_does_not_fit_is_told_with_what_does(
        self, batch, limit, replicas, fits
    ):
        config = _config(batch_size=batch, max_batch_per_replica=limit)
        with self.assertRaises(ValueError) as caught:
            accumulation.refuse_misfits(config, replicas)
        message = str(caught.exception)
        self.assertIn("`training.batch_size` at 32 pixels must", message)
        self.assertEndsWith(message, f"What fits: {fits}")
        for name, number in re.findall(r"(\w+)=(\d+)", fits):
            values = {"batch_size": batch, "max_batch_per_replica": limit}
            fitting = _config(**{**values, name: int(number)})
            accumulation.refuse_misfits(fitting, replicas)

    @parameterized.parameters((3, 0, 1), (8, 4, 1), (8, 0, 2), (6, 0, 2))
    def test_what_fits_is_taken(self, batch, limit, replicas):
        config = _config(batch_size=batch, max_batch_per_replica=limit)
        accumulation.refuse_misfits(config, replicas)

    def test_any_batch_fits_without_groups(self):
        config = _config(batch_size=6, max_batch_per_replica=5)
        config.discriminator.minibatch_channels = 0
        accumulation.refuse_misfits(config, 1)

    def test_a_later_stage_is_looked_at_before_it_comes(self):
        config = stylegan.get_config("f")
        config.growing.batch_sizes = "256:6"
        config = config_lib.resolve(config)
        with self.assertRaisesRegex(ValueError, "batch_sizes`.* at 256 pixels"):
            accumulation.refuse_misfits(config, 1)
        config.training.total_kimg = 100  # which never sees it
        accumulation.refuse_misfits(config, 1)

    @parameterized.parameters(
        (stylegan, "mix100", 5, "8:240"),
        (stylegan, "f", 3, "8:252"),
        (progan, "v2", 7, "4:504"),
    )
    def test_the_table_that_is_advised_fits_at_every_resolution(
        self, module, variant, replicas, entry
    ):
        config = config_lib.resolve(module.get_config(variant))
        with self.assertRaises(ValueError) as caught:
            accumulation.refuse_misfits(config, replicas)
        _, advice = str(caught.exception).split("What fits: ")
        (word,) = shlex.split(advice)
        name, table = word.split("=")
        self.assertEqual(name, "--config.growing.batch_sizes")
        self.assertIn(entry, table.split())
        config.growing.batch_sizes = table
        accumulation.refuse_misfits(config_lib.resolve(config), replicas)

    def test_without_a_table_the_one_batch_is_advised_for_all_stages(self):
        config = stylegan.get_config("f")
        config.growing.batch_sizes = config.growing.batch_limits = ""
        config.training.batch_size = 6
        with self.assertRaisesRegex(
            ValueError,
            "`training.batch_size` at 8 .*batch_size=4 or batch_size=8$",
        ):
            accumulation.refuse_misfits(config_lib.resolve(config), 1)

    @parameterized.parameters(1, 2, 4, 8)
    def test_the_papers_batches_fit(self, replicas):
        for config in (progan.get_config("v2"), stylegan.get_config("f")):
            accumulation.refuse_misfits(config_lib.resolve(config), replicas)


if __name__ == "__main__":
    tf.test.main()
