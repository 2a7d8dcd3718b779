"""One stage of a run: its batches, its traced steps, its iterations."""

import tensorflow as tf

from stylegan_tf.training import growing, inputs, schedule
from stylegan_tf.training import state as state_lib
from stylegan_tf.training import steps as steps_lib


class Stage:
    """What is made anew for every resolution; a run without growing has one.

    Args:
        state: The run's `training.state.TrainState`.
        strategy: The `tf.distribute.Strategy` that it was made under.
        source: The run's `data.sources.Source`, of images in full size.
    """

    def __init__(self, state, strategy, source):
        self._state = state
        self._replicas = strategy.num_replicas_in_sync
        self.config = growing.config_at(
            state.config, state.images_seen, self._replicas
        )
        self._steps = steps_lib.Steps(
            state,
            strategy,
            stage=self.config,
            jit_compile=state.config.training.jit_compile == "on",
        )
        self._batches = inputs.batches(
            self.config, source, strategy, state.images_seen
        )
        self._rates = None

    @property
    def is_over(self):
        """Whether the run has outgrown the stage."""
        state = self._state
        size = growing.resolution(state.config, state.images_seen)
        return size != self.config.resolution

    def iterate(self):
        """One generator and one discriminator step, and the average.

        In the order of each generation's official code: the average follows
        the discriminator's step, in StyleGAN before the generator's.
        """
        state = self._state
        config, images_seen = state.config, state.images_seen
        batch = inputs.next_batch(self._batches)
        self._set_learning_rates()
        step = growing.step(config, images_seen, self._replicas)
        where = tf.constant(images_seen, tf.int64), self._alpha()
        report = {}
        if not config.training.discriminator_first:
            report |= self._update_generator(batch, step, where)
        report |= self._update_discriminator(batch, step, where)
        decay = schedule.ema_decay(self.config, images_seen)
        self._steps.average(tf.constant(decay, tf.float32))
        if config.training.discriminator_first:
            report |= self._update_generator(batch, step, where)
        state.images_seen += self.config.training.batch_size
        if growing.resets_optimizers(config, images_seen, state.images_seen):
            state_lib.reset_optimizers(state)
        return report

    def scalars(self):
        """What tells where in its growing the run is."""
        shown = growing.shown(self._state.config, self._state.images_seen)
        if not shown or self.is_over:
            shown = {"resolution": self.config.resolution, "alpha": 1.0}
        return {
            "stage/resolution": shown["resolution"],
            "stage/alpha": shown["alpha"],
            "stage/batch_size": self.config.training.batch_size,
        }

    def _update_generator(self, batch, step, where):
        _, _, fake_labels = batch
        labels = fake_labels.generator
        if schedule.runs_path_length(self.config, step):
            return self._steps.generator_with_path_length(
                labels, fake_labels.path_length, *where
            )
        return self._steps.generator(labels, *where)

    def _update_discriminator(self, batch, step, where):
        images, labels, fake_labels = batch
        update = self._steps.discriminator
        if schedule.runs_discriminator_penalty(self.config, step):
            update = self._steps.discriminator_with_penalty
        return update(images, labels, fake_labels.discriminator, *where)

    def _alpha(self):
        """A tensor where the stage fades in: one trace for all of it."""
        config, images_seen = self._state.config, self._state.images_seen
        if not growing.fades(config, self.config.resolution):
            return 1.0
        return tf.constant(growing.alpha(config, images_seen), tf.float32)

    def _set_learning_rates(self):
        state = self._state
        rates = growing.learning_rates(
            state.config, state.images_seen, self._replicas
        )
        if rates != self._rates:
            state_lib.set_learning_rates(state, *rates)
            self._rates = rates
