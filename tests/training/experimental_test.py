"""Experimental terms: hand-computed values, gradients, steps."""

import collections
import copy
import types
import warnings
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf import losses
from stylegan_tf.features import classifiers, detectors, offline
from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import experimental, gradients, plan, steps
from stylegan_tf.training import state as state_lib
from tests import support

_BATCH = 8
_BOTH = {"experimental_ppl_weight": 0.1, "experimental_ls_weight": 0.1}


def _config(architecture="skip", **loss):
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = _BATCH
    config.metrics.features = "offline"
    for network in (config.generator, config.discriminator):
        network.architecture = architecture
    for name, value in loss.items():
        setattr(config.loss, name, value)
    return config_lib.resolve(config)


def _inputs(config):
    """What a step draws, the way of path lengths too."""
    position = tf.constant(0, tf.int64)
    inputs = draws_lib.generator_inputs(
        config,
        tf.zeros((_BATCH, 0)),
        draws_lib.Purpose.GENERATOR,
        position,
    )
    way = draws_lib.way(
        config, _BATCH, draws_lib.Purpose.EXPERIMENTAL, position
    )
    return inputs._replace(way=way)


class InseparabilityTest(tf.test.TestCase):
    def test_the_closed_form_leaves_one_out(self):
        w, logits = support.normal(6, 3), support.normal(6, 2)
        found = losses.inseparability(tf.constant(w), tf.constant(logits))
        w, logits = w - w.mean(0), logits - logits.mean(0)
        ridge = 0.1 * np.trace(w @ w.T) / 6
        errors = []
        for left_out in range(6):
            kept = [i for i in range(6) if i != left_out]
            gram = w[kept].T @ w[kept] + ridge * np.eye(3)
            plane = np.linalg.solve(gram, w[kept].T @ logits[kept])
            errors.append(logits[left_out] - w[left_out] @ plane)
        expected = np.square(errors) / np.square(logits).mean(0)
        self.assertAllClose(found, expected.mean(1), rtol=1e-4)

    def test_planes_are_open_to_nothing_and_noise_to_everything(self):
        w = support.normal(64, 4)
        plane = w @ support.normal(4, 3)
        noise = np.random.RandomState(9).standard_normal((64, 3))
        self.assertLess(np.mean(losses.inseparability(w, plane)), 0.1)
        self.assertGreater(np.mean(losses.inseparability(w, noise)), 0.9)


class PathLengthTest(tf.test.TestCase):
    def _lengths(self, w, end, **options):
        return experimental.perceptual_path_lengths(
            lambda w: tf.tile(w[:, None, None], (1, 8, 8, 1)),
            lambda a, b: tf.reduce_mean(
                tf.reduce_sum(tf.square(a - b), axis=3), axis=(1, 2)
            ),
            w,
            end,
            **options,
        )

    def test_a_straight_way_has_its_length(self):
        """Images linear in w, squared distances: |end - w|^2."""
        w, end = tf.constant(support.normal(5, 4)), tf.ones((5, 4))
        t = tf.linspace(0.0, 1.0, 5)[:, None]
        expected = tf.reduce_sum(tf.square(end - w), axis=1)
        for epsilon in (1e-2, 1e-1):
            found = self._lengths(w, end, t=t, epsilon=epsilon)
            self.assertAllClose(found, expected, rtol=1e-3)

    def test_steps_are_where_t_says(self):
        """Images |w|^2 on the way from 0 to 1 in one dimension: (2 t)^2."""
        t = tf.constant([[0.25], [0.5], [1.0]])
        found = experimental.perceptual_path_lengths(
            lambda w: tf.tile(tf.square(w)[:, None, None], (1, 8, 8, 1)),
            lambda a, b: tf.reduce_mean(tf.square(a - b), axis=(1, 2, 3)),
            tf.zeros((3, 1)),
            tf.ones((3, 1)),
            t=t,
            epsilon=1e-3,
        )
        self.assertAllClose(found, [0.25, 1.0, 4.0], rtol=1e-2)

    def test_the_distance_sees_sizes_that_it_can_take(self):
        for side, expected in ((4, 32), (24, 48), (64, 64), (512, 256)):
            sizes = []

            def distance(first, second, sizes=sizes):
                sizes.append(tuple(first.shape))
                return tf.reduce_mean(tf.square(first - second), axis=(1, 2, 3))

            experimental.perceptual_path_lengths(
                lambda w, side=side: tf.ones((1, side, side, 3)) * w[:, :3],
                distance,
                tf.zeros((1, 3)),
                tf.ones((1, 3)),
                t=tf.zeros((1, 1)),
            )
            self.assertEqual(sizes, [(1, expected, expected, 3)])


