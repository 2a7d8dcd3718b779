"""The training fields of networks that were read from a file."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.interop import fine_tuning
from stylegan_tf.networks import growth
from tests.helpers import support


def _settled(kind, architecture, size=1024, **fields):
    """The settled config of networks of 1024 pixels."""
    width = fields.pop("channel_base", 32768)
    networks = {"architecture": architecture, "channel_base": width}
    discriminator = "resnet" if architecture == "skip" else architecture
    config = support.small_config(
        networks,
        {**networks, "architecture": discriminator},
        resolution=size,
        **fields,
    )
    config = fine_tuning.settle(config, kind)
    return config_lib.resolve(config)


class FineTuningTest(tf.test.TestCase, parameterized.TestCase):
    def test_progan_goes_on_with_wgan_gp(self):
        config = _settled("progan", "progan", label_size=2)
        loss = config.loss
        self.assertEqual(loss.adversarial, "wgan")
        self.assertEqual((loss.wgan_gp_weight, loss.wgan_drift), (10.0, 0.001))
        self.assertEqual((loss.r1_gamma, loss.pl_weight), (0.0, 0.0))
        self.assertEqual(loss.acgan_weight, 1.0)
        self.assertTrue(config.data.use_labels)
        config = _settled("progan", "progan")
        self.assertEqual(config.loss.acgan_weight, 0.0)
        self.assertFalse(config.data.use_labels)

    @parameterized.parameters((64, 0.001), (128, 0.0015), (1024, 0.003))
    def test_stylegan_goes_on_with_r1_and_its_last_rates(self, size, rate):
        config = _settled("stylegan", "stylegan", size)
        self.assertEqual(config.loss.adversarial, "logistic")
        self.assertEqual((config.loss.r1_gamma, config.loss.pl_weight), (10, 0))
        self.assertEqual(config.loss.d_reg_interval_steps, 1)
        self.assertEqual(config.training.generator_lr, rate)
        self.assertEqual(config.growing.initial_resolution, 0)

    @parameterized.parameters((32768, 10.0), (16384, 100.0))
    def test_stylegan2_goes_on_lazily(self, channel_base, gamma):
        config = _settled("stylegan2", "skip", channel_base=channel_base)
        self.assertEqual(config.loss.r1_gamma, gamma)
        self.assertEqual(config.loss.pl_weight, 2.0)
        self.assertEqual(config.loss.d_reg_interval_steps, 16)
        self.assertEqual(config.training.ema_rampup, 0.0)
        self.assertEqual(config.training.generator_lr, 0.002)

    @parameterized.parameters(
        ("progan", "progan", "real", True, 0.999, "float32"),
        ("stylegan", "stylegan", "real", True, 0.0, "float32"),
        ("stylegan2", "skip", "real", False, 0.0, "float32"),
        ("rosinality", "skip", "random", False, 0.0, "float32"),
        ("stylegan2-ada-pytorch", "skip", "random", False, 0.0, "auto"),
    )
    def test_an_iteration_is_that_of_the_generation(
        self, kind, architecture, labels, discriminator_first, decay, precision
    ):
        config = _settled(kind, architecture)
        self.assertEqual(config.loss.fake_labels, labels)
        training = config.training
        self.assertEqual(training.discriminator_first, discriminator_first)
        self.assertEqual(training.ema_step_decay, decay)
        self.assertEqual(training.precision, precision)

    @parameterized.parameters("stylegan2-ada", "stylegan2-ada-pytorch")
    def test_ada_goes_on_with_its_rule_for_r1(self, kind):
        config = _settled(kind, "skip", 512)
        self.assertAlmostEqual(config.loss.r1_gamma, 0.0002 * 512**2 / 32)
        self.assertEqual(config.training.generator_lr, 0.0025)

    def test_a_run_grows_on_from_the_stage(self):
        config = _settled("stylegan", "stylegan")
        stage = growth.Stage(256, 0.5)
        half_grown = fine_tuning.from_stage(config, stage)
        self.assertEqual(half_grown.growing.initial_resolution, 256)
        grown = fine_tuning.from_stage(half_grown, growth.Stage(1024))
        self.assertEqual(grown.growing.initial_resolution, 0)

    @parameterized.parameters(
        ({}, 3),
        ({"data.path": "x"}, 0),
        ({"data.path": "x", "label_size": 5}, 3),
        ({"data.use_labels": False}, 0),
    )
    def test_labels_are_those_of_the_data_that_are_typed(self, typed, size):
        config = _settled("stylegan2-ada", "skip", label_size=3)
        config = fine_tuning.fit_to_data(config, typed)
        self.assertEqual(config.label_size, size)

    @parameterized.parameters(
        (64, 0, {}, 0),
        (64, 0, {"resolution": 128}, 64),
        (64, 16, {"resolution": 128}, 16),
        (64, 16, {"resolution": 16}, 0),
        (64, 0, {"resolution": 32}, 0),
        (
            *(64, 0),
            {"resolution": 128, "growing.initial_resolution": 0},
            0,
        ),
    )
    def test_networks_that_grew_grow_on(self, size, start, typed, expected):
        config = _settled("stylegan", "stylegan", size)
        config.growing.initial_resolution = start
        config = fine_tuning.fit_to_data(config, typed)
        self.assertEqual(config.growing.initial_resolution, expected)

    def test_a_run_from_networks_starts_without_ramps(self):
        config = config_lib.Config()
        begun, made = fine_tuning.begin(config, {})
        self.assertEqual(begun.training.ema_rampup, 0.0)
        self.assertEqual([each.field for each in made], ["training.ema_rampup"])
        self.assertEqual(config.training.ema_rampup, 0.05)
        config.augment.mode = "adaptive"
        typed = {"training.ema_rampup": 0.05}
        begun, made = fine_tuning.begin(config, typed)
        self.assertEqual(begun.augment.speed_kimg, 100.0)
        self.assertEqual([each.field for each in made], ["augment.speed_kimg"])
        self.assertEqual(fine_tuning.begin(begun, typed), (begun, []))


if __name__ == "__main__":
    tf.test.main()
