"""Strategies without their cluster, precisions without their processor."""

import json
import os
from unittest import mock

import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf.training import devices, precisions


def _environment(**variables):
    """`os.environ` with these variables for a cluster and no others."""
    others = {
        name: value
        for name, value in os.environ.items()
        if name != "TF_CONFIG" and not name.startswith("SLURM")
    }
    return mock.patch.dict(os.environ, {**others, **variables}, clear=True)


class StrategyTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters({}, {"TF_CONFIG": ""}, {"TF_CONFIG": "{}"})
    def test_several_workers_without_a_cluster_are_refused(self, **variables):
        with (
            _environment(**variables),
            self.assertRaisesRegex(ValueError, "multi_worker needs a cluster"),
        ):
            devices.strategy("multi_worker")

    @parameterized.parameters("auto", "multi_worker")
    def test_a_cluster_that_is_no_json_is_named(self, name):
        with (
            _environment(TF_CONFIG="{"),
            self.assertRaisesRegex(ValueError, "TF_CONFIG must be a JSON"),
        ):
            devices.strategy(name)

    def test_auto_joins_named_workers_and_else_stays_alone(self):
        cluster = {"cluster": {"worker": ["a:1", "b:1"]}}
        for variables, expected in (
            ({"TF_CONFIG": json.dumps(cluster)}, "multi_worker"),
            ({"SLURM_NTASKS": "2"}, "multi_worker"),
            ({"TF_CONFIG": "{}"}, "none"),
            ({}, "none"),
        ):
            with _environment(**variables):
                self.assertEqual(devices._best(), expected)


class PrecisionTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("bfloat16", 0.25, "takes 4.0 times as long as float32"),
        ("float16", 0.5, "takes 2.0 times as long as float32"),
        ("bfloat16", 1.2, ""),
        ("float32", 0.25, ""),
        ("auto", 0.25, ""),
    )
    def test_a_precision_that_is_slow_here_is_told_with_the_factor(
        self, precision, gain, words
    ):
        config = tiny.get_config()
        config.training.precision = precision
        with mock.patch.object(precisions, "gain", return_value=gain):
            line = devices.slow_precision(config)
        self.assertIn(words, line)
        self.assertEqual(bool(line), bool(words))
        self.assertNotIn("\n", line)
        if line:
            self.assertIn("--config.training.precision=float32", line)

    def test_nothing_is_told_where_all_blocks_are_float32(self):
        config = tiny.get_config()
        config.training.precision = "bfloat16"
        config.training.low_precision_blocks = 0
        self.assertEqual(devices.slow_precision(config), "")


if __name__ == "__main__":
    tf.test.main()
