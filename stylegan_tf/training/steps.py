"""The four traced steps: generator and discriminator, each with and without
its regulariser.

A step draws its inputs, computes losses and gradients (`gradients`) and
applies them. XLA may compile losses and gradients; drawing, reducing over
replicas and applying stay outside, where tf.distribute can see them.
"""

import functools

import tensorflow as tf

from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import gradients
from stylegan_tf.training.draws import Purpose


class Steps:
    """Traced training steps of one state under one strategy.

    Every step takes the global batch as values per replica and returns a
    dict of scalars, means over the batch.

    Args:
        state: A `training.state.TrainState`.
        strategy: The `tf.distribute.Strategy` that the state was made under.
        jit_compile: Whether XLA compiles losses and gradients.
        draw: Where random inputs come from; tests bring their own.
    """

    def __init__(self, state, strategy, *, jit_compile=False, draw=draws_lib):
        config = state.config
        self._state, self._config = state, config
        self._strategy, self._draw = strategy, draw
        replicas = strategy.num_replicas_in_sync
        self.replica_batch = config.training.batch_size // replicas
        self.rounds = accumulation_rounds(config, replicas)
        round_batch = self.replica_batch // self.rounds
        self._pl_batch = max(round_batch // config.loss.pl_batch_shrink, 1)
        lengths = self._pl_batch * self.rounds * replicas
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        batch = config.training.batch_size
        self._generator_main = compiled(
            functools.partial(gradients.generator_main, state, config, batch)
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
    def generator(self, labels, images_seen):
        """The adversarial loss of the generator."""
        return self._run(self._generator_step, labels, images_seen, False)

    @tf.function
    def generator_with_path_length(self, labels, images_seen):
        """The adversarial loss and the path length penalty."""
        return self._run(self._generator_step, labels, images_seen, True)

    @tf.function
    def discriminator(self, images, labels, fake_labels, images_seen):
        """The adversarial loss of the discriminator."""
        batch = images, labels, fake_labels, images_seen
        return self._run(self._discriminator_step, *batch, False)

    @tf.function
    def discriminator_with_penalty(
        self, images, labels, fake_labels, images_seen
    ):
        """The adversarial loss and the gradient penalty."""
        batch = images, labels, fake_labels, images_seen
        return self._run(self._discriminator_step, *batch, True)

    @tf.function
    def average(self, decay):
        """Moves the averaged generator."""
        self._strategy.run(gradients.ema_update, args=(self._state, decay))

    def _run(self, step, *args):
        report = self._strategy.run(step, args=args)
        return {
            name: self._strategy.reduce("MEAN", value, axis=None)
            for name, value in report.items()
        }

    def _generator_step(self, labels, images_seen, regularise):
        return self._step(
            self._state.generator,
            self._state.generator_optimizer,
            (self._generator_round, self._path_length_round),
            images_seen,
            (labels,),
            penalty_every=regularise and self._config.loss.g_reg_interval_steps,
        )

    def _discriminator_step(
        self, images, labels, fake_labels, images_seen, regularise
    ):
        if images.dtype == tf.uint8:
            images = tf.cast(images, tf.float32) / 127.5 - 1.0
        return self._step(
            self._state.discriminator,
            self._state.discriminator_optimizer,
            (self._discriminator_round, self._penalty_round),
            images_seen,
            (images, labels, fake_labels),
            penalty_every=regularise and self._config.loss.d_reg_interval_steps,
        )

    def _step(
        self, network, optimizer, rounds, images_seen, batch, penalty_every
    ):
        """The loss's update, and the penalty's: its own where it is lazy."""
        main_round, penalty_round = rounds
        weights = network.trainable_variables
        grads, report = self._accumulate(main_round, images_seen, *batch)
        if penalty_every:
            is_lazy = penalty_every > 1
            if is_lazy:
                optimizer.apply(grads, weights)
            more, more_report = self._accumulate(
                penalty_round, images_seen, *batch
            )
            grads = more if is_lazy else _add(grads, more)
            report.update(more_report)
        optimizer.apply(grads, weights)
        return report

    def _generator_round(self, position, labels):
        inputs = self._draw.generator_inputs(
            self._config, labels, Purpose.GENERATOR, position
        )
        return self._track_w(*self._generator_main(inputs))

    def _path_length_round(self, position, labels):
        labels = labels[: self._pl_batch]
        inputs = self._draw.generator_inputs(
            self._config, labels, Purpose.PATH_LENGTH, position
        )
        y = self._draw.image_noise(
            self._config, self._pl_batch, Purpose.PATH_LENGTH, position
        )
        grads, report = self._path_length_penalty(inputs, y)
        self._state.pl_mean.assign(report["path_length/mean"])
        return self._track_w(grads, report)

    def _discriminator_round(self, position, images, labels, fake_labels):
        inputs = self._draw.generator_inputs(
            self._config, fake_labels, Purpose.DISCRIMINATOR, position
        )
        return self._track_w(*self._discriminator_main(images, labels, inputs))

    def _penalty_round(self, position, images, labels, fake_labels):
        inputs = mixing = None
        if gradients.needs_fakes(self._config):
            inputs = self._draw.generator_inputs(
                self._config, fake_labels, Purpose.PENALTY, position
            )
            mixing = self._draw.mixing_factors(
                self._config, images.shape[0], Purpose.PENALTY, position
            )
        return self._discriminator_penalty(images, labels, inputs, mixing)

    def _track_w(self, grads, report):
        """Moves `w_avg`; its aggregation makes it the replicas' mean."""
        w_avg = self._state.generator.mapping.w_avg
        decay = self._config.generator.w_avg_decay
        w_mean = report.pop("w_mean")
        w_avg.assign(w_mean + (w_avg - w_mean) * decay)
        return grads, report

    def _accumulate(self, compute, images_seen, *batch):
        """Sums gradients of `compute` over slices, one after the other."""
        size = self.replica_batch // self.rounds
        batch = [tensor[: self.replica_batch] for tensor in batch]
        grads, report = compute(images_seen, *(part[:size] for part in batch))
        for index in range(1, self.rounds):
            with tf.control_dependencies(grads):  # free memory in between
                parts = [
                    tf.identity(part[index * size : (index + 1) * size])
                    for part in batch
                ]
                position = tf.identity(images_seen) + index
            more, more_report = compute(position, *parts)
            grads = _add(grads, more)
            report = {name: report[name] + more_report[name] for name in report}
        return grads, {name: v / self.rounds for name, v in report.items()}


def accumulation_rounds(config, replicas):
    """Slices a replica cuts its batch into, so that each fits.

    Raises:
        ValueError: If the batch can not be divided evenly.
    """
    batch = config.training.batch_size
    if batch % replicas:
        raise ValueError(
            f"`training.batch_size` must be a multiple of the {replicas} "
            f"replicas. Received: batch_size={batch}"
        )
    limit = config.training.max_batch_per_replica or batch
    rounds = -(-(batch // replicas) // limit)
    while batch // replicas % rounds:
        rounds += 1
    size, settings = batch // replicas // rounds, config.discriminator
    group = settings.minibatch_group_size if settings.minibatch_channels else 1
    if size % min(group or size, batch // replicas):
        raise ValueError(
            f"{batch} images on {replicas} replicas in {rounds} rounds leave "
            f"{size} at a time, which must be a multiple of "
            f"`discriminator.minibatch_group_size`, {group}"
        )
    return rounds


def _add(grads, more):
    return [a + b for a, b in zip(grads, more, strict=True)]


def _mean_over_replicas(value):
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, value)
