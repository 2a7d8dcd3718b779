"""Experimental terms: hand-computed values, gradients, refusals."""

import collections
import warnings
from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import losses
from stylegan_tf.features import classifiers, detectors, offline
from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import experimental, gradients, plan
from stylegan_tf.training import state as state_lib
from tests.helpers import runs, support

_BATCH = runs.BATCH


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
    def test_a_straight_way_has_its_length(self):
        """Images linear in w, squared distances: |end - w|^2."""
        w, end = tf.constant(support.normal(5, 4)), tf.ones((5, 4))
        expected = tf.reduce_sum(tf.square(end - w), axis=1)
        for epsilon in (1e-2, 1e-1):
            found = losses.perceptual_path_lengths(
                lambda w: w[:, None, None],
                lambda a, b: tf.reduce_sum(tf.square(a - b), axis=(1, 2, 3)),
                w,
                end,
                t=tf.linspace(0.0, 1.0, 5)[:, None],
                epsilon=epsilon,
            )
            self.assertAllClose(found, expected, rtol=1e-3)

    def test_steps_are_where_t_says(self):
        """Images w^2 on the way from 0 to 1: (2 t)^2."""
        found = losses.perceptual_path_lengths(
            lambda w: tf.square(w),
            lambda a, b: tf.reduce_sum(tf.square(a - b), axis=1),
            tf.zeros((3, 1)),
            tf.ones((3, 1)),
            t=tf.constant([[0.25], [0.5], [1.0]]),
            epsilon=1e-3,
        )
        self.assertAllClose(found, [0.25, 1.0, 4.0], rtol=1e-2)

    def test_the_distance_sees_sizes_that_it_can_take(self):
        for side, expected in ((4, 32), (24, 48), (64, 64), (512, 256)):
            images = experimental._comparable(tf.ones((1, side, side, 3)))
            self.assertAllEqual(images, tf.ones((1, expected, expected, 3)))


class TermsTest(tf.test.TestCase, parameterized.TestCase):
    def test_detectors_give_the_same_logits_as_tensors(self):
        images = np.tanh(support.normal(3, 16, 16, 3))
        extractor = offline.load()
        self.assertAllClose(
            extractor.tensor_logits(images), extractor.logits(images), atol=1e-4
        )
        config = runs.experimental_config("stylegan")
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
        config = runs.experimental_config(family, **weights)
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
        inputs = _inputs(runs.experimental_config())
        way = inputs.way
        self.assertNotAllClose(way.z, inputs.z)
        self.assertAllInRange(way.t, 0.0, 1.0)
        self.assertLen(np.unique(way.t), _BATCH)
        self.assertAllEqual(way.t, _inputs(runs.experimental_config()).way.t)

    def test_only_what_is_wanted_is_loaded(self):
        loaded = []
        before = detectors.Detectors.of

        def counting(self, kind):
            loaded.append(kind)
            return before(self, kind)

        with mock.patch.object(detectors.Detectors, "of", counting):
            experimental.Terms(
                runs.experimental_config(experimental_ppl_weight=1.0)
            )
        self.assertEqual(loaded, ["lpips"])


class RefusalTest(tf.test.TestCase):
    def test_bad_weights_are_refused(self):
        with self.assertRaisesRegex(ValueError, "0 for progan"):
            runs.experimental_config("progan", experimental_ls_weight=1.0)
        with self.assertRaisesRegex(ValueError, "must be a number from 0"):
            runs.experimental_config(experimental_ppl_weight=-1.0)

    def test_batches_too_small_for_a_regression_are_refused(self):
        experimental.refuse_small_batches(runs.experimental_config(), 4)
        config = runs.experimental_config(experimental_ls_weight=1.0)
        experimental.refuse_small_batches(config, 2)
        with self.assertRaisesRegex(ValueError, "at least 4.* 2 at 8 pixels"):
            experimental.refuse_small_batches(config, 4)

    def test_a_stage_to_come_is_refused_before_the_first(self):
        config = runs.experimental_config(
            "stylegan", experimental_ls_weight=1.0
        )
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
            experimental.warn(runs.experimental_config())
            self.assertEmpty(caught)
            experimental.warn(
                runs.experimental_config(experimental_ppl_weight=0.5)
            )
        message = str(caught[0].message)
        self.assertStartsWith(message, "experimental: ")
        self.assertIn("experimental_ppl_weight=0.5", message)

    def test_a_plan_names_the_weights(self):
        config = runs.experimental_config(experimental_ls_weight=0.25)
        made = collections.defaultdict(int, phase_flops={}, stages=[])
        made["config"] = config_lib.to_dict(config)
        made["memory_gib"] = collections.defaultdict(float)
        text = plan.to_text(made)
        self.assertRegex(text, "experimental.* experimental_ls_weight 0.25")
        self.assertNotRegex(text, "experimental.* experimental_ppl_weight 0")


if __name__ == "__main__":
    tf.test.main()
