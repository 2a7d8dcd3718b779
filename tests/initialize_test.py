"""Runs that start from the networks of a file."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf import checkpoint
from stylegan_tf import config as config_lib
from stylegan_tf.interop.dialects import npz_files
from stylegan_tf.networks import build
from tests.helpers import support

_ADA = "k6a_ada_32_cond3_Dorig.nosrc.pkl"
_PROGAN = "k6b_tf_pgan_32.nosrc.pkl"
_OFFICIAL = (
    "k6a_ada_32_uncond.nosrc.pkl",
    "k6b_tf_sg1_32_uncond.nosrc.pkl",
    "k6b_tf_sg2_32_cond3_resnet_orig.nosrc.pkl",
    "k6b_tf_sg2ada_32_cond3.nosrc.pkl",
    _PROGAN,
)
_PROGAN_PATH = support.GOLDEN / _PROGAN
_QUICKSTART = pathlib.Path(__file__).parent / "fixtures" / "quickstart"


class InitializeTest(tf.test.TestCase, parameterized.TestCase):
    def _networks(self, config):
        return {
            name: (
                build.discriminator(config)
                if name == "discriminator"
                else build.generator(config, name=name)
            )
            for name in checkpoint.NETWORKS
        }

    @parameterized.parameters(_ADA, _PROGAN)
    @pytest.mark.slow
    def test_a_run_starts_from_all_networks_of_a_file(self, name):
        path = support.GOLDEN / name
        config = config_lib.resolve(checkpoint.starting_config(path))
        self.assertEqual(config.data.use_labels, config.label_size > 0)
        self.assertEqual(config.growing.initial_resolution, 0)
        networks = self._networks(config)
        held = checkpoint.initialize(networks, path, config)
        self.assertCountEqual(held, checkpoint.NETWORKS)
        for name, network in stylegan_tf.load(path).networks().items():
            for ours, theirs in zip(
                networks[name].weights, network.weights, strict=True
            ):
                np.testing.assert_array_equal(ours, theirs)

    @pytest.mark.slow
    def test_averaged_weights_alone_start_both_generators(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        snapshot = stylegan_tf.load(support.GOLDEN / _ADA)
        snapshot.generator = snapshot.discriminator = None
        npz_files.write(snapshot, folder / "x.npz")
        networks = self._networks(snapshot.config)
        held = checkpoint.initialize(
            networks, folder / "x.npz", snapshot.config
        )
        self.assertCountEqual(held, ["generator", "ema_generator"])
        for name in ("generator", "ema_generator"):
            for ours, theirs in zip(
                networks[name].weights,
                snapshot.ema_generator.weights,
                strict=True,
            ):
                np.testing.assert_array_equal(ours, theirs)

    @pytest.mark.slow
    def test_another_family_is_refused_with_a_table(self):
        path = support.GOLDEN / _ADA
        config = checkpoint.starting_config(_PROGAN_PATH)
        with self.assertRaisesRegex(ValueError, "generator.architecture"):
            checkpoint.initialize({}, path, config)

    @pytest.mark.slow
    def test_other_widths_everywhere_are_refused_with_what_to_do(self):
        config = checkpoint.starting_config(_QUICKSTART)
        config.generator.channel_max = 32
        config.generator.channel_base = 256
        networks = {"ema_generator": build.generator(config)}
        advice = "--config.generator.channel_base=1024 .*channel_max=64"
        with self.assertRaisesRegex(ValueError, advice):
            checkpoint.initialize(networks, _QUICKSTART, config)

    @parameterized.parameters(*_OFFICIAL)
    @pytest.mark.slow
    def test_official_networks_start_larger_ones(self, name):
        path = support.GOLDEN / name
        config = checkpoint.starting_config(path)
        config.resolution = 64
        config = config_lib.resolve(config)
        networks = self._networks(config)
        copied = checkpoint.initialize(networks, path, config)
        self.assertGreater(copied["ema_generator"].share(), 0.8)
        theirs = stylegan_tf.load(path).ema_generator
        z = np.random.RandomState(0).randn(2, config.generator.z_size)
        labels = np.eye(3)[:2] if config.label_size else None
        ours = networks["ema_generator"]
        pairs = list(
            zip(
                ours.features(ours.map(z, labels)),
                theirs.features(theirs.map(z, labels)),
                strict=False,
            )
        )
        self.assertLen(pairs, 4)
        for mine, other in pairs:
            np.testing.assert_array_equal(mine, other)

    @pytest.mark.slow
    def test_what_was_copied_is_told(self):
        config = checkpoint.starting_config(_QUICKSTART)
        config.image_channels = 1
        networks = {"generator": build.generator(config)}
        copied = checkpoint.initialize(networks, _QUICKSTART, config)
        (line,) = checkpoint.words_of("x", copied)
        self.assertRegex(
            line, "^x, generator: copied 76 of 76 weights .* adapted: to_rgb at"
        )
        config = checkpoint.starting_config(_QUICKSTART)
        networks = {"generator": build.generator(config)}
        copied = checkpoint.initialize(networks, _QUICKSTART, config)
        self.assertEmpty(checkpoint.words_of("x", copied))

    def test_a_snapshot_of_a_run_brings_its_config(self):
        config = checkpoint.starting_config(_QUICKSTART)
        self.assertEqual(config.name, "quickstart")


if __name__ == "__main__":
    tf.test.main()
