"""Steps of every variant, and accumulation against the whole batch."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training import accumulation, draws, state, step
from tests.helpers import batches

_BATCH = 4


def _config(**overrides):
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = _BATCH
    for path, value in overrides.items():
        *rooms, field = path.split("__")
        target = config
        for room in rooms:
            target = getattr(target, room)
        setattr(target, field, value)
    return config_lib.resolve(config)


@pytest.mark.slow
class VariantsTest(tf.test.TestCase, parameterized.TestCase):
    """Two regularised iterations: finite reports, weights that moved."""

    def setUp(self):
        super().setUp()
        tf.config.run_functions_eagerly(True)  # no trace is faster here

    def tearDown(self):
        tf.config.run_functions_eagerly(False)
        super().tearDown()

    @parameterized.named_parameters(
        ("logistic_saturating", {"loss__adversarial": "logistic_saturating"}),
        ("hinge", {"loss__adversarial": "hinge"}),
        (
            "relativistic",
            {
                "loss__adversarial": "relativistic",
                "loss__r2_gamma": 1.0,
                "augment__mode": "fixed",
                "augment__p": 0.5,
            },
        ),
        (
            "wgan_gp",
            {
                "loss__adversarial": "wgan",
                "loss__r1_gamma": 0.0,
                "loss__wgan_gp_weight": 10.0,
                "loss__wgan_drift": 0.001,
                "loss__d_reg_interval_steps": 1,
            },
        ),
        ("r2", {"loss__r2_gamma": 1.0}),
        ("no_mixing", {"loss__style_mixing_prob": 0.0}),
        ("styles_only_path_length", {"loss__pl_weight_gradient": False}),
        ("bfloat16", {"training__precision": "bfloat16"}),
        ("float16", {"training__precision": "float16"}),
        ("labels_embedded", {"label_size": 3}),
        (
            "labels_concatenated",
            {
                "label_size": 3,
                "generator__label_mode": "concat",
                "discriminator__label_mode": "select",
            },
        ),
        ("no_noise", {"generator__use_noise": False}),
        ("no_mapping", {"generator__mapping_layers": 0}),
        ("grey", {"image_channels": 1}),
        ("transparent", {"image_channels": 4}),
        ("not_square", {"base_shape": (3, 4)}),
        ("whole_batch_stddev", {"discriminator__minibatch_group_size": 0}),
        *(
            (
                f"{generator}_{discriminator}",
                {
                    "generator__architecture": generator,
                    "discriminator__architecture": discriminator,
                },
            )
            for generator, discriminator in (
                *itertools.product(("orig", "skip", "resnet"), repeat=2),
                ("msg", "msg"),
            )
        ),
        (
            "msg_wgan_gp",
            {
                "generator__architecture": "msg",
                "discriminator__architecture": "msg",
                "loss__adversarial": "wgan",
                "loss__r2_gamma": 1.0,
                "loss__wgan_gp_weight": 10.0,
            },
        ),
    )
    def test_takes_steps(self, overrides):
        config = _config(**overrides)
        train_state = state.create(config)
        traced = step.traced(train_state, tf.distribute.get_strategy())
        networks = train_state.generator, train_state.discriminator
        before = [network.get_weights() for network in networks]
        shape = (_BATCH, *config.image_shape)
        images = np.random.RandomState(0).randint(0, 256, shape)
        labels = tf.one_hot([0, 1, 2, 0], config.label_size)
        batch = batches.of(tf.constant(images, tf.uint8), labels)
        for seen in range(2):
            position = tf.constant(seen * _BATCH, tf.int64)
            report = {}
            for update in itertools.chain(*step.of_iteration(config, 0)):
                report |= traced[update](batch, position)
            traced[step.update_average](tf.constant(0.9))
        for name, value in report.items():
            self.assertTrue(np.isfinite(value), name)
        for network, old in zip(networks, before, strict=True):
            pairs = zip(old, network.get_weights(), strict=True)
            moved = [not np.array_equal(a, b) for a, b in pairs]
            self.assertGreater(np.mean(moved), 0.5)


class _Purposes:
    """Draws that remember what for, and the crossovers."""

    def __init__(self):
        self.purposes, self.crossovers = [], []

    def generator_inputs(self, config, labels, purpose, position):
        self.purposes.append(purpose.name)
        drawn = draws.generator_inputs(config, labels, purpose, position)
        self.crossovers.append(drawn.crossover)
        return drawn

    def __getattr__(self, name):
        return getattr(draws, name)


class FakesTest(tf.test.TestCase, parameterized.TestCase):
    def _discriminate(self, **overrides):
        config = _config(**overrides)
        remembered = _Purposes()
        traced = step.traced(
            state.create(config), tf.distribute.get_strategy(), draw=remembered
        )
        tf.config.run_functions_eagerly(True)
        labels = tf.zeros((_BATCH, 0))
        images = tf.zeros((_BATCH, *config.image_shape))
        _, updates = step.of_iteration(config, 0)
        for update in updates:
            traced[update](batches.of(images, labels), tf.constant(0, tf.int64))
        tf.config.run_functions_eagerly(False)
        return remembered

    @parameterized.parameters(
        ({"loss__wgan_gp_weight": 10.0}, 1, ["DISCRIMINATOR"]),
        ({"loss__r2_gamma": 1.0}, 1, ["DISCRIMINATOR"]),
        ({"loss__r2_gamma": 1.0}, 2, ["DISCRIMINATOR", "PENALTY"]),
        ({"loss__r1_gamma": 1.0}, 2, ["DISCRIMINATOR"]),
    )
    @pytest.mark.slow
    def test_a_penalty_of_the_same_update_sees_the_fakes_of_the_loss(
        self, loss, interval, expected
    ):
        remembered = self._discriminate(
            **loss, loss__d_reg_interval_steps=interval
        )
        self.assertEqual(remembered.purposes, expected)

    @pytest.mark.slow
    def test_every_round_draws_a_crossover_of_its_own(self):
        remembered = self._discriminate(
            loss__style_mixing_prob=1.0,
            training__max_batch_per_replica=1,
            discriminator__minibatch_channels=0,
        )
        self.assertLen(remembered.crossovers, _BATCH)
        self.assertGreater(len({int(c) for c in remembered.crossovers}), 1)


class _SlicedDraws:
    """The draws of a whole batch, of which round i takes the i-th slice."""

    def generator_inputs(self, config, labels, purpose, position):
        count = labels.shape[0]
        rows = slice(int(position) * count, (int(position) + 1) * count)
        random = np.random.RandomState(int(purpose))
        z = random.randn(_BATCH, config.generator.z_size).astype(np.float32)
        return draws.Draws(tf.constant(z[rows]), None, None, None, "const")


class AccumulationTest(tf.test.TestCase):
    def _after_a_step(self, limit):
        config = _config(
            training__max_batch_per_replica=limit,
            discriminator__minibatch_channels=0,
            loss__style_mixing_prob=0.0,
        )
        train_state = state.create(config)
        traced = step.traced(
            train_state, tf.distribute.get_strategy(), draw=_SlicedDraws()
        )
        self.assertEqual(accumulation.rounds(config, 1), _BATCH // limit)
        tf.config.run_functions_eagerly(True)
        labels = tf.zeros((_BATCH, 0))
        position = tf.constant(0, tf.int64)
        shape = (_BATCH, *config.image_shape)
        images = np.random.RandomState(0).randint(0, 256, shape)
        batch = batches.of(tf.constant(images, tf.uint8), labels)
        report = traced[step.update_generator](batch, position)
        for update in step.of_iteration(config, 0)[1]:
            report |= traced[update](batch, position)
        tf.config.run_functions_eagerly(False)
        return train_state, report

    @pytest.mark.slow
    def test_slices_give_the_update_of_the_whole_batch(self):
        whole, whole_report = self._after_a_step(_BATCH)
        for limit in (2, 1):
            sliced, report = self._after_a_step(limit)
            self.assertAllClose(report, whole_report, rtol=1e-4)
            for name in ("generator", "discriminator"):
                pairs = zip(
                    getattr(whole, name).trainable_weights,
                    getattr(sliced, name).trainable_weights,
                    strict=True,
                )
                for a, b in pairs:
                    self.assertAllClose(a, b, rtol=1e-5, atol=1e-5)

    def test_batches_that_can_not_be_dealt_out_are_refused(self):
        config = _config(training__batch_size=6)
        with self.assertRaisesRegex(ValueError, "multiple of the 4 replicas"):
            accumulation.rounds(config, 4)
        with self.assertRaisesRegex(ValueError, "minibatch_group_size"):
            accumulation.rounds(config, 1)


if __name__ == "__main__":
    tf.test.main()
