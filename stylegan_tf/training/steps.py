"""The four traced steps: generator and discriminator, each with and without
its regulariser.

A step draws its inputs, computes losses and gradients (`gradients`) and
applies them. XLA may compile losses and gradients; drawing, reducing over
replicas and applying stay outside, where tf.distribute can see them.
"""

import functools

import tensorflow as tf

from stylegan_tf.networks import growth
from stylegan_tf.training import accumulation, gradients
from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import state as state_lib
from stylegan_tf.training.draws import Purpose


class Steps:
    """Traced training steps of one state and stage under one strategy.

    Every step takes the global batch as values per replica, with labels that
    were drawn for each of its losses, and `alpha`, how far a progressive stage
    has faded in: 1 or a tensor. It returns a dict of scalars, means over the
    batch. What is drawn, is drawn for every round of accumulation: mixing has
    one crossover for as many images as a replica takes at once.

    Args:
        state: A `training.state.TrainState`.
        strategy: The `tf.distribute.Strategy` that the state was made under.
        stage: The config of the stage, see `training.growing.config_at`; by
            default the state's, the largest.
        jit_compile: Whether XLA compiles losses and gradients.
        draw: Where random inputs come from; tests bring their own.
    """

    def __init__(
        self,
        state,
        strategy,
        *,
        stage=None,
        jit_compile=False,
        draw=draws_lib,
    ):
        config = stage or state.config
        self._state, self._config = state, config
        self._strategy, self._draw = strategy, draw
        replicas = strategy.num_replicas_in_sync
        self.replica_batch = config.training.batch_size // replicas
        self.rounds = accumulation.rounds(config, replicas)
        round_batch = self.replica_batch // self.rounds
        self._pl_batch = max(round_batch // config.loss.pl_batch_shrink, 1)
        lengths = self._pl_batch * self.rounds * replicas
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        batch = config.training.batch_size
        self._generator_main = compiled(
            functools.partial(gradients.generator_main, state, config, batch)
        )
        self._make_fakes = compiled(
            functools.partial(gradients.make_fakes, state)
        )
        self._discriminator_main = compiled(
            functools.partial(
                gradients.discriminator_main, state, config, batch
            )
        )
        self._discriminator_penalty = compiled(
            functools.partial(
                gradients.discriminator_penalty, state, config, batch
            )
        )
        self._path_length_penalty = functools.partial(
            gradients.path_length_penalty,
            state,
            config,
            lengths,
            compiled(functools.partial(gradients.path_lengths, state)),
            _mean_over_replicas if replicas > 1 else tf.identity,
        )

    @tf.function
    def generator(self, labels, images_seen, alpha=1.0):
        """The adversarial loss of the generator."""
        batch = labels, images_seen, alpha
        return self._run(self._generator_step, *batch)

    @tf.function
    def generator_with_path_length(
        self, labels, path_length_labels, images_seen, alpha=1.0
    ):
        """The adversarial loss and the path length penalty."""
        batch = labels, images_seen, alpha
        return self._run(self._generator_step, *batch, path_length_labels)

    @tf.function
    def discriminator(
        self, images, labels, fake_labels, images_seen, alpha=1.0
    ):
        """The adversarial loss of the discriminator."""
        batch = images, labels, fake_labels, images_seen, alpha
        return self._run(self._discriminator_step, *batch, False)

    @tf.function
    def discriminator_with_penalty(
        self, images, labels, fake_labels, images_seen, alpha=1.0
    ):
        """The adversarial loss and the gradient penalty."""
        batch = images, labels, fake_labels, images_seen, alpha
        return self._run(self._discriminator_step, *batch, True)

    @tf.function
    def average(self, decay):
        """Moves the averaged generator."""
        self._strategy.run(state_lib.average, args=(self._state, decay))

    def _run(self, step, *args):
        report = self._strategy.run(step, args=args)
        return {
            name: self._strategy.reduce("MEAN", value, axis=None)
            for name, value in report.items()
        }

    def _generator_step(self, labels, images_seen, alpha, path_labels=None):
        where = images_seen, self._stage(alpha)
        optimizer = self._state.generator_optimizer
        weights = self._state.generator.trainable_variables
        grads, report = self._accumulate(self._generator_round, where, labels)
        if path_labels is not None:
            is_lazy = self._config.loss.g_reg_interval_steps > 1
            if is_lazy:
                optimizer.apply(grads, weights)
            more, more_report = self._accumulate(
                self._path_length_round, where, path_labels
            )
            grads = more if is_lazy else accumulation.add(grads, more)
            report |= more_report
        optimizer.apply(grads, weights)
        return report

    def _discriminator_step(
        self, images, labels, fake_labels, images_seen, alpha, penalise
    ):
        if images.dtype == tf.uint8:
            images = tf.cast(images, tf.float32) / 127.5 - 1.0
        if not growth.is_grown(alpha):
            images = growth.fade_images(images, alpha)
        where = images_seen, self._stage(alpha)
        batch = images, labels, fake_labels
        optimizer = self._state.discriminator_optimizer
        weights = self._state.discriminator.trainable_variables
        is_lazy = self._config.loss.d_reg_interval_steps > 1
        compute = functools.partial(
            self._discriminator_round, penalise=penalise and not is_lazy
        )
        grads, report = self._accumulate(compute, where, *batch)
        if penalise and is_lazy:
            optimizer.apply(grads, weights)
            grads, more_report = self._accumulate(
                self._lazy_penalty_round, where, *batch
            )
            report |= more_report
        optimizer.apply(grads, weights)
        return report

    def _stage(self, alpha):
        """What tells progressive networks their stage."""
        if not self._config.is_progressive:
            return {}
        return {"resolution": self._config.resolution, "alpha": alpha}

    def _generator_round(self, position, stage, labels):
        inputs = self._draw.generator_inputs(
            self._config, labels, Purpose.GENERATOR, position
        )
        grads, report = self._generator_main(inputs, **stage)
        self._track_w(report.pop("w_mean"))
        return grads, report

    def _path_length_round(self, position, stage, labels):
        labels = labels[: self._pl_batch]
        inputs = self._draw.generator_inputs(
            self._config, labels, Purpose.PATH_LENGTH, position
        )
        y = self._draw.image_noise(
            self._config, self._pl_batch, Purpose.PATH_LENGTH, position
        )
        grads, report = self._path_length_penalty(inputs, y, **stage)
        self._state.pl_mean.assign(report["path_length/mean"])
        self._track_w(report.pop("w_mean"))
        return grads, report

    def _discriminator_round(
        self, position, stage, images, labels, fake_labels, *, penalise
    ):
        """The loss, and penalties that share its fakes and its update."""
        inputs = self._draw.generator_inputs(
            self._config, fake_labels, Purpose.DISCRIMINATOR, position
        )
        fakes, w_mean = self._make_fakes(inputs, **stage)
        self._track_w(w_mean)
        seen = images, labels, fakes, inputs.labels
        grads, report = self._discriminator_main(*seen, **stage)
        if penalise:
            mixing = self._mixing(position, images.shape[0])
            more, more_report = self._discriminator_penalty(
                *seen, mixing, **stage
            )
            grads = accumulation.add(grads, more)
            report |= more_report
        return grads, report

    def _lazy_penalty_round(self, position, stage, images, labels, fake_labels):
        """Penalties with an update of their own, and fakes of their own."""
        if not gradients.needs_fakes(self._config):
            return self._discriminator_penalty(images, labels, **stage)
        inputs = self._draw.generator_inputs(
            self._config, fake_labels, Purpose.PENALTY, position
        )
        fakes, _ = self._make_fakes(inputs, **stage)
        mixing = self._mixing(position, images.shape[0])
        return self._discriminator_penalty(
            images, labels, fakes, inputs.labels, mixing, **stage
        )

    def _mixing(self, position, count):
        if not self._config.loss.wgan_gp_weight:
            return None
        return self._draw.mixing_factors(
            self._config, count, Purpose.PENALTY, position
        )

    def _track_w(self, w_mean):
        """Moves `w_avg`; its aggregation makes it the replicas' mean."""
        mapping = self._state.generator.mapping
        decay = self._config.generator.w_avg_decay
        if mapping.track_mean:
            w_avg = mapping.w_avg
            w_avg.assign(w_mean + (w_avg - w_mean) * decay)

    def _accumulate(self, compute, where, *batch):
        images_seen, stage = where
        batch = [tensor[: self.replica_batch] for tensor in batch]
        return accumulation.accumulate(
            lambda position, *parts: compute(position, stage, *parts),
            images_seen,
            batch,
            rounds=self.rounds,
        )


def _mean_over_replicas(value):
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, value)
