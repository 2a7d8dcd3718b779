"""Augmented updates: which draws each takes, R1's gradient, all variants."""

from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.augment import pipeline, presets
from stylegan_tf.networks import growth
from stylegan_tf.training import draws, gradients, state, step
from tests.helpers import batches, progressive, support

_BATCH = 4


def _config(**overrides):
    """At 8x8; a field of a room is `room__field`."""
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = _BATCH
    config.augment.mode, config.augment.p = "adaptive", 0.5
    for path, value in overrides.items():
        *rooms, field = path.split("__")
        target = config
        for room in rooms:
            target = getattr(target, room)
        setattr(target, field, value)
    return config_lib.resolve(config)


def _batch(config, labels=None):
    shape = (_BATCH, *config.image_shape)
    images = np.random.RandomState(0).randint(0, 256, shape)
    if labels is None:
        labels = tf.one_hot([0, 1, 2, 0], config.label_size)
    return batches.of(tf.constant(images, tf.uint8), labels)


class _Purposes:
    """Draws that remember what they augmented for, and where."""

    def __init__(self):
        self.asked = []

    def augmentation(self, config, count, purpose, position):
        self.asked.append((purpose.name, int(position)))
        return draws.augmentation(config, count, purpose, position)

    def __getattr__(self, name):
        return getattr(draws, name)


class SignTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_pairs_count_their_differences(self):
        """Whose scores are far from 0, as no relativistic loss forbids."""
        fakes, reals = [[6.0]] * 4, [[5.0], [7.0], [9.0], [9.0]]
        judged = [(tf.constant(scores), 0.0) for scores in (fakes, reals)]
        for kind, expected in (("logistic", 1.0), ("relativistic", 0.5)):
            config = _config(loss__adversarial=kind)
            networks = state.create(config)
            with (
                mock.patch.object(
                    gradients.judging, "judge_both", return_value=judged
                ),
                mock.patch.object(gradients, "_of_discriminator"),
            ):
                _, report = gradients.discriminator_loss(
                    networks, config, *[None] * 4
                )
            self.assertAllClose(report["scores/real_sign"], expected)


class EagerTest(tf.test.TestCase, parameterized.TestCase):
    """No trace is faster for a step or two."""

    def setUp(self):
        super().setUp()
        tf.config.run_functions_eagerly(True)
        self.addCleanup(tf.config.run_functions_eagerly, False)


class DrawsTest(EagerTest):
    def _asked(self, update, **overrides):
        config, remembered = _config(**overrides), _Purposes()
        traced = step.traced(
            state.create(config), tf.distribute.get_strategy(), draw=remembered
        )
        traced[update](_batch(config), tf.constant(8, tf.int64))
        return remembered.asked

    @parameterized.parameters(
        (step.update_generator, ["GENERATOR"]),
        (step.regularise_generator, []),
        (step.update_discriminator, ["REALS", "FAKES"]),
        (step.regularise_discriminator, ["R1"]),
        (step.score_held_out, ["HELD_OUT"]),
    )
    @pytest.mark.slow
    def test_every_judged_batch_has_its_own(self, update, expected):
        names = [f"AUGMENT_{name}" for name in expected]
        self.assertEqual(self._asked(update), [(name, 8) for name in names])

    @pytest.mark.slow
    def test_so_has_every_penalty_and_slice(self):
        asked = self._asked(
            step.update_discriminator,
            loss__d_reg_interval_steps=1,
            loss__r2_gamma=1.0,
            loss__wgan_gp_weight=1.0,
            training__max_batch_per_replica=2,
            discriminator__minibatch_group_size=2,
        )
        names = ["REALS", "FAKES", "R1", "R2", "WGAN_GP"]
        expected = [(f"AUGMENT_{n}", at) for at in (8, 9) for n in names]
        self.assertEqual(asked, expected)

    @pytest.mark.slow
    def test_without_augmentation_nothing_is_drawn(self):
        update = step.update_discriminator
        self.assertEmpty(self._asked(update, augment__mode="off"))

    def test_they_are_functions_of_seed_purpose_and_position(self):
        def draw(purpose, position, seed=0):
            config = _config(training__seed=seed)
            position = tf.constant(position, tf.int64)
            drawn = draws.augmentation(config, _BATCH, purpose, position)
            return drawn.uniform[0, 0].numpy(), drawn.normal[0, 0].numpy()

        purpose = draws.Purpose
        first = draw(purpose.AUGMENT_REALS, 8)
        self.assertEqual(first, draw(purpose.AUGMENT_REALS, 8))
        others = {
            draw(purpose.AUGMENT_R1, 8),
            draw(purpose.AUGMENT_REALS, 16),
            draw(purpose.AUGMENT_REALS, 8, seed=1),
        }
        self.assertLen(others - {first}, 3)


