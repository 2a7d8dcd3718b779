"""The training loop: stages of iterations, then actions. Read it first."""

import contextlib
import functools
import math
import pathlib
import signal
import sys
import time
import warnings

import numpy as np
import tensorflow as tf

from stylegan_tf import checkpoint, files, quiet, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.training import actions as actions_lib
from stylegan_tf.training import (
    beforehand,
    devices,
    growing,
    inputs,
    lock,
    progress,
    schedule,
    stages,
    summaries,
    trained_on,
)
from stylegan_tf.training import state as state_lib


def train(config, workdir, *, strategy=None, actions=(), init_from=None):
    """Trains until `config.training.total_kimg`, or until interrupted.

    The run directory is resumed where its newest snapshot is that is whole,
    and locked meanwhile.

    Args:
        config: A `stylegan_tf.config.Config`.
        workdir: The run directory; made if there is none.
        strategy: A `tf.distribute.Strategy`; by default one device.
        actions: More actions, see `training.actions`.
        init_from: What `checkpoint.load` takes, whose networks a new run
            starts from.

    Returns:
        The `training.state.TrainState` at the end.
    """
    workdir = pathlib.Path(workdir)
    strategy = strategy or tf.distribute.get_strategy()
    beforehand.refuse(config, strategy.num_replicas_in_sync, workdir)
    source, config = inputs.open_data(config)
    config = devices.resolve(config)
    is_chief = devices.is_chief(strategy)
    with lock.held(workdir) if is_chief else contextlib.nullcontext():
        return _train(config, source, workdir, strategy, actions, init_from)


def _train(config, source, workdir, strategy, actions, init_from):
    """`train`, once the data are open and the directory is locked."""
    is_chief = devices.is_chief(strategy)
    with strategy.scope():
        state = state_lib.create(config)
    _resume(state, workdir, init_from, is_chief)
    devices.refuse_disagreement(strategy, state.images_seen)
    if is_chief:
        reals = actions_lib.fixed_reals(config, source)  # may be refused
        data = trained_on.describe(source, config.label_size)
        if state.images_seen and (note := trained_on.change(workdir, data)):
            print(note, file=sys.stderr)
        _write_config(config, workdir)
        trained_on.remember(workdir, data)
        writer = summaries.Writer(config, workdir, state.images_seen)
        chores = actions_lib.default_actions(state, workdir, reals, writer)
    actions = [*chores, *actions] if is_chief else []
    events = writer.as_default() if is_chief else contextlib.nullcontext()
    total = math.ceil(config.training.total_kimg * 1000)
    end = growing.end(config, total, strategy.num_replicas_in_sync)
    stage, scalars, pending = None, None, []
    bar = progress.Progress(end, state.images_seen, visible=is_chief)
    with _Interrupt(devices.is_alone(strategy)) as interrupt, events, bar:
        for action in actions:
            if hasattr(action, "catch_up"):
                action.catch_up(state)
        is_asked = functools.partial(devices.any_asks, strategy, interrupt)
        while state.images_seen < total and not is_asked():
            if stage is None or stage.is_over:  # new traces
                stage = stages.Stage(state, strategy, source)
            first = state.images_seen
            scalars = _round(state, stage, bar, interrupt)
            actions_lib.refuse_non_finite(scalars, state.images_seen)
            # All at the end, in their order: the last snapshot says that the
            # run is done, so what comes before it must not come after.
            are_all_due = (
                stage.is_over or state.images_seen >= total or interrupt.asked
            )
            pending = _act(actions, state, scalars, first, are_all_due)
            bar.describe(scalars, _next_due(actions, state))
        for action in pending:  # of a round in which it was told to stop
            action(state, scalars)
    return state


