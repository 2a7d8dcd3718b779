"""Layers of the discriminator that are frozen never move."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from configs import tiny
from stylegan_tf import checkpoint
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build
from stylegan_tf.training import freezing, state, step
from tests.helpers import batches

_KINDS = ("resnet", "orig", "skip", "stylegan", "progan", "revised", "msg")


def _config(architecture, count=0):
    config = tiny.get_config()
    config.resolution = 16
    config.training.batch_size = 4
    config.training.freeze_d_layers = count
    config.discriminator.architecture = architecture
    if architecture in (*config_lib.PROGRESSIVE, "msg"):
        config.generator.architecture = architecture
    return config_lib.resolve(config)


def _names(architecture, count=99):
    discriminator = build.discriminator(_config(architecture))
    return [
        layer.path.split("/", 1)[1]
        for layer in freezing.layers(discriminator)[:count]
    ]


class OrderTest(tf.test.TestCase, parameterized.TestCase):
    def test_residual_layers_are_in_the_official_order(self):
        expected = "b16/from_rgb b16/conv0 b16/conv1 b16/skip b8/conv0"
        expected += " b8/conv1 b8/skip b4/conv b4/dense"
        self.assertEqual(_names("resnet"), expected.split())

    def test_a_skip_discriminator_sees_the_image_at_every_size(self):
        expected = "b16/from_rgb b16/conv0 b16/conv1 b8/from_rgb b8/conv0"
        expected += " b8/conv1 b4/from_rgb b4/conv b4/dense"
        self.assertEqual(_names("skip"), expected.split())

    @parameterized.parameters("orig", "stylegan", "progan", "revised", "msg")
    @pytest.mark.slow
    def test_others_see_it_once(self, architecture):
        expected = "b16/from_rgb b16/conv0 b16/conv1 b8/conv0 b8/conv1"
        expected += " b4/conv b4/dense"
        self.assertEqual(_names(architecture), expected.split())

    @parameterized.parameters(*_KINDS)
    @pytest.mark.slow
    def test_more_layers_than_there_are_is_refused(self, architecture):
        most = len(_names(architecture))
        _config(architecture, most)
        with self.assertRaisesRegex(ValueError, f"at most {most}, all"):
            _config(architecture, most + 1)

    def test_networks_that_grow_are_refused(self):
        config = _config("stylegan", 2)
        config.growing.initial_resolution = 8
        with self.assertRaisesRegex(ValueError, "initial_resolution=0"):
            config_lib.resolve(config)


class StepsTest(tf.test.TestCase, parameterized.TestCase):
    """Two iterations with penalties."""

    def setUp(self):
        super().setUp()
        tf.config.run_functions_eagerly(True)  # no trace is faster here

    def tearDown(self):
        tf.config.run_functions_eagerly(False)
        super().tearDown()

    @parameterized.parameters("resnet", "orig", "skip", "stylegan")
    @pytest.mark.slow
    def test_frozen_weights_and_their_moments_stay(self, architecture):
        config = _config(architecture, 4)
        made = state.create(config)
        discriminator = made.discriminator
        frozen = freezing.weights(discriminator, 4)
        paths = {weight.path for weight in frozen}
        before = {w.path: w.numpy() for w in discriminator.weights}
        _iterate(made)
        unused = [f"discriminator/b{size}/from_rgb/" for size in (4, 8)]
        for weight in discriminator.trainable_weights:
            if architecture == "stylegan" and weight.path.startswith(
                tuple(unused)
            ):
                continue  # of smaller stages
            is_still = np.array_equal(weight.numpy(), before[weight.path])
            self.assertEqual(is_still, weight.path in paths, weight.path)
        optimizer = made.discriminator_optimizer
        for weight, momentum, velocity in zip(
            optimizer._trainable_variables,
            optimizer._momentums,
            optimizer._velocities,
            strict=True,
        ):
            if weight.path in paths:
                self.assertFalse(np.any(momentum), weight.path)
                self.assertFalse(np.any(velocity), weight.path)

    @pytest.mark.slow
    def test_what_learned_before_it_was_frozen_is_forgotten(self):
        config = _config("resnet")
        config.training.adam_beta1 = 0.9  # whose momentum would go on
        made = state.create(config)
        _iterate(made)
        config.training.freeze_d_layers = 2
        frozen = freezing.weights(made.discriminator, 2)
        before = [weight.numpy() for weight in frozen]
        freezing.forget(made.discriminator_optimizer, made.discriminator, 2)
        _iterate(made)
        for weight, value in zip(frozen, before, strict=True):
            np.testing.assert_array_equal(weight, value)


class RefusedTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    @pytest.mark.slow
    def test_layers_that_learned_nothing_are_not_frozen(self):
        made = state.create(_config("resnet", 2))
        with self.assertRaisesRegex(ValueError, "give --init_from"):
            state.resume(made, self.folder, None, is_chief=True)
        smaller = tiny.get_config()
        smaller.resolution = 8
        smaller = config_lib.resolve(smaller)
        path = checkpoint.save(
            self.folder / "other",
            {
                "ema_generator": build.generator(smaller),
                "discriminator": build.discriminator(smaller),
            },
            config=smaller,
            images_seen=1,
        )
        with self.assertRaisesRegex(ValueError, "b16/from_rgb/kernel has noth"):
            state.resume(made, self.folder, path, is_chief=True)
        made.config.training.freeze_d_layers = 0
        state.resume(made, self.folder, path, is_chief=True)
        np.testing.assert_array_equal(
            made.discriminator.blocks[1].conv0.kernel,
            stylegan_tf.load(path).discriminator.blocks[0].conv0.kernel,
        )


def _iterate(made):
    """Two updates of D with every penalty."""
    config = made.config
    traced = step.traced(made, tf.distribute.get_strategy())
    images = np.random.RandomState(0).randint(0, 256, (4, *config.image_shape))
    batch = batches.of(tf.constant(images, tf.uint8), tf.zeros((4, 0)))
    for seen in (0, 4):
        for update in step.of_iteration(config, 0)[1]:
            traced[update](batch, tf.constant(seen, tf.int64))


if __name__ == "__main__":
    tf.test.main()
