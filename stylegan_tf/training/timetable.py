"""What is due when: the plan of several iterations, as arrays."""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from stylegan_tf.training import augmenting, growing, schedule, step
from stylegan_tf.training import state as state_lib


class Timetable(NamedTuple):
    """What holds and what is due in each of K iterations: arrays `[K]`."""

    images_seen: Any  # before it
    alpha: Any  # of the fade
    generator_lr: Any  # what Adam takes, corrected for lazy regularisers
    discriminator_lr: Any
    ema_decay: Any
    path_length: Any  # whether these are due, if they are lazy
    penalty: Any
    held_out: Any
    augmentation: Any


_TYPES = Timetable(tf.int64, *[tf.float32] * 4, *[tf.bool] * 4)
DUE = {  # updates that are not always due, and the fields that say when
    step.regularise_generator: "path_length",
    step.regularise_discriminator: "penalty",
    step.score_held_out: "held_out",
    step.update_augmentation: "augmentation",
}


def spec(shape):
    """A `Timetable` of `tf.TensorSpec` of a shape."""
    return Timetable(*(tf.TensorSpec(shape, each) for each in _TYPES))


def order(config, *, scores_held_out=False):
    """All updates of an iteration, also those that are due now and then.

    In the order of each generation's official code: the average follows D's
    update, in StyleGAN before G's.
    """
    generator, discriminator = step.of_iteration(config, 0)
    updates = [*discriminator, step.update_average]
    if config.training.discriminator_first:
        updates += generator
    else:
        updates = generator + updates
    if scores_held_out:
        updates.insert(0, step.score_held_out)
    if augmenting.is_adaptive(config):
        updates.append(step.update_augmentation)
    return updates


def of(run, config, images_seen, count, replicas=1):
    """The `Timetable` of the next iterations, as NumPy arrays.

    Args:
        run: The run's config.
        config: That of the resolution, see `growing.config_at`.
        images_seen: Before the first of them.
        count: How many.
        replicas: How many share a batch.
    """
    made, _ = growing.iterations(run, images_seen, replicas)
    rows = []
    for number in range(made, made + count):
        rates = growing.learning_rates(run, images_seen, replicas)
        generator, discriminator = step.of_iteration(config, number)
        rows.append(
            Timetable(
                images_seen,
                growing.shown(run, images_seen).alpha,
                *state_lib.corrected(run, *rates),
                schedule.ema_decay(config, images_seen),
                step.regularise_generator in generator,
                step.regularise_discriminator in discriminator,
                schedule.scores_held_out(run, number),
                augmenting.is_due(config, number + 1),
            )
        )
        images_seen += config.training.batch_size
    columns = zip(zip(*rows, strict=True), _TYPES, strict=True)
    return Timetable(
        *(np.array(column, kind.as_numpy_dtype) for column, kind in columns)
    )
