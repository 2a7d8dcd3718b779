"""Metrics while training: rows, events, the best snapshot, failures."""

import contextlib
import io
import json
import os
import pathlib
import tempfile
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from configs import tiny
from stylegan_tf import cache, run_directory, snapshot_files
from stylegan_tf import config as config_lib
from stylegan_tf.evaluation import action, measure, names
from stylegan_tf.training import inputs, loop
from stylegan_tf.training import state as state_lib
from tests.helpers import evaluations


def _config(data, **metrics):
    config = tiny.get_config()
    config.resolution = evaluations.SIDE
    config.data.path = data
    config.loss.pl_weight = config.loss.r1_gamma = 0.0
    config.metrics.period_kimg = 0.032
    config.metrics.features = "offline"
    for name, value in metrics.items():
        setattr(config.metrics, name, value)
    return config_lib.resolve(config)


class MeasureTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(folder)
        os.environ[cache.VARIABLE] = str(self.folder / "cache")
        self.addCleanup(os.environ.pop, cache.VARIABLE)
        self.data = evaluations.faces(self.folder / "faces")
        self.workdir = self.folder / "run"

    def _action(self, config):
        return action.Measure(config, self.workdir)

    @pytest.mark.slow
    def test_a_run_is_measured_as_tools_evaluate_would(self):
        config = _config(self.data, names="fid0.04k_full,ppl0.008k_wend")
        loop.train(config, self.workdir, actions=[self._action(config)])
        lines = (self.workdir / "metrics.jsonl").read_text().splitlines()
        rows = [row for row in map(json.loads, lines) if "metric" in row]
        self.assertEqual(
            [(row["images_seen"], row["metric"]) for row in rows],
            [
                (32, "fid0.04k_full"),
                (32, "ppl0.008k_wend"),
                (64, "fid0.04k_full"),
                (64, "ppl0.008k_wend"),
            ],
        )
        self.assertEqual(
            rows[0]["software"]["stylegan_tf"], stylegan_tf.__version__
        )
        tags = {tag for tag, _ in _events(self.workdir / "tensorboard")}
        self.assertContainsSubset(
            {"metrics/fid0.04k_full_offline", "metrics/ppl0.008k_wend_offline"},
            tags,
        )
        best = snapshot_files.read_info(self.workdir / "best")
        key = "metrics/fid0.04k_full_offline"
        self.assertEqual(best["metric"], "fid0.04k_full_offline")
        self.assertEqual(best["value"], min(rows[0][key], rows[2][key]))
        snapshot = stylegan_tf.load(self.workdir / "best")
        self.assertEqual(snapshot.images_seen, best["images_seen"])

    @pytest.mark.slow
    def test_a_metric_that_fails_warns_once_and_training_goes_on(self):
        empty = self.folder / "empty"
        empty.mkdir()
        config = _config(
            self.data, names="fid0.04k,ls0.04k", features=str(empty)
        )
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            state = loop.train(
                config, self.workdir, actions=[self._action(config)]
            )
        self.assertEqual(state.images_seen, 64)
        self.assertEqual(errors.getvalue().count("fid0.04k could not be"), 1)
        self.assertFalse((self.workdir / "best").exists())
        text = (self.workdir / "metrics.jsonl").read_text()
        self.assertEqual(text.count('"metric": "ls0.04k"'), 2)

    @parameterized.parameters(
        ("fid0.04k", [3.0, 5.0, 2.0, float("nan")], 2.0),
        ("pr0.04k3", [0.3, 0.5, 0.2], 0.5),
    )
    @pytest.mark.slow
    def test_the_best_is_kept(self, name, values, best):
        config = _config(self.data, names=name)
        state, made = state_lib.create(config), self._action(config)
        evaluator = names.parse(name)
        for index, value in enumerate(values):
            state.images_seen = index
            found = [measure.Measurement(evaluator, {f"{name}_x": value})]
            with self._measuring(found):
                made(state, {})
        info = snapshot_files.read_info(self.workdir / "best")
        self.assertEqual(info["value"], best)
        self.assertEqual(info["images_seen"], values.index(best))

    @parameterized.parameters(
        # Where the run goes on, where the rounds before ended, and whether
        # the first metric was due (it is every 32 images, and at 64 the last).
        (32, [16], True),
        (40, [16], True),
        (40, [16, 32], False),
        (16, [8], False),
        (24, [], False),
        (64, [48], True),
        (0, [], False),
    )
    @pytest.mark.slow
    def test_a_row_that_a_kill_cut_off_is_made_where_the_run_goes_on(
        self, images_seen, rounds, is_due
    ):
        config = _config(self.data, names="fid0.04k,kid0.04k")
        state, made = state_lib.create(config), self._action(config)
        state.images_seen = images_seen
        rows = [{"images_seen": each} for each in [*rounds, images_seen]]
        run_directory.append(self.workdir / "metrics.jsonl", rows)
        self.assertEqual(made.is_behind(config, images_seen), is_due)
        asked = []

        def measured(work, evaluators):
            asked.append([each.name for each in evaluators])
            return [
                measure.Measurement(each, {"x": 1.0}) for each in evaluators
            ]

        with mock.patch.object(measure, "measure", measured):
            for _ in range(2):
                made.catch_up(state)
        self.assertEqual(asked, [["fid0.04k", "kid0.04k"]] * is_due)
        self.assertFalse(made.is_behind(config, images_seen))

    @pytest.mark.slow
    def test_only_the_rows_that_are_missing_are_made(self):
        config = _config(self.data, names="fid0.04k,kid0.04k")
        state, made = state_lib.create(config), self._action(config)
        state.images_seen = 64
        run_directory.append(
            self.workdir / "metrics.jsonl",
            [{"images_seen": 64, "metric": "fid0.04k"}],
        )
        evaluator = names.parse("kid0.04k")
        with self._measuring([measure.Measurement(evaluator, {"x": 1.0})]):
            made.catch_up(state)
        rows = run_directory.read(self.workdir / "metrics.jsonl")
        self.assertEqual(
            [row["metric"] for row in rows], ["fid0.04k", "kid0.04k"]
        )
        self.assertFalse((self.workdir / "best").exists())

    def test_the_end_of_a_stage_is_caught_up_too(self):
        config = _config(self.data, names="fid0.04k", period_kimg=1.0)
        config.training.total_kimg = 1.0
        config.growing.initial_resolution = 4
        config.growing.stabilise_kimg = config.growing.fade_kimg = 0.016
        made = self._action(config)
        run_directory.append(
            self.workdir / "metrics.jsonl", [{"images_seen": 16}]
        )
        # 8 pixels fade in from the 17th image on.
        self.assertFalse(made.is_behind(config, 16))
        self.assertTrue(made.is_behind(config, 24))

    @pytest.mark.slow
    def test_a_kill_between_the_best_and_its_row_loses_neither(self):
        config = _config(self.data, names="fid0.04k")
        state, made = state_lib.create(config), self._action(config)
        state.images_seen = 64
        evaluator = names.parse("fid0.04k")
        found = [measure.Measurement(evaluator, {"fid0.04k_x": 3.0})]
        with self._measuring(found):
            with mock.patch.object(
                run_directory, "append", side_effect=KeyboardInterrupt
            ):
                with self.assertRaises(KeyboardInterrupt):
                    made(state, {})
            stylegan_tf.load(self.workdir / "best")
            made.catch_up(state)
        self.assertEqual(run_directory.measured(self.workdir, 64), {"fid0.04k"})
        stylegan_tf.load(self.workdir / "best")

    @pytest.mark.slow
    def test_a_best_one_that_is_damaged_is_replaced(self):
        config = _config(self.data, names="fid0.04k")
        state, made = state_lib.create(config), self._action(config)
        (self.workdir / "best").mkdir(parents=True)
        (self.workdir / "best" / "snapshot.json").write_text("{")
        state.images_seen = 64
        evaluator = names.parse("fid0.04k")
        with self._measuring(
            [measure.Measurement(evaluator, {"fid0.04k_x": 3.0})]
        ):
            made(state, {})
        stylegan_tf.load(self.workdir / "best")

    @pytest.mark.slow
    def test_a_data_set_that_is_gone_does_not_stop_training(self):
        config = _config("nowhere", names="fid0.04k")
        state, errors = state_lib.create(config), io.StringIO()
        with contextlib.redirect_stderr(errors):
            self._action(config)(state, {})
        self.assertIn("nowhere", errors.getvalue())

    @pytest.mark.slow
    def test_a_bad_image_is_one_line_for_all_metrics(self):
        (pathlib.Path(self.data) / "zzz.png").write_bytes(b"no image")
        config = _config(self.data, names="fid0.06k,kid0.06k,swd0.06k")
        state, errors = state_lib.create(config), io.StringIO()
        with contextlib.redirect_stderr(errors):
            made = self._action(config)
            made(state, {})
            made(state, {})
        self.assertRegex(
            errors.getvalue(),
            "^fid0.06k, kid0.06k, swd0.06k could not be measured, .*zzz.png",
        )
        self.assertLen(errors.getvalue().splitlines(), 1)

    @parameterized.parameters((True, False), (False, True))
    @pytest.mark.slow
    def test_real_images_are_as_the_run_has_them(self, mirror, repeat):
        config = _config(self.data, names="fid0.06k", repeat_reals=repeat)
        config.data.mirror = mirror
        self._action(config)(state_lib.create(config), {})
        (line,) = (self.workdir / "metrics.jsonl").read_text().splitlines()
        told = json.loads(line)["protocol"]
        self.assertEqual(told["is_mirrored"], mirror)
        self.assertEqual(told["real"], 60 if repeat else 40)

    @pytest.mark.slow
    def test_held_out_images_are_among_the_real_ones(self):
        config = _config(self.data, names="fid0.04k_full")
        config.data.holdout = 0.25
        source, config = inputs.open_data(config)
        self.assertLen(source, 30)
        self._action(config)(state_lib.create(config, source), {})
        (line,) = (self.workdir / "metrics.jsonl").read_text().splitlines()
        self.assertEqual(json.loads(line)["protocol"]["real"], 40)

    def test_an_unknown_metric_is_refused_at_once(self):
        config = _config(self.data, names="fid5k_ful")
        with self.assertRaisesRegex(ValueError, "Did you mean"):
            self._action(config)

    def _measuring(self, found):
        return tf.compat.v1.test.mock.patch.object(
            measure, "measure", lambda work, evaluators: found
        )


def _events(folder):
    """Pairs of tag and step."""
    for path in sorted(folder.glob("events*")):
        for record in tf.data.TFRecordDataset(str(path)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                yield value.tag, event.step


if __name__ == "__main__":
    tf.test.main()