class PenaltyTest(EagerTest):
    @pytest.mark.slow
    def test_r1_is_the_gradient_at_images_not_yet_augmented(self):
        config = _config(augment__p=0.8)
        train_state = state.create(config)
        support.shake(train_state.discriminator)
        reals = tf.constant(support.normal(_BATCH, *config.image_shape))
        labels = tf.zeros((_BATCH, 0))
        drawn = draws.augmentation(
            config, _BATCH, draws.Purpose.AUGMENT_R1, tf.constant(8, tf.int64)
        )
        augmented = pipeline.augment(
            reals, drawn, tf.constant(0.8), presets.of(config.augment.preset)
        )
        self.assertNotAllClose(augmented, reals)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(reals)
            seen = pipeline.augment(
                reals,
                drawn,
                tf.constant(0.8),
                presets.of(config.augment.preset),
            )
            scores = train_state.discriminator(seen, labels)
        squares = [
            tf.reduce_mean(
                tf.reduce_sum(tf.square(tape.gradient(scores, x)), (1, 2, 3))
            )
            for x in (reals, seen)
        ]
        _, report = gradients.discriminator_penalty(
            train_state,
            config,
            reals,
            labels,
            augmentation=draws.Augmentation(reals=drawn),
        )
        self.assertAllClose(report["penalty/r1"], squares[0], rtol=1e-5)
        self.assertNotAllClose(report["penalty/r1"], squares[1], rtol=1e-2)


@pytest.mark.slow
class VariantsTest(EagerTest):
    """An iteration with everything: reports are finite, p moves."""

    @parameterized.named_parameters(
        ("labels", {"label_size": 3}),
        ("grey", {"image_channels": 1}),
        ("grey_and_alpha", {"image_channels": 2}),
        ("transparent", {"image_channels": 4}),
        ("not_square", {"base_shape": (3, 4)}),
        ("slices", {"training__max_batch_per_replica": 2}),
        ("bfloat16", {"training__precision": "bfloat16"}),
        ("all_transforms", {"augment__preset": "bgcfnc"}),
        ("fixed", {"augment__mode": "fixed"}),
        (
            "r2_not_lazy",
            {"loss__r2_gamma": 1.0, "loss__d_reg_interval_steps": 1},
        ),
        ("pairs", {"loss__adversarial": "relativistic", "loss__r2_gamma": 1.0}),
        (
            "wgan_gp",
            {
                "loss__adversarial": "wgan",
                "loss__wgan_gp_weight": 10.0,
                "loss__wgan_drift": 0.001,
                "augment__heuristic": "validation",
                "data__holdout": 0.1,
            },
        ),
    )
    def test_takes_steps(self, overrides):
        if "training__max_batch_per_replica" in overrides:
            overrides = {**overrides, "discriminator__minibatch_group_size": 2}
        self._take_steps(_config(**overrides))

    @parameterized.parameters(
        ("stylegan", growth.Stage(8, tf.constant(0.5))),
        ("progan", growth.Stage(4, 1.0)),
        ("progan", growth.Stage(8, tf.constant(0.5))),
    )
    def test_takes_steps_while_growing(self, family, stage):
        config = progressive.small_config(family, label_size=3)
        config.augment.mode, config.augment.p = "adaptive", 0.5
        config.loss.acgan_weight = float(family == "progan")
        config.loss.style_mixing_prob = 0.0
        config.training.batch_size = _BATCH
        config = config_lib.resolve(config)
        shown = config_lib.from_dict(config_lib.to_dict(config))
        shown.resolution = stage.resolution
        self._take_steps(config, shown, stage)

    def _take_steps(self, config, shown=None, *stage):
        train_state = state.create(config)
        strategy = tf.distribute.get_strategy()
        traced = step.traced(train_state, strategy, config=shown)
        where = tf.constant(0, tf.int64), *stage
        batch, report = _batch(shown or config), {}
        for update in (
            step.update_generator,
            *step.of_iteration(config, 0)[1],
            step.score_held_out,
        ):
            report |= traced[update](batch, *where)
        if config.augment.mode == "adaptive":
            report |= traced[step.update_augmentation]()
            self.assertNotEqual(float(train_state.augment[0]), 0.5)
        for name, value in report.items():
            self.assertTrue(np.isfinite(value), name)


class CompiledTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_xla_gives_the_same_reports(self):
        reports = []
        for jit_compile in (False, True):
            config = _config()
            train_state = state.create(config)
            support.shake(train_state.discriminator)
            traced = step.traced(
                train_state,
                tf.distribute.get_strategy(),
                jit_compile=jit_compile,
            )
            report = {}
            for update in step.of_iteration(config, 0)[1]:
                report |= traced[update](
                    _batch(config), tf.constant(8, tf.int64)
                )
            reports.append(report)
        self.assertAllClose(*reports, rtol=1e-3, atol=1e-5)


class ReplicasTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_p_moves_by_the_mean_over_replicas(self):
        strategy, config = support.two_replicas(), _config(augment__p=0.5)
        with strategy.scope():
            train_state = state.create(config)
        traced = step.traced(train_state, strategy)
        batch = _batch(config)
        halves = tf.nest.map_structure(
            lambda x: strategy.experimental_distribute_values_from_function(
                lambda c: x[c.replica_id_in_sync_group :: 2]
            ),
            batch,
        )
        report = traced[step.update_discriminator](
            halves, tf.constant(0, tf.int64)
        )
        first, second = strategy.experimental_local_results(train_state.augment)
        self.assertAllEqual(first, second)
        signs = _BATCH * report["scores/real_sign"]
        scores = [report["scores/real"], report["scores/fake"], 0.0]
        self.assertAllClose(first, [0.5, _BATCH, signs, *scores])
        moved = traced[step.update_augmentation]()
        first, second = strategy.experimental_local_results(train_state.augment)
        self.assertAllEqual(first, second)
        is_up = moved["augment/heuristic"] > 0.6
        change = _BATCH / 500e3 * (1 if is_up else -1)
        self.assertAllClose(first, [0.5 + change, 0, 0, *scores])


if __name__ == "__main__":
    tf.test.main()
