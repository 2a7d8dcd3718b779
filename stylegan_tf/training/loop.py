"""The training loop: iterations, resolution by resolution, and actions.

Read it first, then `iterations`, then the four updates in `step`.
"""

import contextlib
import functools
import math
import pathlib
import sys
import time

import numpy as np
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import files, run_directory
from stylegan_tf.training import actions as actions_lib
from stylegan_tf.training import (
    augmenting,
    collapse,
    continuing,
    devices,
    growing,
    inputs,
    interrupt,
    lock,
    precisions,
    progress,
    sample_sheet,
    settling,
    summaries,
)
from stylegan_tf.training import iterations as iterations_lib
from stylegan_tf.training import state as state_lib


def train(
    config,
    workdir,
    *,
    strategy=None,
    actions=(),
    init_from=None,
    source=None,
):
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
        source: The data, if `inputs.open_data` opened them for `config`.

    Returns:
        The `training.state.TrainState` at the end.
    """
    workdir = pathlib.Path(workdir)
    strategy = strategy or tf.distribute.get_strategy()
    replicas = strategy.num_replicas_in_sync
    config, _ = settling.settle(
        config, replicas=replicas, workdir=workdir, init_from=init_from
    )
    continuing.refuse(config, replicas, workdir)
    if source is None:
        source, config = inputs.open_data(config)
    config = devices.resolve(config)
    is_chief = devices.is_chief(strategy)
    with lock.held(workdir) if is_chief else contextlib.nullcontext():
        with strategy.scope():
            state = state_lib.create(config, source)
        return _train(state, workdir, strategy, actions, init_from)


def _train(state, workdir, strategy, actions, init_from):
    """`train`, once the data are open and the directory is locked."""
    is_chief = devices.is_chief(strategy)
    state_lib.resume(state, workdir, init_from, is_chief)
    devices.refuse_disagreement(strategy, state.images_seen)
    if is_chief:
        logs, chores = _begin_records(state, workdir)
    actions = [*chores, *actions] if is_chief else []
    events = logs.as_default() if is_chief else contextlib.nullcontext()
    total = math.ceil(state.config.training.total_kimg * 1000)
    replicas = strategy.num_replicas_in_sync
    _, end = growing.iterations(state.config, total, replicas)
    iterations, pending = None, []
    bar = progress.bar(end, state.images_seen, visible=is_chief)
    stop = interrupt.Interrupt(devices.is_alone(strategy))
    with stop, events, bar:
        for action in actions:
            if hasattr(action, "catch_up"):
                action.catch_up(state)
        is_asked = functools.partial(devices.any_asks, strategy, stop)
        while state.images_seen < total and not is_asked():
            if iterations is None or iterations.are_over:  # new traces
                progress.prepare(bar)
                iterations = iterations_lib.Iterations(state, strategy)
            first = state.images_seen
            scalars = _round(state, iterations, bar, stop)
            actions_lib.refuse_non_finite(scalars, state.images_seen)
            # All at the end, in their order: the last snapshot says that the
            # run is done, so what comes before it must not come after.
            are_all_due = (
                iterations.are_over or state.images_seen >= total or stop.asked
            )
            pending = actions_lib.run_due(
                actions, state, scalars, first, are_all_due
            )
            due = actions_lib.next_due(actions, state)
            progress.describe(bar, scalars, due)
        for action in pending:  # of a round in which it was told to stop
            action(state, scalars)
    return state


def _round(state, iterations, bar, stop):
    """Iterations up to the next multiple of `log_kimg`; their means."""
    training = iterations.config.training
    start, reports = time.perf_counter(), []
    first, is_over = state.images_seen, False
    while not is_over:
        was_traced = iterations.is_traced
        with precisions.products(training.precision):
            made = iterations.iterate()
        if not was_traced:
            progress.begin(bar)
        reports += made
        bar.update(len(made) * training.batch_size)
        is_over = stop.ends_round or iterations.ends_round(state.images_seen)
    scalars = {**_means(reports), **iterations.scalars()}
    scalars |= augmenting.scalars(state.augment)
    scalars |= collapse.memorisation(reports)
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
    """Means of what was reported, as floats."""
    names = sorted({name for report in reports for name in report})
    return {
        name: float(np.mean([r[name] for r in reports if name in r]))
        for name in names
    }


def _begin_records(state, workdir):
    """What the run directory keeps from the start: its logs, its chores."""
    config, source = state.config, state.source
    sheet = sample_sheet.make(config, source)  # may be refused
    data = continuing.describe(source, config.label_size)
    if state.images_seen and (note := continuing.other_data(workdir, data)):
        print(note, file=sys.stderr)
    files.write(workdir / run_directory.CONFIG, config_lib.to_json(config))
    continuing.remember(workdir, data)
    where = config, workdir, state.images_seen
    notes = [augmenting.Notes(*where)] * augmenting.is_adaptive(config)
    return summaries.open_logs(*where), [
        actions_lib.SampleGrid(config, workdir, sheet),
        collapse.Watch(*where),
        *notes,
        actions_lib.Log(*where),
        actions_lib.SaveSnapshot(config, workdir),
    ]
