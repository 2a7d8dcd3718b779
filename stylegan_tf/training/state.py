"""Holds everything that changes while training."""

import dataclasses
import sys
import warnings
from typing import Any

import keras
import tensorflow as tf

from stylegan_tf import checkpoint
from stylegan_tf.networks import build
from stylegan_tf.training import adam, augmenting, freezing, schedule


@dataclasses.dataclass
class TrainState:
    """Networks, optimizers, data and where the run is."""

    config: Any  # resolved stylegan_tf.config.Config
    generator: keras.Model
    discriminator: keras.Model
    ema_generator: keras.Model
    generator_optimizer: keras.optimizers.Optimizer
    discriminator_optimizer: keras.optimizers.Optimizer
    pl_mean: tf.Variable  # running mean path length
    augment: tf.Variable | None = None  # of `augmenting`; None: off
    source: Any = None  # the run's `data.source.Source`, in full size
    images_seen: int = 0

    def parts(self):
        """What a snapshot holds, by name."""
        others = "generator_optimizer", "discriminator_optimizer", "pl_mean"
        parts = {
            name: getattr(self, name) for name in checkpoint.NETWORKS + others
        }
        if self.augment is not None:
            parts["augment_p"] = self.augment
        return parts


def create(config, source=None):
    """A fresh `TrainState`; call it inside `strategy.scope()`.

    Models and optimizers are built at once: inside a traced step their
    weights could not be made (keras#23085).
    """
    keras.utils.set_random_seed(config.training.seed)
    precision = {"precision": config.training.precision}
    generator = build.generator(config, **precision)
    discriminator = build.discriminator(config, **precision)
    ema_generator = build.generator(config, name="ema_generator", **precision)
    ema_generator.set_weights(generator.get_weights())
    training, loss = config.training, config.loss
    state = TrainState(
        config=config,
        source=source,
        generator=generator,
        discriminator=discriminator,
        ema_generator=ema_generator,
        generator_optimizer=_adam(
            training, training.generator_lr, loss.g_reg_interval_steps
        ),
        discriminator_optimizer=_adam(
            training, training.discriminator_lr, loss.d_reg_interval_steps
        ),
        pl_mean=tf.Variable(
            0.0,
            trainable=False,
            name="pl_mean",
            aggregation=tf.VariableAggregation.MEAN,
        ),
        augment=augmenting.variable(config),
    )
    state.generator_optimizer.build(generator.trainable_variables)
    state.discriminator_optimizer.build(discriminator.trainable_variables)
    return state


def resume(state, workdir, init_from, is_chief):
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
        freezing.forget(
            state.discriminator_optimizer,
            state.discriminator,
            state.config.training.freeze_d_layers,
        )
        if state.config.augment.mode == "fixed":  # maybe another p than before
            state.augment.assign(augmenting.start(state.config))
    elif init_from is not None:
        _start_from(state, init_from, is_chief)
    else:
        freezing.refuse_untrained(state.config)


def _start_from(state, init_from, is_chief):
    """Fills the networks from others, and says what did not fit."""
    networks = {name: getattr(state, name) for name in checkpoint.NETWORKS}
    copied = checkpoint.initialize(networks, init_from, state.config)
    freezing.refuse_new(copied, state.discriminator, state.config)
    if "discriminator" not in copied:
        warnings.warn(
            f"{init_from} holds no discriminator: it starts untrained",
            stacklevel=3,
        )
    if is_chief:
        frozen = freezing.describe(state.discriminator, state.config)
        lines = [*checkpoint.words_of(init_from, copied), frozen]
        print(*filter(None, lines), sep="\n", file=sys.stderr)


def corrected(config, generator_lr, discriminator_lr):
    """Both rates as Adam takes them, corrected for lazy regularisers."""
    loss = config.loss
    return (
        generator_lr * schedule.lazy_correction(loss.g_reg_interval_steps),
        discriminator_lr * schedule.lazy_correction(loss.d_reg_interval_steps),
    )


def set_learning_rates(state, generator_lr, discriminator_lr):
    """Sets both rates, as of `corrected`."""
    state.generator_optimizer.learning_rate.assign(generator_lr)
    state.discriminator_optimizer.learning_rate.assign(discriminator_lr)


def reset_optimizers(state):
    """Makes Adam forget everything but its learning rate."""
    for optimizer in (state.generator_optimizer, state.discriminator_optimizer):
        for variable in optimizer.variables:
            if not variable.path.endswith("/learning_rate"):
                variable.assign(tf.zeros(variable.shape, variable.dtype))


def _adam(training, learning_rate, interval_steps):
    """Adam with the correction for its lazy regulariser's extra steps."""
    correction = schedule.lazy_correction(interval_steps)
    return adam.Adam(
        learning_rate=learning_rate * correction,
        beta_1=training.adam_beta1**correction,
        beta_2=training.adam_beta2**correction,
        epsilon=training.adam_epsilon,
    )
