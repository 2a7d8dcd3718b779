"""Figures are read from hand-made run directories."""

import json
import pathlib

import pytest
import tensorflow as tf

from stylegan_tf import checkpoint, run_directory
from stylegan_tf.comparison import runs
from stylegan_tf.networks import build
from tests.helpers import support

_RATE = "timing/images_per_second"


def _log(workdir, *rows):
    workdir.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row) + "\n" for row in rows]
    (workdir / "metrics.jsonl").write_text("".join(lines))


class LoggedTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.workdir = pathlib.Path(self.create_tempdir().full_path)

    def test_the_rate_is_the_median_and_seconds_add_up(self):
        _log(
            self.workdir,
            {"images_seen": 100, _RATE: 10.0},
            {"images_seen": 300, _RATE: 200.0},
            {"images_seen": 500, _RATE: 100.0},
        )
        told = runs.logged(self.workdir, 500)
        self.assertEqual(told["images_per_second"], 100.0)
        self.assertAllClose(told["seconds"], 10 + 1 + 2)

    def test_rows_after_the_snapshot_or_cut_off_do_not_count(self):
        _log(
            self.workdir,
            {"images_seen": 100, _RATE: 10.0},
            {"images_seen": 200, _RATE: 1000.0, "metrics/fid": 3.0},
        )
        path = self.workdir / "metrics.jsonl"
        path.write_text(path.read_text() + '{"images_s')
        told = runs.logged(self.workdir, 100)
        self.assertEqual(told["images_per_second"], 10.0)
        self.assertEqual(told["metrics"], {})

    def test_metrics_are_the_scalars_of_the_newest_rows(self):
        _log(
            self.workdir,
            {"images_seen": 50, "metrics/pr": 1.0},
            {"images_seen": 100, _RATE: 10.0, "metrics/kid": 1.0},
            {"images_seen": 100, "metrics/fid": 9.0},
            {
                "images_seen": 100,
                "metric": "fid",
                "metrics/fid": 3.5,
                "metrics/ls": float("nan"),
                "metrics/protocol": {"seed": 0},
                "loss/generator": 1.0,
            },
        )
        told = runs.logged(self.workdir, 100)
        self.assertEqual(told["metrics"], {"kid": 1.0, "fid": 3.5, "ls": None})
        self.assertEqual(run_directory.measured(self.workdir, 100), {"fid"})
        self.assertEqual(told["seconds"], 10.0)

    def test_a_run_without_a_log_has_no_figures(self):
        told = runs.logged(self.workdir, 100)
        self.assertIsNone(told["images_per_second"])
        self.assertIsNone(told["seconds"])


class CollectTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.config = support.small_config(resolution=8)
        self.config.training.total_kimg = 2.0
        self.parts = {
            "ema_generator": build.generator(self.config),
            "discriminator": build.discriminator(self.config),
        }

    def _save(self, variant, *names, images_seen=2000):
        checkpoint.save(
            self.folder / variant,
            {name: self.parts[name] for name in names},
            config=self.config,
            images_seen=images_seen,
        )

    def _collect(self, *variants, problems=None):
        workdirs = {each: self.folder / each for each in variants}
        return runs.collect(workdirs, problems or {}, seeds=[3, 4])

    @pytest.mark.slow
    def test_parameters_kimg_and_config_are_the_newest_snapshot_s(self):
        self._save("a", *self.parts)
        _log(self.folder / "a", {"images_seen": 2000, _RATE: 20.0})
        (run,), samples = self._collect("a")
        self.assertEqual(run.problem, "")
        for field, part in (
            ("generator_parameters", "ema_generator"),
            ("discriminator_parameters", "discriminator"),
        ):
            expected = build.count_parameters(self.parts[part])
            self.assertEqual(getattr(run, field), expected)
        self.assertEqual((run.kimg, run.seconds), (2.0, 100.0))
        self.assertEqual(run.config["training"]["precision"], "auto")
        self.assertEqual([*samples], ["a"])
        self.assertEqual(samples["a"].shape, (2, 8, 8, 3))

    @pytest.mark.slow
    def test_parameters_are_counted_where_no_discriminator_was_kept(self):
        self._save("a", "ema_generator", images_seen=500)
        (run,), _ = self._collect("a")
        expected = build.count_parameters(self.parts["discriminator"])
        self.assertEqual(run.discriminator_parameters, expected)
        self.assertEqual(run.problem, "is at 0.5 of 2 kimg")

    @pytest.mark.slow
    def test_failed_missing_and_damaged_runs_are_named(self):
        self._save("failed", "ema_generator")
        self._save("damaged", "discriminator")
        rows, samples = self._collect(
            "failed", "missing", "damaged", problems={"failed": "failed"}
        )
        self.assertEqual(samples, {})
        told = [run.problem for run in rows]
        self.assertEqual(told[:2], ["failed", runs.NOT_TRAINED])
        self.assertIn("holds no averaged generator", told[2])
        self.assertTrue(all(run.kimg is None for run in rows))


if __name__ == "__main__":
    tf.test.main()