def _round(state, stage, bar, interrupt):
    """Iterations up to the next multiple of `log_kimg`; their means."""
    training = stage.config.training
    start, reports = time.perf_counter(), []
    first, is_over = state.images_seen, False
    while not is_over:
        reports.append(stage.iterate())
        bar.advance(training.batch_size)
        is_over = (
            interrupt.ends_round
            or stage.is_over
            or state.images_seen >= training.total_kimg * 1000
            or schedule.is_due(
                state.images_seen, training.batch_size, training.log_kimg
            )
        )
    scalars = {**_means(reports), **stage.scalars()}
    seconds = time.perf_counter() - start
    images = state.images_seen - first
    scalars["timing/images_per_second"] = images / seconds
    scalars["timing/sec_per_kimg"] = seconds / images * 1000
    for name in ("generator", "discriminator"):
        optimizer = getattr(state, f"{name}_optimizer")
        rate = float(tf.convert_to_tensor(optimizer.learning_rate))
        scalars[f"learning_rate/{name}"] = rate
    return {**scalars, **summaries.memory_gib()}


def _means(reports):
    """Means of what was reported, as floats; waits for the device."""
    names = sorted({name for report in reports for name in report})
    return {
        name: float(np.mean([r[name] for r in reports if name in r]))
        for name in names
    }


def _act(actions, state, scalars, first, are_all_due):
    """Runs what fell due since `first`, or all; returns the others."""

    def is_due(period_kimg):
        images = state.images_seen - first
        return are_all_due or schedule.is_due(
            state.images_seen, images, period_kimg
        )

    if is_due(state.config.training.snapshot_kimg):
        actions_lib.refuse_non_finite_weights(state)  # in every process
    pending = []
    for action in actions:
        if is_due(action.period_kimg):
            action(state, scalars)
        else:
            pending.append(action)
    return pending


def _next_due(actions, state):
    """Name and kimg of the action that runs next, but for the log."""
    upcoming = []
    for action in actions:
        name = getattr(action, "name", type(action).__name__)
        if action.period_kimg > 0 and name != "log":
            period = action.period_kimg
            kimg = (state.images_seen // (period * 1000) + 1) * period
            upcoming.append((kimg, name))
    return "{1} at {0:g} kimg".format(*min(upcoming)) if upcoming else ""


def _resume(state, workdir, init_from, is_chief):
    """Fills the state from the run's newest whole snapshot, or another's."""
    newest, damaged = checkpoint.newest(workdir)
    if damaged and newest is None:
        raise ValueError(
            f"{damaged[0]} No snapshot of the run is whole: give another "
            f"--workdir, or remove {damaged[0].path.parent} to begin anew."
        )
    if is_chief:
        checkpoint.tidy(workdir)
        for error in damaged:
            aside = checkpoint.set_aside(error.path)
            print(
                f"{error} It is kept as {aside.name}, and the run goes on "
                f"from {newest}.",
                file=sys.stderr,
            )
    if newest is not None:
        state.images_seen = checkpoint.restore(
            newest, state.parts(), state.config
        )
    elif init_from is not None:
        networks = {name: getattr(state, name) for name in checkpoint.NETWORKS}
        held = checkpoint.initialize(networks, init_from, state.config)
        if "discriminator" not in held:
            warnings.warn(
                f"{init_from} holds no discriminator: it starts untrained",
                stacklevel=2,
            )


def _write_config(config, workdir):
    files.write(workdir / run_directory.CONFIG, config_lib.to_json(config))


class _Interrupt:
    """Turns the first Ctrl-C (or SIGTERM) into `asked`; the second kills.

    So does a terminal that is closed (SIGHUP), which tells it several times.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self, is_alone):
        self.asked = False
        self._is_alone = is_alone

    def __enter__(self):
        self._before = {}
        try:
            for number in self._SIGNALS:
                before = signal.signal(number, self._ask)
                self._before[number] = before
            if self._before[signal.SIGHUP] == signal.SIG_IGN:  # nohup
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
        except ValueError:
            pass  # not the main thread: nothing to catch
        return self

    @property
    def ends_round(self):
        """Whether to stop at once; several workers must agree first."""
        return self.asked and self._is_alone

    def _ask(self, number, frame):
        self.asked = True
        if number == signal.SIGHUP:
            quiet.leave_terminal()
            return
        print(
            "\nStopping: saving after this step; again to quit at once.",
            file=sys.stderr,
        )
        self._restore(signal.SIGINT, signal.SIGTERM)

    def _restore(self, *numbers):
        for number in numbers:
            signal.signal(number, self._before[number])

    def __exit__(self, *args):
        self._restore(*self._before)
