"""Measures metrics while training, as an action of the loop."""

import contextlib
import math
import pathlib
import sys

import tensorflow as tf
import tqdm

from stylegan_tf import generators, run_directory, snapshot_files
from stylegan_tf.data import holdout
from stylegan_tf.evaluation import job, measure, names, reals, rows
from stylegan_tf.features import detectors
from stylegan_tf.networks import build
from stylegan_tf.training import growing, schedule


class Measure:
    """Measures the averaged generator, and keeps the best one.

    Numbers go to metrics.jsonl and TensorBoard. `WORKDIR/best` is the
    snapshot where the first of the metrics was best. A metric that fails
    warns once, and training goes on.

    Args:
        config: The run's `Config`; `config.metrics` says what to measure.
        workdir: The run directory.
        strategy: What the work is spread over; None: one device.
    Raises:
        ValueError: If there is no such metric.
    """

    name = "metrics"

    def __init__(self, config, workdir, *, strategy=None):
        self.period_kimg = config.metrics.period_kimg
        self._evaluators = names.parse_all(config.metrics.names)
        self._workdir = pathlib.Path(workdir)
        self._strategy = strategy or tf.distribute.get_strategy()
        self._detectors = detectors.Detectors(
            config.metrics.features, config.metrics.classifiers
        )
        self._reals = self._copy = self._generator = None
        self._warned = set()

    def refuse_missing(self):
        """Raises `FileNotFoundError` if networks are not where it says."""
        self._detectors.refuse_missing(
            each.detector for each in self._evaluators
        )

    def __call__(self, state, scalars):
        evaluators = self._unmeasured(state.images_seen)
        if not evaluators:
            return
        try:
            with self._strategy.scope():
                work = self._job(state)
                found = list(measure.measure(work, evaluators))
        except Exception as error:  # such as of the data set
            return self._warn(["metrics"], error)
        for reason, failed in measure.failures(found).items():
            self._warn(failed, reason)
        done = [each for each in found if not each.error]
        # First the best one: where a kill comes between, there is no row, and
        # `catch_up` does both.
        if done and done[0].evaluator == self._evaluators[0]:
            self._keep_best(state, done[0])
        self._write(state, work, done)

    def catch_up(self, state):
        """Measures what a killed run left unmeasured, where it goes on."""
        if self.is_behind(state.config, state.images_seen):
            self(state, {})

    def is_behind(self, config, images_seen):
        """Whether a snapshot at `images_seen` lacks rows that were due."""
        if not images_seen or not self._unmeasured(images_seen):
            return False
        rows = run_directory.read(self._workdir / run_directory.METRICS)
        places = [row["images_seen"] for row in rows]
        before = max((p for p in places if p < images_seen), default=0)
        made = images_seen - before  # in the round that ended here
        starts = growing.starts(config).values()
        return (
            images_seen >= config.training.total_kimg * 1000
            or schedule.is_due(images_seen, made, self.period_kimg)
            or any(before < start <= images_seen for start in starts)
        )

    def _unmeasured(self, images_seen):
        """Evaluators whose rows metrics.jsonl lacks."""
        done = run_directory.measured(self._workdir, images_seen)
        return [each for each in self._evaluators if each.name not in done]

    def _job(self, state):
        """A float32 copy of the generator at its stage, and the data."""
        if self._reals is None:
            config = state.config
            self._copy = build.generator(config)
            seed = config.training.seed  # reals last: they may be refused
            source = holdout.whole(state.source)  # as tools.evaluate's
            self._reals = reals.Reals(
                config.data.path, config, seed=seed, source=source
            )
        self._copy.set_weights(state.ema_generator.get_weights())
        stage = growing.shown(state.config, state.images_seen)
        if self._generator is None or self._generator.stage != stage:
            self._generator = generators.Bound(self._copy, stage)
        return job.Job(
            self._generator,
            self._detectors,
            self._reals,
            is_mirrored=state.config.data.mirror,
            repeats_reals=state.config.metrics.repeat_reals,
            seed=state.config.training.seed,
        )

    def _write(self, state, work, measurements):
        about = {
            "images_seen": state.images_seen,
            "network": str(self._workdir),
        }
        made = [rows.row(each, work, **about) for each in measurements]
        run_directory.append(self._workdir / run_directory.METRICS, made)
        for each in measurements:
            for name, value in each.values.items():
                name = run_directory.METRICS_PREFIX + name
                tf.summary.scalar(name, value, step=state.images_seen)

    def _keep_best(self, state, measurement):
        """Writes a snapshot, unless one is there whose value is as good."""
        name, value = next(iter(measurement.values.items()))
        if not math.isfinite(value):
            return
        sign = 1 if measurement.evaluator.LOWER_IS_BETTER else -1
        path = self._workdir / run_directory.BEST
        with contextlib.suppress(snapshot_files.DamagedError):  # or none yet
            best = snapshot_files.read_info(path)
            if best.get("metric") == name:
                if sign * value >= sign * best["value"]:
                    return
        stage = growing.shown(state.config, state.images_seen)
        networks = ("generator", "discriminator", "ema_generator")
        snapshot_files.write(
            path,
            {each: getattr(state, each) for each in networks},
            config=state.config,
            info={
                "images_seen": state.images_seen,
                "stage": stage.as_dict(),
                "metric": name,
                "value": value,
            },
        )

    def _warn(self, failed, reason):
        failed = [name for name in failed if name not in self._warned]
        if failed:
            self._warned.update(failed)
            tqdm.tqdm.write(  # above the progress bar
                f"{', '.join(failed)} could not be measured, training goes "
                f"on: {reason}",
                file=sys.stderr,
            )
