"""The iterations at one resolution, many of them in one call of the host.

What an iteration does is a list of updates, some of which are due now and
then. The host writes a `timetable` of them; then one traced loop makes as many
iterations as fit into about a second, so that a device never waits for Python,
and Ctrl-C never for long.
"""

import functools
import time

import tensorflow as tf

from stylegan_tf.training import (
    devices,
    growing,
    inputs,
    schedule,
    step,
    timetable,
)
from stylegan_tf.training import state as state_lib

_SHORT = 0.5  # seconds; after shorter calls the next makes twice as many
_LONG = 2.0  # and after longer ones half as many


class Iterations:
    """The iterations at one resolution; a run without growing has one.

    Args:
        state: The run's `training.state.TrainState`.
        strategy: The `tf.distribute.Strategy` that it was made under.
    """

    def __init__(self, state, strategy):
        self._state, self._strategy, run = state, strategy, state.config
        self._replicas = strategy.num_replicas_in_sync
        self.config = growing.config_at(run, state.images_seen, self._replicas)
        self._updates = step.bound(state, strategy, config=self.config)
        where = self.config, state.source, strategy
        self._batches = inputs.batches(*where, state.images_seen)
        made, _ = growing.iterations(run, state.images_seen, self._replicas)
        self._held_out = inputs.held_out_batches(*where, made)
        self._fades = growing.fades(run, self.config.resolution)
        self._most, self._reported = 1, {}
        self._several = tf.function(
            self._make,
            input_signature=[timetable.spec([None])],
            autograph=False,
        )

    @property
    def is_traced(self):
        """Whether the first call, which takes long, has been."""
        return bool(self._reported)

    @property
    def are_over(self):
        """Whether the run has outgrown the resolution."""
        return self._is_outgrown(self._state.images_seen)

    def iterate(self, count=None):
        """Makes iterations; what each reports, a list of dicts of floats.

        Args:
            count: How many; by default as many as take about a second, up to
                where the host has something to do.
        """
        state, began = self._state, time.perf_counter()
        before, batch = state.images_seen, self.config.training.batch_size
        made = count or self._stretch()
        table = timetable.of(
            state.config, self.config, before, made, self._replicas
        )
        with inputs.in_their_own_words():
            values = self._several(table).numpy()
        state.images_seen += made * batch
        last = state.images_seen - batch
        if growing.resets_optimizers(state.config, last, state.images_seen):
            state_lib.reset_optimizers(state)
        # One process must not make more iterations than another.
        seconds = devices.mean_over_processes(
            self._strategy, time.perf_counter() - began
        )
        if seconds < _SHORT and made == self._most:
            self._most *= 2
        elif seconds > _LONG:
            self._most = max(self._most // 2, 1)
        return self._reports(table, values)

    def scalars(self):
        """Where in its growth the run is, to report."""
        shown = growing.shown(self._state.config, self._state.images_seen)
        alpha = 1.0 if self.are_over else shown.alpha
        return {
            "stage/resolution": self.config.resolution,
            "stage/alpha": alpha,
            "stage/batch_size": self.config.training.batch_size,
        }

    def ends_round(self, images_seen):
        """Whether the loop looks up after the iteration that ends there."""
        training = self.config.training
        return (
            self._is_outgrown(images_seen)
            or images_seen >= training.total_kimg * 1000
            or schedule.is_due(
                images_seen, training.batch_size, training.log_kimg
            )
        )

    def _is_outgrown(self, images_seen):
        size = growing.resolution(self._state.config, images_seen)
        return size != self.config.resolution

    def _stretch(self):
        """How many iterations make up the next call."""
        seen, batch = self._state.images_seen, self.config.training.batch_size
        for count in range(1, self._most):
            end = seen + count * batch
            if self.ends_round(end) or growing.resets_optimizers(
                self._state.config, end - batch, end
            ):
                return count
        return self._most

    def _make(self, table):
        """The traced loop: what is reported in every iteration, `[K, R]`."""
        updates = timetable.order(
            self.config, scores_held_out=self._held_out is not None
        )
        count = tf.shape(table.images_seen)[0]

        def one(number, rows):
            at = timetable.Timetable(*(column[number] for column in table))
            values = self._iteration(updates, at)
            return number + 1, rows.write(number, tf.stack(values))

        _, rows = tf.while_loop(
            lambda number, rows: number < count,
            one,
            (0, tf.TensorArray(tf.float32, count)),
            parallel_iterations=1,
        )
        return rows.stack()

    def _iteration(self, updates, at):
        """One iteration, at a row of the timetable; the values reported."""
        batch, values = next(self._batches), []
        rates = at.generator_lr, at.discriminator_lr
        state_lib.set_learning_rates(self._state, *rates)

        for update in updates:
            call = functools.partial(self._call, update, batch, at)
            if update in timetable.DUE:
                is_due = getattr(at, timetable.DUE[update])
                nothing = functools.partial(self._nothing, update)
                values += tf.cond(is_due, call, nothing)
            else:
                values += call()
        return values

    def _call(self, update, batch, at):
        """Makes an update; what it reports, in the order of its names."""
        if update is step.score_held_out:
            batch = next(self._held_out)
        report = self._updates[update](*self._arguments(update, batch, at))
        self._reported[update] = sorted(report)
        return [report[name] for name in self._reported[update]]

    def _nothing(self, update):
        """In the place of an update that is not due; traced after it."""
        return [tf.constant(0.0)] * len(self._reported[update])

    def _arguments(self, update, batch, at):
        """What the update takes."""
        if update is step.update_average:
            return (at.ema_decay,)
        if update is step.update_augmentation:
            return ()
        stage = growing.shown(self._state.config, self._state.images_seen)
        alpha = at.alpha if self._fades else 1.0
        return batch, at.images_seen, stage._replace(alpha=alpha)

    def _reports(self, table, values):
        """A dict an iteration, of what was due."""
        reports = []
        for number, row in enumerate(values.tolist()):
            row, report = iter(row), {}
            for update, names in self._reported.items():
                found = {name: next(row) for name in names}
                field = timetable.DUE.get(update)
                if field is None or getattr(table, field)[number]:
                    report |= found
            reports.append(report)
        return reports