class TermsTest(tf.test.TestCase, parameterized.TestCase):
    def test_detectors_give_the_same_logits_as_tensors(self):
        images = np.tanh(support.normal(3, 16, 16, 3))
        extractor = offline.load()
        self.assertAllClose(
            extractor.tensor_logits(images), extractor.logits(images), atol=1e-4
        )
        config = _config("stylegan")
        networks = {
            name: state_lib.create(config).discriminator for name in "ab"
        }
        made = classifiers.Classifiers(networks, name="x", label="custom")
        self.assertEqual(made.tensor_logits(images).shape, (3, 2))

    @parameterized.parameters(
        ("skip", "ppl"), ("skip", "ls"), ("stylegan", "ppl"), ("msg", "ls")
    )
    def test_gradients_reach_every_part_of_the_generator(self, family, name):
        weights = {f"experimental_{name}_weight": 1.0}
        config = _config(family, **weights)
        state = state_lib.create(config)
        support.shake(state.generator)
        inputs = _inputs(config)
        stage = {"resolution": 8, "alpha": 1.0} if family == "stylegan" else {}
        with_terms, report = gradients.generator_main(
            state,
            config,
            _BATCH,
            inputs,
            terms=experimental.Terms(config),
            **stage,
        )
        without, plain = gradients.generator_main(
            state, config, _BATCH, inputs, **stage
        )
        (key,) = set(report) - set(plain)
        self.assertStartsWith(key, "experimental/")
        self.assertGreater(float(report[key]), 0)
        changed = [
            float(tf.reduce_max(tf.abs(a - b))) > 0
            for a, b in zip(with_terms, without, strict=True)
        ]
        paths = [v.path for v in state.generator.trainable_variables]
        for part in ("mapping", "synthesis"):
            ours = [c for c, p in zip(changed, paths, strict=True) if part in p]
            self.assertGreater(np.mean(ours), 0.7, part)

    def test_a_way_has_another_latent_and_places_on_it(self):
        inputs = _inputs(_config())
        way = inputs.way
        self.assertNotAllClose(way.z, inputs.z)
        self.assertAllInRange(way.t, 0.0, 1.0)
        self.assertLen(np.unique(way.t), _BATCH)
        self.assertAllEqual(way.t, _inputs(_config()).way.t)


class OffTest(tf.test.TestCase):
    def test_steps_without_them_are_as_they_were(self):
        """No feature network, no draw, not a bit of another number."""
        config = _config()
        config.metrics.features = "/nowhere"
        by_step, by_hand = state_lib.create(config), state_lib.create(config)
        draw = types.SimpleNamespace(
            generator_inputs=draws_lib.generator_inputs
        )
        made = steps.Steps(by_step, tf.distribute.get_strategy(), draw=draw)
        labels, position = tf.zeros((_BATCH, 0)), tf.constant(0, tf.int64)
        inputs = _inputs(config)._replace(way=None)
        tf.config.run_functions_eagerly(True)
        made.generator(labels, position)
        tf.config.run_functions_eagerly(False)
        grads, _ = gradients.generator_main(by_hand, config, _BATCH, inputs)
        weights = by_hand.generator.trainable_variables
        by_hand.generator_optimizer.apply(grads, weights)
        pairs = zip(by_step.generator.trainable_variables, weights, strict=True)
        for a, b in pairs:
            self.assertAllEqual(a, b)

    def test_only_what_is_wanted_is_loaded(self):
        loaded = []
        before = detectors.Detectors.of

        def counting(self, kind):
            loaded.append(kind)
            return before(self, kind)

        with mock.patch.object(detectors.Detectors, "of", counting):
            experimental.Terms(_config(experimental_ppl_weight=1.0))
        self.assertEqual(loaded, ["lpips"])


class RefusalTest(tf.test.TestCase):
    def test_bad_weights_are_refused(self):
        with self.assertRaisesRegex(ValueError, "0 for progan"):
            _config("progan", experimental_ls_weight=1.0)
        with self.assertRaisesRegex(ValueError, "not be negative"):
            _config(experimental_ppl_weight=-1.0)

    def test_batches_too_small_for_a_regression_are_refused(self):
        experimental.refuse_small_batches(_config(), 4)
        config = _config(experimental_ls_weight=1.0)
        experimental.refuse_small_batches(config, 2)
        with self.assertRaisesRegex(ValueError, "at least 4.* 2 at 8 pixels"):
            experimental.refuse_small_batches(config, 4)

    def test_a_stage_to_come_is_refused_before_the_first(self):
        config = _config("stylegan", experimental_ls_weight=1.0)
        config.growing.initial_resolution = 4
        config.growing.stabilise_kimg = config.growing.fade_kimg = 1
        config.growing.batch_sizes = "8:2"
        config.discriminator.minibatch_group_size = 2
        config.training.total_kimg = 1  # the last stage is not reached
        experimental.refuse_small_batches(config, 1)
        config.training.total_kimg = 10
        with self.assertRaisesRegex(ValueError, "2 at 8 pixels"):
            experimental.refuse_small_batches(config, 1)


