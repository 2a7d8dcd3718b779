"""The updates of a training iteration. Read it after the loop.

Each reads from top to bottom: what is drawn for a slice of the batch, the
gradients on it, their application. It sees one replica. Round it come
tf.distribute and tracing (`traced`), accumulation over slices and XLA
(`replica`).

Those of the two networks, and the score of held-out images, take a
`replica.Replica`, its share of an `inputs.Batch`, how many images were seen
before (an int64 scalar) and the `networks.growth.Stage` that is shown. They
return a dict of scalars to report, means over the batch.
"""

import functools

import tensorflow as tf

from stylegan_tf.networks import growth
from stylegan_tf.training import (
    accumulation,
    augmenting,
    gradients,
    schedule,
)
from stylegan_tf.training import draws as draws_lib
from stylegan_tf.training import replica as replica_lib
from stylegan_tf.training.draws import Purpose

# What is drawn to augment what D's loss judges.
_OF_LOSS = {"reals": Purpose.AUGMENT_REALS, "fakes": Purpose.AUGMENT_FAKES}


def update_generator(replica, batch, images_seen, stage=growth.GROWN):
    """Updates G on its adversarial loss, and on a path length not lazy."""
    grads, report = _generator_gradients(replica, batch, images_seen, stage)
    is_lazy = replica.config.loss.g_reg_interval_steps > 1
    if not is_lazy and schedule.runs_path_length(replica.config, 0):
        more, more_report = _path_length_gradients(
            replica, batch, images_seen, stage
        )
        grads = accumulation.add(grads, more)
        report = report | more_report
    replica.state.generator_optimizer.apply(grads)
    return report


def regularise_generator(replica, batch, images_seen, stage=growth.GROWN):
    """Updates G on the lazy path length (arXiv 1912.04958, appendix B)."""
    grads, report = _path_length_gradients(replica, batch, images_seen, stage)
    replica.state.generator_optimizer.apply(grads)
    return report


def _generator_gradients(replica, batch, images_seen, stage):
    """Of the adversarial loss."""
    is_relativistic = replica.config.loss.adversarial == "relativistic"
    purposes = {"fakes": Purpose.AUGMENT_GENERATOR}
    if is_relativistic:
        purposes["reals"] = Purpose.AUGMENT_OPPONENTS

    def of_slice(position, labels, *opponents):
        draws = replica.draw.generator_inputs(
            replica.config, labels, Purpose.GENERATOR, position
        )
        augmentation = replica.draw_augmentation(
            labels.shape[0], position, **purposes
        )
        grads, report = replica.generator_loss(
            draws, stage, augmentation, opponents
        )
        replica.track_w(report.pop("w_mean"))
        return grads, report

    opponents = _judged(batch, stage)[:2] if is_relativistic else ()
    return replica.accumulate(
        of_slice, images_seen, batch.fake_labels.generator, *opponents
    )


