"""Steps with experimental terms: families, replicas, rounds, XLA; and off."""

import copy
import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import gradients, steps
from stylegan_tf.training import state as state_lib
from tests.helpers import runs, support

_BATCH = runs.BATCH
_BOTH = {"experimental_ppl_weight": 0.1, "experimental_ls_weight": 0.1}


class OffTest(tf.test.TestCase):
    def test_steps_without_them_are_as_they_were(self):
        """No feature network, no draw, not a bit of another number."""
        config = runs.experimental_config()
        config.metrics.features = "/nowhere"
        by_step, by_hand = state_lib.create(config), state_lib.create(config)
        draw = types.SimpleNamespace(
            generator_inputs=draws_lib.generator_inputs
        )
        made = steps.Steps(by_step, tf.distribute.get_strategy(), draw=draw)
        labels, position = tf.zeros((_BATCH, 0)), tf.constant(0, tf.int64)
        inputs = draws_lib.generator_inputs(
            config, labels, draws_lib.Purpose.GENERATOR, position
        )
        tf.config.run_functions_eagerly(True)
        made.generator(labels, position)
        tf.config.run_functions_eagerly(False)
        grads, _ = gradients.generator_main(by_hand, config, _BATCH, inputs)
        weights = by_hand.generator.trainable_variables
        by_hand.generator_optimizer.apply(grads, weights)
        pairs = zip(by_step.generator.trainable_variables, weights, strict=True)
        for a, b in pairs:
            self.assertAllEqual(a, b)


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
        config = runs.experimental_config(family, **_BOTH)
        for name, value in fields.items():
            setattr(config, name, value)
        alpha = tf.constant(0.5) if config.resolution == 16 else 1.0
        tf.config.run_functions_eagerly(True)
        self.addCleanup(tf.config.run_functions_eagerly, False)
        self._reports(config_lib.resolve(config), alpha=alpha)

    @pytest.mark.slow
    def test_steps_run_in_rounds(self):
        config = runs.experimental_config(**_BOTH)
        config.training.max_batch_per_replica = 4
        self._reports(config)

    @parameterized.parameters(False, True)
    @pytest.mark.slow
    def test_steps_run_on_replicas(self, jit):
        self._reports(runs.experimental_config(**_BOTH), replicas=2, jit=jit)

    @pytest.mark.slow
    def test_two_replicas_make_the_update_of_one(self):
        """Of path lengths; a regression is of one replica's batch."""
        config = runs.experimental_config(experimental_ppl_weight=1.0)
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
        config = runs.experimental_config(**_BOTH)
        config.training.generator_lr = 1e-6
        plain, compiled = (
            self._reports(config, jit=jit) for jit in (False, True)
        )
        for name, value in plain[0].items():
            self.assertAllClose(compiled[0][name], value, rtol=1e-2, atol=1e-4)


if __name__ == "__main__":
    tf.test.main()