class SayingTest(tf.test.TestCase):
    def test_a_warning_names_the_weights(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            experimental.warn(_config())
            self.assertEmpty(caught)
            experimental.warn(_config(experimental_ppl_weight=0.5))
        message = str(caught[0].message)
        self.assertStartsWith(message, "experimental: ")
        self.assertIn("experimental_ppl_weight=0.5", message)

    def test_a_plan_names_the_weights(self):
        config = _config(experimental_ls_weight=0.25)
        made = collections.defaultdict(int, phase_flops={}, stages=[])
        made["config"] = config_lib.to_dict(config)
        made["memory_gib"] = collections.defaultdict(float)
        text = plan.to_text(made)
        self.assertRegex(text, "experimental.* experimental_ls_weight 0.25")
        self.assertNotRegex(text, "experimental.* experimental_ppl_weight 0")


class _DealtDraws:
    """The same draws of a whole batch, every R-th for a replica of R."""

    def _deal(self, array, count):
        context = tf.distribute.get_replica_context()
        replicas = context.num_replicas_in_sync
        parts = np.stack([array[r::replicas][:count] for r in range(replicas)])
        return tf.constant(parts)[context.replica_id_in_sync_group]

    def generator_inputs(self, config, labels, purpose, position):
        z = self._deal(support.normal(_BATCH, 16), labels.shape[0])
        return draws_lib.Draws(z, None, None, None, "const")

    def way(self, config, count, purpose, position):
        t = np.linspace(0.0, 1.0, _BATCH, dtype=np.float32)[:, None]
        return draws_lib.Way(
            self._deal(support.normal(_BATCH, 16, seed=1), count),
            self._deal(t, count),
        )


class StepsTest(tf.test.TestCase, parameterized.TestCase):
    def _reports(self, config, *, replicas=1, alpha=1.0, size=8, jit=False):
        """Of two steps, the weights being checked to move."""
        strategy = tf.distribute.get_strategy()
        if replicas == 2:
            strategy = support.two_replicas()
        with strategy.scope():
            state = state_lib.create(config)
        stage = copy.deepcopy(config)
        stage.resolution = size
        made = steps.Steps(state, strategy, stage=stage, jit_compile=jit)
        labels = strategy.experimental_distribute_values_from_function(
            lambda context: tf.one_hot(
                tf.range(_BATCH // replicas) % 3, config.label_size
            )
        )
        before = state.generator.get_weights()
        reports = [
            made.generator(labels, tf.constant(position, tf.int64), alpha)
            for position in (0, _BATCH)
        ]
        after = state.generator.get_weights()
        self.assertNotAllClose(before[0], after[0])
        for report in reports:
            for name in ("path_length", "separability"):
                self.assertGreater(report[f"experimental/{name}"], 0, name)
            self.assertAllInRange(
                [float(each) for each in report.values()], -1e6, 1e6
            )
        return reports

    @parameterized.named_parameters(
        ("orig", "orig", {}),
        ("labels", "skip", {"label_size": 3}),
        ("msg", "msg", {}),
        ("fading", "stylegan", {"resolution": 16}),
        ("revised", "revised", {}),
    )
    def test_families_take_steps(self, family, fields):
        config = _config(family, **_BOTH)
        for name, value in fields.items():
            setattr(config, name, value)
        alpha = tf.constant(0.5) if config.resolution == 16 else 1.0
        tf.config.run_functions_eagerly(True)
        self._reports(config_lib.resolve(config), alpha=alpha)
        tf.config.run_functions_eagerly(False)

    @pytest.mark.slow
    def test_steps_run_in_rounds(self):
        config = _config(**_BOTH)
        config.training.max_batch_per_replica = 4
        self._reports(config)

    @parameterized.parameters(False, True)
    @pytest.mark.slow
    def test_steps_run_on_replicas(self, jit):
        self._reports(_config(**_BOTH), replicas=2, jit=jit)

    @pytest.mark.slow
    def test_two_replicas_make_the_update_of_one(self):
        """Of path lengths; a regression is of one replica's batch."""
        config = _config(experimental_ppl_weight=1.0)
        results = []
        for strategy in tf.distribute.get_strategy(), support.two_replicas():
            with strategy.scope():
                state = state_lib.create(config)
            made = steps.Steps(state, strategy, draw=_DealtDraws())
            count = _BATCH // strategy.num_replicas_in_sync
            labels = strategy.experimental_distribute_values_from_function(
                lambda context, count=count: tf.zeros((count, 0))
            )
            report = made.generator(labels, tf.constant(0, tf.int64))
            lengths = report["experimental/path_length"]
            results.append((lengths, state.generator.get_weights()))
        (length, weights), (other_length, other_weights) = results
        self.assertAllClose(length, other_length, rtol=1e-4)
        for a, b in zip(weights, other_weights, strict=True):
            self.assertAllClose(a, b, rtol=1e-4, atol=1e-5)

    @pytest.mark.slow
    def test_compiled_terms_are_the_same(self):
        config = _config(**_BOTH)
        config.training.generator_lr = 1e-6
        plain, compiled = (
            self._reports(config, jit=jit) for jit in (False, True)
        )
        for name, value in plain[0].items():
            self.assertAllClose(compiled[0][name], value, rtol=1e-2, atol=1e-4)


if __name__ == "__main__":
    tf.test.main()
