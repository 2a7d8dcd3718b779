"""Metrics while training, as an action of the loop."""

import math
import pathlib
import sys

import tensorflow as tf
import tqdm

from stylegan_tf import config as config_lib
from stylegan_tf import snapshot_files
from stylegan_tf.evaluation import job, measure, reals, rows
from stylegan_tf.features import detectors
from stylegan_tf.metrics import names, network
from stylegan_tf.networks import build
from stylegan_tf.training import growing, summaries

BEST = "best"  # the snapshot of the lowest FID, or whatever comes first


class Measure:
    """Measures the averaged generator, and keeps the best one.

    Numbers go to metrics.jsonl and TensorBoard. `WORKDIR/best` is the
    snapshot where the first of the metrics was best. A metric that fails
    warns once, and training goes on.

    Args:
        config: The run's `Config`; `config.metrics` says what to measure.
        workdir: The run directory.
        version: Of stylegan_tf, for the rows.
        strategy: What the work is spread over; None: one device.
    Raises:
        ValueError: If there is no such metric.
    """

    name = "metrics"

    def __init__(self, config, workdir, *, version, strategy=None):
        self.period_kimg = config.metrics.period_kimg
        self._protocols = names.parse_all(config.metrics.names)
        self._workdir, self._version = pathlib.Path(workdir), version
        self._strategy = strategy or tf.distribute.get_strategy()
        self._detectors = detectors.Detectors(
            config.metrics.features, config.metrics.classifiers
        )
        self._reals = self._generator = self._network = self._stage = None
        self._warned = set()

    def __call__(self, state, scalars):
        try:
            with self._strategy.scope():
                work = self._job(state)
                found = list(measure.measure(work, self._protocols))
        except Exception as error:  # such as of the data set
            return self._warn(["metrics"], error)
        for reason, failed in measure.failures(found).items():
            self._warn(failed, reason)
        done = [each for each in found if not each.error]
        self._write(state, work, done)
        if done and done[0].protocol == self._protocols[0]:
            self._keep_best(state, done[0])

    def _job(self, state):
        """A float32 copy of the generator at its stage, and the data."""
        if self._reals is None:
            config = config_lib.from_dict(config_lib.to_dict(state.config))
            config.training.precision = "float32"
            self._generator = build.build_generator(config)
            self._reals = reals.Reals(  # the last: the data may be gone
                config.data.path, config, seed=config.training.seed
            )
        self._generator.set_weights(state.ema_generator.get_weights())
        stage = growing.shown(state.config, state.images_seen)
        if self._network is None or stage != self._stage:
            self._stage = stage
            self._network = network.Network(self._generator, stage)
        return job.Job(
            self._network,
            self._detectors,
            self._reals,
            is_mirrored=state.config.data.mirror,
            repeats_reals=state.config.metrics.repeat_reals,
            seed=state.config.training.seed,
        )

    def _write(self, state, work, measurements):
        made = [
            rows.row(
                each,
                work,
                images_seen=state.images_seen,
                version=self._version,
                network=str(self._workdir),
            )
            for each in measurements
        ]
        rows.append(self._workdir / summaries.METRICS_FILE, made)
        for each in measurements:
            for name, value in each.values.items():
                name = summaries.METRICS_PREFIX + name
                tf.summary.scalar(name, value, step=state.images_seen)

    def _keep_best(self, state, measurement):
        name, value = next(iter(measurement.values.items()))
        protocol = measurement.protocol
        if not self._is_better(name, value, protocol.lower_is_better):
            return
        networks = ("generator", "discriminator", "ema_generator")
        snapshot_files.write(
            self._workdir / BEST,
            {each: getattr(state, each) for each in networks},
            config=state.config,
            info={
                "images_seen": state.images_seen,
                "stage": growing.shown(state.config, state.images_seen),
                "metric": name,
                "value": value,
            },
        )

    def _is_better(self, name, value, lower_is_better):
        """Than that of the snapshot that is there, if any."""
        path = self._workdir / BEST
        if not math.isfinite(value):
            return False
        if not snapshot_files.is_snapshot(path):
            return True
        info = snapshot_files.read_info(path)
        if info["metric"] != name:
            return True
        best = info["value"]
        return value < best if lower_is_better else value > best

    def _warn(self, failed, reason):
        failed = [name for name in failed if name not in self._warned]
        if failed:
            self._warned.update(failed)
            tqdm.tqdm.write(  # above the progress bar
                f"{', '.join(failed)} could not be measured, training goes "
                f"on: {reason}",
                file=sys.stderr,
            )
