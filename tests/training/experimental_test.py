"""Experimental terms: hand-computed values, gradients, steps."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf import losses
from stylegan_tf.features import classifiers, detectors, offline
from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import experimental, gradients, steps
from stylegan_tf.training import state as state_lib
from tests import support

_BATCH = 8


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


class TermsTest(tf.test.TestCase, parameterized.TestCase):
    def test_a_straight_way_has_its_length(self):
        """Images linear in w, squared distances: |end - w|^2."""
        w, end = (tf.constant(support.normal(5, 4)) for _ in range(2))
        end = 2.0 * w + 1.0
        found = experimental.perceptual_path_lengths(
            lambda w: w[:, None, None],
            lambda a, b: tf.reduce_sum(tf.square(a - b), axis=(1, 2, 3)),
            w,
            end,
        )
        expected = tf.reduce_sum(tf.square(end - w), axis=1)
        self.assertAllClose(found, expected, rtol=1e-3)

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
        inputs = draws_lib.generator_inputs(
            config,
            tf.zeros((_BATCH, 0)),
            draws_lib.Purpose.GENERATOR,
            tf.constant(0, tf.int64),
        )
        stage = {"resolution": 8, "alpha": 1.0} if family == "stylegan" else {}
        terms = experimental.Terms(config, _BATCH)
        with_terms, report = gradients.generator_main(
            state, config, _BATCH, inputs, terms=terms, **stage
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

    def test_off_is_off(self):
        self.assertFalse(experimental.is_on(_config()))

    def test_what_can_not_be_is_refused(self):
        with self.assertRaisesRegex(ValueError, "0 for progan"):
            _config("progan", experimental_ls_weight=1.0)
        with self.assertRaisesRegex(ValueError, "not be negative"):
            _config(experimental_ppl_weight=-1.0)
        with self.assertRaisesRegex(ValueError, "at least 4"):
            experimental.Terms(_config(experimental_ls_weight=1.0), 2)

    def test_feature_networks_are_loaded_only_where_they_are_wanted(self):
        loaded = []
        before = detectors.Detectors.of

        def counting(self, kind):
            loaded.append(kind)
            return before(self, kind)

        with tf.compat.v1.test.mock.patch.object(
            detectors.Detectors, "of", counting
        ):
            state = state_lib.create(_config())
            steps.Steps(state, tf.distribute.get_strategy())
            self.assertEmpty(loaded)
            experimental.Terms(_config(experimental_ppl_weight=1.0), 2)
        self.assertEqual(loaded, ["lpips"])


@pytest.mark.slow
class StepsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(1, 2)
    def test_steps_run_on_replicas_and_in_rounds(self, replicas):
        config = _config(
            experimental_ppl_weight=0.1, experimental_ls_weight=0.1
        )
        strategy = tf.distribute.get_strategy()
        if replicas == 2:
            strategy = support.two_replicas()
        else:
            config.training.max_batch_per_replica = 4
        with strategy.scope():
            state = state_lib.create(config)
        made = steps.Steps(state, strategy)
        labels = strategy.experimental_distribute_values_from_function(
            lambda context: tf.zeros((_BATCH // replicas, 0))
        )
        before = state.generator.get_weights()
        report = made.generator(labels, tf.constant(0, tf.int64))
        self.assertIn("experimental/path_length", report)
        self.assertIn("experimental/inseparability", report)
        self.assertAllInRange(
            [float(each) for each in report.values()], -1e6, 1e6
        )
        self.assertNotAllClose(before[0], state.generator.get_weights()[0])

    def test_xla_compiles_them(self):
        config = _config(
            experimental_ppl_weight=0.1, experimental_ls_weight=0.1
        )
        state = state_lib.create(config)
        reports = []
        for jit in (False, True):
            made = steps.Steps(
                state, tf.distribute.get_strategy(), jit_compile=jit
            )
            state.generator_optimizer.learning_rate.assign(0.0)
            reports.append(
                made.generator(tf.zeros((_BATCH, 0)), tf.constant(0, tf.int64))
            )
        for name, value in reports[0].items():
            self.assertAllClose(reports[1][name], value, rtol=1e-2, atol=1e-4)


if __name__ == "__main__":
    tf.test.main()
