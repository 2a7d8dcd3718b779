"""Losses and gradients of a batch in slices against those of the whole."""

from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf import cores
from stylegan_tf.networks import build
from stylegan_tf.ops import rematerialize, xla
from stylegan_tf.training import draws, gradients, judging, state
from tests.helpers import support

_BATCH = 8  # two groups of minibatch stddev
_CLASSES_AUGMENTED = {
    "label_size": 3,
    "discriminator__label_logits": True,
    "loss__acgan_weight": 0.5,
    "augment__mode": "fixed",
    "augment__p": 0.7,
}


def _config(overrides):
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = _BATCH
    config.loss.r2_gamma = 1.0
    for path, value in overrides.items():
        *rooms, field = path.split("__")
        target = config
        for room in rooms:
            target = getattr(target, room)
        setattr(target, field, value)
    return config_lib.resolve(config)


def _found(config):
    """Gradients and reports of all losses."""
    networks = state.create(config)
    start = tf.constant(0, tf.int64)
    reals = tf.constant(support.normal(_BATCH, *config.image_shape, seed=1))
    labels = tf.one_hot(tf.range(_BATCH) % 3, config.label_size)
    drawn = draws.generator_inputs(
        config, labels, draws.Purpose.GENERATOR, start
    )
    augmentation = draws.PLAIN
    if config.augment.mode != "off":
        each = draws.augmentation(
            config, _BATCH, draws.Purpose.AUGMENT_REALS, start
        )
        augmentation = draws.Augmentation(each, each, each)
    fakes, _ = gradients.make_fakes(networks, drawn)
    judged = reals, labels, fakes, drawn.labels
    options = {"augmentation": augmentation}
    lengths = None
    if config.loss.pl_weight:
        y = tf.constant(support.normal(*reals.shape, seed=2))
        lengths, _ = gradients.path_lengths(networks, drawn, y)
    return (
        fakes,
        gradients.generator_loss(networks, config, drawn, **options),
        gradients.discriminator_loss(networks, config, *judged, **options),
        gradients.discriminator_penalty(networks, config, *judged, **options),
        lengths,
    )


class SlicesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(
        ("stylegan2", {}),
        ("classes_augmented", _CLASSES_AUGMENTED),
        (
            "msg",
            {
                "generator__architecture": "msg",
                "discriminator__architecture": "msg",
                "loss__pl_weight": 0.0,
            },
        ),
    )
    @pytest.mark.slow
    def test_they_are_those_of_the_whole_batch(self, overrides):
        config = _config(overrides)
        whole = _found(config)
        with mock.patch.object(
            cores, "slices", lambda rows: 2 if rows % 2 == 0 else 1
        ):
            sliced = _found(config)
        for one, other in zip(
            tf.nest.flatten(sliced), tf.nest.flatten(whole), strict=True
        ):
            if other is not None:
                self.assertAllClose(one, other, rtol=1e-3, atol=2e-5)

    @parameterized.named_parameters(
        ("stylegan2", {}),
        ("classes_augmented", _CLASSES_AUGMENTED),
    )
    @pytest.mark.slow
    def test_reals_and_fakes_judged_at_once_are_judged_the_same(
        self, overrides
    ):
        config = _config(overrides)
        at_once = _found(config)
        with mock.patch.object(judging, "_can_be_joined", lambda *args: False):
            apart = _found(config)
        for one, other in zip(
            tf.nest.flatten(at_once), tf.nest.flatten(apart), strict=True
        ):
            if other is not None:
                self.assertAllClose(one, other, rtol=1e-3, atol=2e-5)

    @pytest.mark.slow
    def test_there_is_one_where_xla_compiles(self):
        config, counts = _config({}), []

        def apart(function, count):
            counts.append(count)
            return function

        with (
            mock.patch.object(cores, "slices", return_value=2),
            mock.patch.object(cores, "apart", apart),
        ):
            _found(config)
            self.assertEqual(set(counts), {2})
            counts.clear()
            with xla.asked():
                _found(config)
        self.assertEqual(set(counts), {1})

    @parameterized.named_parameters(
        # Images, and images of a group: a batch smaller than a group is one.
        ("groups", 8, 4, True),
        ("one_group", 4, 4, True),
        ("a_part_of_a_group", 2, 4, False),
    )
    def test_they_are_judged_at_once_where_groups_stay_whole(
        self, rows, group_size, expected
    ):
        config = _config({})
        config.discriminator.minibatch_group_size = group_size
        discriminator = build.discriminator(config)
        images = tf.zeros((rows, *config.image_shape))
        asked = judging._can_be_joined
        self.assertEqual(asked(discriminator, images), expected)
        self.assertFalse(asked(discriminator, [images]))

    @parameterized.named_parameters(
        ("stylegan2", {}),
        (
            "stylegan",
            {
                "generator__architecture": "stylegan",
                "discriminator__architecture": "stylegan",
                "loss__pl_weight": 0.0,
            },
        ),
    )
    @pytest.mark.slow
    def test_blocks_that_are_computed_again_give_the_same(self, overrides):
        config = _config(overrides)
        kept = _found(config)
        with rematerialize.asked():
            again = _found(config)
        for one, other in zip(
            tf.nest.flatten(again), tf.nest.flatten(kept), strict=True
        ):
            if other is not None:
                self.assertAllClose(one, other, rtol=1e-4, atol=1e-6)

    @pytest.mark.slow
    def test_a_batch_of_one_group_is_not_cut(self):
        networks = state.create(_config({"training__batch_size": 4}))
        self.assertEqual(networks.discriminator.groups(4), 1)
        self.assertEqual(networks.discriminator.groups(8), 2)
        whole = _config({"discriminator__minibatch_group_size": 0})
        self.assertEqual(state.create(whole).discriminator.groups(8), 1)
        none = _config({"discriminator__minibatch_channels": 0})
        self.assertEqual(state.create(none).discriminator.groups(8), 8)


if __name__ == "__main__":
    tf.test.main()
