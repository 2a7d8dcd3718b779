"""The periodic chores of the loop write logs, samples and snapshots.

An action is an object with `period_kimg` and `__call__(state, scalars)`; the
loop calls it at the end of a round in which its period was crossed, after the
last one of a resolution, and after the last one of all. Anything with
the two may be handed to `loop.train`; what it writes with `tf.summary` goes
to the run's TensorBoard logs. What it adds to the scalars, those after it see,
and the log keeps if it comes later.
"""

import pathlib
import time

import numpy as np
import tensorflow as tf

from stylegan_tf import (
    checkpoint,
    generators,
    images,
    latents,
    pictures,
    run_directory,
)
from stylegan_tf.training import collapse, growing, schedule

_SILENT = ("log", "collapse", "augmentation")  # at the end of every round


class Log:
    """Writes scalars to metrics.jsonl and TensorBoard.

    Args:
        config: The run's config.
        workdir: The run directory.
        images_seen: Where the run goes on; rows beyond it, of work that was
            lost with a crash, are dropped.
    """

    name = "log"

    def __init__(self, config, workdir, images_seen):
        self.period_kimg = config.training.log_kimg
        self._path = pathlib.Path(workdir) / run_directory.METRICS
        run_directory.truncate(self._path, images_seen)

    def __call__(self, state, scalars):
        where = {"images_seen": state.images_seen, "time": time.time()}
        run_directory.append(self._path, [where | scalars])
        for name, value in scalars.items():
            tf.summary.scalar(name, value, step=state.images_seen)
        tf.summary.flush()


class SampleGrid:
    """Draws the averaged generator's images of fixed latents.

    Writes `samples/reals.png` at once, and `samples/fakes-IMAGES.png`.

    Args:
        config: The run's config.
        workdir: The run directory.
        sheet: A `sample_sheet.Sheet`.
    """

    name = "samples"

    def __init__(self, config, workdir, sheet):
        training = config.training
        self.period_kimg = training.sample_kimg
        self._columns = sheet.columns
        self._directory = pathlib.Path(workdir) / run_directory.SAMPLES
        self._directory.mkdir(parents=True, exist_ok=True)
        self._generator = None
        self._psi = training.sample_truncation_psi
        self._sheet = sheet
        self._z = latents.of_seeds(sheet.seeds, config.generator.z_size)
        self._write("reals.png", sheet.reals)

    def __call__(self, state, scalars):
        stage = growing.shown(state.config, state.images_seen)
        if self._generator is None or self._generator.stage != stage:
            self._generator = generators.Bound(state.ema_generator, stage)
        fakes = self._fakes(self._psi)
        whole = fakes if self._psi == 1 else self._fakes(psi=1.0)
        scalars.update(collapse.diversity(whole, self._sheet, stage.resolution))
        grid = self._write(f"fakes-{state.images_seen:010d}.png", fakes)
        if grid.shape[-1] == 2:  # TensorBoard can not show grey + alpha
            grid = grid[..., :1]
        tf.summary.image("samples", grid[None], step=state.images_seen)
        tf.summary.flush()

    def _fakes(self, psi):
        ws = self._generator.map(self._z, self._sheet.labels, psi)
        return self._generator.full_size(self._generator.images(ws))

    def _write(self, name, tiles):
        grid = pictures.grid(tiles, self._columns)
        images.write_png(self._directory / name, grid)
        return grid


class SaveSnapshot:
    """Saves everything a run needs to go on, after looking at it."""

    name = "snapshot"

    def __init__(self, config, workdir):
        self.period_kimg = config.training.snapshot_kimg
        self._workdir = workdir

    def __call__(self, state, scalars):
        training = state.config.training
        refuse_non_finite_weights(state)
        checkpoint.save(
            self._workdir,
            state.parts(),
            config=state.config,
            images_seen=state.images_seen,
            stage=growing.shown(state.config, state.images_seen),
        )
        checkpoint.prune(
            self._workdir,
            keep=training.keep_snapshots,
            keep_every_kimg=training.keep_every_kimg,
        )


class NonFiniteError(RuntimeError):
    """A loss or weight is NaN or infinite."""

    def __init__(self, name, images_seen):
        super().__init__(
            f"`{name}` is not finite at images_seen={images_seen}; the run "
            "stopped and its last snapshot is untouched. Lower the learning "
            "rates, raise loss.r1_gamma (and r2_gamma, if it is above 0), or "
            "train in float32 (--config.training.precision=float32); then run "
            "the same command again."
        )
        self.name = name


def refuse_non_finite(scalars, images_seen):
    """Raises `NonFiniteError` for the first bad scalar."""
    for name, value in scalars.items():
        if not np.isfinite(value):
            raise NonFiniteError(name, images_seen)


def refuse_non_finite_weights(state):
    """Raises `NonFiniteError` for the first bad weight."""
    for network in (state.generator, state.discriminator, state.ema_generator):
        for weight in network.weights:
            if not np.isfinite(tf.reduce_sum(tf.abs(weight.value)).numpy()):
                raise NonFiniteError(weight.path, state.images_seen)


def run_due(actions, state, scalars, first, are_all_due):
    """Runs the actions due since `first`, or all; returns those skipped."""

    def is_due(period_kimg):
        images = state.images_seen - first
        return are_all_due or schedule.is_due(
            state.images_seen, images, period_kimg
        )

    if is_due(state.config.training.snapshot_kimg):
        refuse_non_finite_weights(state)  # in every process
    pending = [each for each in actions if not is_due(each.period_kimg)]
    for action in actions:
        if action not in pending:
            action(state, scalars)
    return pending


def next_due(actions, state):
    """Name and kimg of the action that runs next, of those that show."""
    upcoming = []
    for action in actions:
        name = getattr(action, "name", type(action).__name__)
        if action.period_kimg > 0 and name not in _SILENT:
            period = action.period_kimg
            kimg = (state.images_seen // (period * 1000) + 1) * period
            upcoming.append((kimg, name))
    return "{1} at {0:g} kimg".format(*min(upcoming)) if upcoming else ""
