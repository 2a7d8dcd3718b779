"""What rules leave open: told by data, devices, a run and its start."""

import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import ada, quickstart, tiny
from stylegan_tf import checkpoint, images, rules, snapshot_files
from stylegan_tf import config as config_lib
from stylegan_tf.training import continuing, loop, settling


def _values(made):
    return {each.field: each.value for each in made}


def _tiny(**fields):
    """`small`, small enough for a test."""
    config = ada.get_config("small")
    config.generator.z_size = config.generator.w_size = 16
    for network in (config.generator, config.discriminator):
        network.channel_max = 8
    training = tiny.get_config().training
    for field in ("total_kimg", "batch_size", "log_kimg", "sample_grid"):
        setattr(config.training, field, getattr(training, field))
    return config_lib.changed(config, fields)


class SettlingTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _images(self, *shape, count=3):
        folder = self.folder / "images"
        folder.mkdir(exist_ok=True)
        pixels = np.zeros(shape, np.uint8)
        for index in range(count):
            images.write_png(folder / f"{index}.png", pixels)
        return str(folder)

    def _settled(self, variant="auto", shape=(32, 32, 3), **on):
        config = ada.get_config(variant)
        config.data.path = self._images(*shape)
        return settling.settle(config, **on)

    def test_a_config_without_rules_is_returned(self):
        config = tiny.get_config()
        self.assertEqual(settling.settle(config), (config, []))

    @parameterized.parameters(
        ((64, 64, 3), 64, (4, 4), 3),
        ((24, 32, 1), 32, (3, 4), 1),
        ((48, 48, 4), 48, (6, 6), 4),
    )
    def test_sizes_are_the_images(self, shape, resolution, base, channels):
        config, made = self._settled(shape=shape)
        self.assertEqual(config.image_shape, shape)
        self.assertEqual(config.resolution, resolution)
        self.assertEqual(config.base_shape, base)
        self.assertEqual(config.image_channels, channels)
        self.assertEqual(config.rules, "none")
        self.assertEqual([each.field for each in made], [*rules.FIELDS])
        self.assertIn("3 images are few", made[-2].reason)
        config_lib.resolve(config)

    def test_sizes_of_no_network_are_refused_with_what_to_do(self):
        with self.assertRaisesRegex(
            ValueError, "is 50x70x3; expected 32x32x3 .* --resolution=32"
        ):
            self._settled(shape=(70, 50, 3))

    def test_without_data_the_size_must_be_typed(self):
        config = ada.get_config("auto")
        config.data.path = str(self.folder / "nothing")
        with self.assertRaisesRegex(
            ValueError, "no data set at .* --config.resolution, such as 64"
        ):
            settling.settle(config, typed={})
        typed = {"resolution": 64}
        found, made = settling.settle(config, typed=typed)
        self.assertEqual(found.resolution, 64)
        self.assertEqual(found.loss.r1_gamma, 0.0002 * 64**2 / 32)
        self.assertEqual(made[2].reason, "there are no data to read")

    def test_devices_count(self):
        config, _ = self._settled(shape=(256, 256, 3), replicas=2)
        self.assertEqual(config.training.batch_size, 32)
        self.assertEqual(config.loss.r1_gamma, 0.4096)

    def test_what_is_typed_wins_even_at_a_default_value(self):
        typed = {"resolution": 64, "training.batch_size": 32}
        config, made = self._settled(
            shape=(256, 256, 3), typed={**typed, "loss.r1_gamma": 10.0}
        )
        self.assertEqual(config.resolution, 64)
        self.assertEqual(config.training.batch_size, 32)
        self.assertEqual(config.loss.r1_gamma, 10)
        reasons = {each.field: each.reason for each in made}
        self.assertStartsWith(reasons["resolution"], "as typed, else 256: of ")

    def test_a_program_s_fields_win_where_they_differ_from_a_config_s(self):
        config = ada.get_config("auto")
        config.training.batch_size = 8
        config.augment.mode = "fixed"
        found, _ = settling.settle(config)
        self.assertEqual(found.training.batch_size, 8)
        self.assertEqual(found.augment.mode, "fixed")
        self.assertEqual(found.training.ema_half_life_kimg, 2.5)

    def test_networks_to_start_from_give_their_sizes(self):
        network = "tests/fixtures/quickstart"
        config, made = self._settled(init_from=network)
        theirs = checkpoint.starting_config(network)
        self.assertEqual(continuing.differences.differences(config, theirs), [])
        self.assertEqual(config.training.ema_rampup, 0)
        self.assertEqual(config.augment.speed_kimg, 100)
        self.assertEqual(config.discriminator.conv_clamp, 256)
        reasons = {each.field: each.reason for each in made}
        self.assertEqual(reasons["generator.z_size"], f"as of {network}")
        self.assertLen(reasons, len(made))
        config, _ = self._settled(
            init_from=network, typed={"generator.channel_base": 512}
        )
        self.assertEqual(config.generator.channel_base, 512)

    def test_wide_networks_to_start_from_are_not_trained_as_narrow_ones(self):
        theirs = config_lib.resolve(config_lib.Config(resolution=32))
        with mock.patch.object(
            checkpoint, "starting_config", lambda path: theirs
        ):
            config, _ = self._settled("small", init_from="wide")
        self.assertEqual(config.generator.channel_max, 512)
        self.assertEqual(config.training.generator_lr, 0.002)

    def test_label_logits_that_are_taken_keep_their_loss(self):
        theirs = config_lib.resolve(quickstart.get_config("classes"))
        with mock.patch.object(
            checkpoint, "starting_config", lambda path: theirs
        ):
            config, _ = self._settled("small", init_from="classes")
        self.assertTrue(config.discriminator.label_logits)
        self.assertEqual(config.loss.acgan_weight, theirs.loss.acgan_weight)
        config_lib.resolve(config)

    def test_nothing_unsettled_is_built(self):
        with self.assertRaisesRegex(ValueError, "`rules` ada .* settle"):
            config_lib.resolve(ada.get_config("auto"))


class RunTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_a_run_keeps_what_it_began_with(self):
        workdir = pathlib.Path(self.create_tempdir().full_path) / "run"
        config = _tiny()
        state = loop.train(config, workdir)
        self.assertEqual(state.config.resolution, 32)
        self.assertEqual(state.config.training.batch_size, 8)
        self.assertEqual(state.config.loss.r1_gamma, 0.5)
        begun = config_lib.from_file(
            workdir / "config.json",
            config_lib.to_dict(
                snapshot_files.read_config(checkpoint.find(workdir))
            ),
        )
        # Other images, more devices, and fields that are not typed again.
        again = _tiny(**{"training.batch_size": 32, "data.path": "gone"})
        found, made = settling.settle(
            again,
            replicas=4,
            workdir=workdir,
            typed={"training.total_kimg": 9.0},
        )
        self.assertEqual(found.training.batch_size, 8)
        self.assertEqual(found.training.total_kimg, 9.0)
        self.assertEqual(found.generator, begun.generator)
        self.assertEqual(found.discriminator, begun.discriminator)
        self.assertEqual(found.loss, begun.loss)
        values = _values(made)
        self.assertEqual(values["training.batch_size"], 8)
        self.assertIn(f"as it began: {workdir}", made[0].reason)
        other = config_lib.changed(again, {"name": "other"})
        with self.assertRaisesRegex(ValueError, "no data set at gone"):
            settling.settle(other, workdir=workdir, typed={})


if __name__ == "__main__":
    tf.test.main()