def _path_length_gradients(replica, batch, images_seen, stage):
    """Of the path length penalty, on a part of the batch."""
    config, draw = replica.config, replica.draw

    def of_slice(position, labels):
        count = max(labels.shape[0] // config.loss.pl_batch_shrink, 1)
        purpose = Purpose.PATH_LENGTH, position
        draws = draw.generator_inputs(config, labels[:count], *purpose)
        y = draw.image_noise(config, count, *purpose)
        grads, report = replica.path_length_penalty(draws, y, stage)
        replica.state.pl_mean.assign(report["path_length/mean"])
        replica.track_w(report.pop("w_mean"))
        return grads, report

    return replica.accumulate(
        of_slice, images_seen, batch.fake_labels.path_length
    )


def update_discriminator(replica, batch, images_seen, stage=growth.GROWN):
    """Updates D on its adversarial loss, and on penalties not lazy.

    These look at the fakes of the loss.
    """
    config = replica.config
    is_lazy = config.loss.d_reg_interval_steps > 1
    is_penalised = not is_lazy and schedule.runs_penalty(config, 0)

    def of_slice(position, reals, labels, fake_labels):
        draws = replica.draw.generator_inputs(
            config, fake_labels, Purpose.DISCRIMINATOR, position
        )
        fakes, w_mean = replica.make_fakes(draws, stage)
        replica.track_w(w_mean)
        seen = reals, labels, fakes, draws.labels
        augmentation = replica.draw_augmentation(
            labels.shape[0], position, **_OF_LOSS
        )
        grads, report = replica.discriminator_loss(*seen, stage, augmentation)
        if is_penalised:
            more, more_report = _penalty_gradients(
                replica, seen, position, stage
            )
            grads = accumulation.add(grads, more)
            report = report | more_report
        return grads, report

    grads, report = replica.accumulate(
        of_slice, images_seen, *_judged(batch, stage)
    )
    replica.state.discriminator_optimizer.apply(grads)
    replica.observe(augmenting.observed, report)
    return report


def regularise_discriminator(replica, batch, images_seen, stage=growth.GROWN):
    """Updates D on lazy R1, R2 and WGAN-GP penalties, with their own fakes."""
    config = replica.config

    def of_slice(position, reals, labels, fake_labels):
        fakes = None
        if gradients.needs_fakes(config):
            draws = replica.draw.generator_inputs(
                config, fake_labels, Purpose.PENALTY, position
            )
            fakes, _ = replica.make_fakes(draws, stage)
            fake_labels = draws.labels
        seen = reals, labels, fakes, fake_labels
        return _penalty_gradients(replica, seen, position, stage)

    grads, report = replica.accumulate(
        of_slice, images_seen, *_judged(batch, stage)
    )
    replica.state.discriminator_optimizer.apply(grads)
    return report


def _penalty_gradients(replica, seen, position, stage):
    """Of D's penalties on a slice of reals and fakes, each with its labels."""
    config, count = replica.config, seen[0].shape[0]
    mixing = None
    if config.loss.wgan_gp_weight:
        mixing = replica.draw.mixing_factors(
            config, count, Purpose.PENALTY, position
        )
    augmentation = replica.draw_augmentation(
        count, position, **_of_penalties(config)
    )
    return replica.discriminator_penalty(*seen, mixing, stage, augmentation)


def of_iteration(config, step):
    """The updates of G, and those of D, in the iteration after `step` others.

    Lazy regularisers follow the losses; others are within these.
    """
    loss = config.loss
    generator, discriminator = [update_generator], [update_discriminator]
    is_lazy = loss.g_reg_interval_steps > 1
    if is_lazy and schedule.runs_path_length(config, step):
        generator.append(regularise_generator)
    is_lazy = loss.d_reg_interval_steps > 1
    if is_lazy and schedule.runs_penalty(config, step):
        discriminator.append(regularise_discriminator)
    return generator, discriminator


def score_held_out(replica, batch, images_seen, stage=growth.GROWN):
    """Scores held-out images as `update_discriminator` scores the reals."""

    def of_slice(position, reals, labels):
        augmentation = replica.draw_augmentation(
            labels.shape[0], position, reals=Purpose.AUGMENT_HELD_OUT
        )
        return [], replica.held_out_scores(reals, labels, stage, augmentation)

    reals, labels, _ = _judged(batch, stage)
    _, report = replica.accumulate(of_slice, images_seen, reals, labels)
    replica.observe(augmenting.observed_held_out, report)
    return report


def update_average(replica, decay):
    """Moves the averaged generator: weights decay, other state is copied."""
    state = replica.state
    pairs = zip(
        state.ema_generator.weights, state.generator.weights, strict=True
    )
    for mean, weight in pairs:
        if weight.trainable:
            mean.assign(weight + (mean - weight) * decay)
        else:
            mean.assign(weight)
    return {}


def update_augmentation(replica):
    """Moves p, the strength of augmentation."""
    vector = replica.state.augment
    new, report = augmenting.moved(tf.convert_to_tensor(vector), replica.config)
    vector.assign(new)
    return report


def traced(state, strategy, **options):
    """Dict of all updates, scores and averages: to a traced one of `bound`.

    Args:
        state: What `bound` takes, like all others.
        strategy: The same.
        **options: The same.
    """
    return {
        each: tf.function(function, autograph=False)
        for each, function in bound(state, strategy, **options).items()
    }


def bound(state, strategy, *, config=None, jit_compile=None, draw=draws_lib):
    """Dict of all updates, scores and averages: to what runs each.

    That is a function which takes what the update takes but for the replica,
    as values per replica, and reports means over these.

    Args:
        state: A `training.state.TrainState`.
        strategy: The `tf.distribute.Strategy` that the state was made under.
        config: That of the resolution, see `training.growing.config_at`; by
            default the state's, the largest.
        jit_compile: Whether XLA compiles losses and gradients; by default
            what the config says.
        draw: Where random inputs come from; tests bring their own.
    """
    config = config or state.config
    if jit_compile is None:
        jit_compile = config.training.jit_compile == "on"
    replica = replica_lib.Replica(
        state,
        config,
        strategy.num_replicas_in_sync,
        jit_compile=jit_compile,
        draw=draw,
    )
    # Partials, since TensorFlow counts traces by code and would warn of seven
    # functions that share theirs.
    return {
        each: functools.partial(_run, strategy, each, replica)
        for each in (
            update_generator,
            regularise_generator,
            update_discriminator,
            regularise_discriminator,
            score_held_out,
            update_average,
            update_augmentation,
        )
    }


def _of_penalties(config):
    """Purposes of what D's penalties judge."""
    loss, purposes = config.loss, {}
    if loss.r1_gamma:
        purposes["reals"] = Purpose.AUGMENT_R1
    if loss.r2_gamma:
        purposes["fakes"] = Purpose.AUGMENT_R2
    if loss.wgan_gp_weight:
        purposes["mixtures"] = Purpose.AUGMENT_WGAN_GP
    return purposes


def _judged(batch, stage):
    """What D judges of a batch: reals as the stage shows them, and labels."""
    reals = batch.images
    if reals.dtype == tf.uint8:
        reals = tf.cast(reals, tf.float32) / 127.5 - 1.0
    if not growth.is_grown(stage.alpha):
        reals = growth.fade_images(reals, stage.alpha)
    return reals, batch.labels, batch.fake_labels.discriminator


def _run(strategy, update, replica, *args):
    """An update on every replica; means of what they report."""
    report = strategy.run(functools.partial(update, replica), args=args)
    return {
        name: strategy.reduce("MEAN", value, axis=None)
        for name, value in report.items()
    }
