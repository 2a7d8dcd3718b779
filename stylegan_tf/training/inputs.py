"""Opens the data of a run, and deals out batches of them."""

import contextlib
import dataclasses
import re
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from stylegan_tf.data import (
    attributes,
    gate,
    holdout,
    order,
    pipeline,
    shrunk,
    sources,
)


class Batch(NamedTuple):
    """What an iteration takes."""

    images: Any  # uint8 `[N, H, W, C]`
    labels: Any  # of the images, float32 `[N, L]`
    fake_labels: Any  # `FakeLabels`


class FakeLabels(NamedTuple):
    """Labels of generated images, `[N, L]`, a draw for each of the losses."""

    generator: Any
    path_length: Any
    discriminator: Any  # of the loss and of its penalties


def open_data(config):
    """The run's source, and the config with the data's label size.

    With `data.holdout` the source is what to train on; its `held_out` is the
    rest.

    Raises:
        ValueError: If labels are asked for and there are none, if images or
            labels are of other sizes than the config's, or if there are too
            few to hold some out.
    """
    source = sources.open_source(config.data.path, resolution=config.resolution)
    source.wanted_shape = config.image_shape
    source = attributes.labelled(source, config.data.attributes)
    if config.data.uses_labels and not config.label_size:
        if source.label_rows is None:
            raise ValueError(
                "`data.use_labels` is set, but there are no labels in "
                f"{config.data.path}: add a dataset.json or sub-folders, one "
                "a class, or give --config.data.use_labels=false. "
                f"{' '.join(source.notes)}".rstrip()
            )
        label_size = source.label_rows.shape[1]
        config = dataclasses.replace(config, label_size=label_size)
    pipeline.refuse_other(source, config.image_shape, config.label_size)
    config = _named(config, source)
    if config.data.holdout:
        source, held_out = holdout.split(source, config.data.holdout)
        source = dataclasses.replace(source, held_out=held_out)
    return source, config


def batches(config, source, strategy, images_seen):
    """Endless `Batch`es per replica, shrunk to the config's resolution.

    Fakes' labels are drawn from the data's, but for those that
    `config.loss.fake_labels` gives to D. All are pure functions of the seed
    and of `images_seen`, from which they go on.
    """
    training = config.training
    source = shrunk.at_resolution(source, config.resolution)
    replicas = strategy.num_replicas_in_sync
    labels = source.label_rows if config.label_size else None

    def make(context):
        workers = context.num_input_pipelines
        shard = (context.input_pipeline_id, workers)
        reals = pipeline.dataset(
            source,
            batch_size=training.batch_size,
            image_shape=config.image_shape,
            label_size=config.label_size,
            mirror=config.data.mirror,
            seed=training.seed,
            images_seen=images_seen,
            shard=shard,
        )
        fakes = _fake_labels(config, labels, images_seen, shard)
        dataset = tf.data.Dataset.zip(reals, fakes).map(
            lambda real, drawn: Batch(*real, given(config, drawn, real[1]))
        )
        local = replicas // workers
        if local > 1:
            dataset = dataset.rebatch(training.batch_size // replicas)
        return dataset

    if replicas == 1:
        return iter(make(tf.distribute.InputContext()))
    return iter(strategy.distribute_datasets_from_function(make))


def held_out_batches(config, source, strategy, iterations):
    """Endless `Batch`es of held-out images, or None if there are none.

    Args:
        config: That of the resolution.
        source: The run's, as of `open_data`.
        strategy: As of `batches`.
        iterations: How many were made, some of which scored such a batch.
    """
    if source.held_out is None:
        return None
    scored = -(-iterations // config.augment.interval_steps)
    position = scored * config.training.batch_size
    return batches(config, source.held_out, strategy, position)


def given(config, drawn, real_labels):
    """The `FakeLabels` of an iteration: as drawn, or those of the reals.

    ProGAN, StyleGAN and StyleGAN2 judge fakes of the classes that the reals
    beside them have; StyleGAN2-ADA draws them. What a relativistic loss
    compares is of one class in both updates (arXiv 2501.05441).
    """
    if config.loss.adversarial == "relativistic":
        return drawn._replace(discriminator=real_labels, generator=real_labels)
    if config.loss.fake_labels == "random":
        return drawn
    return drawn._replace(discriminator=real_labels)


def next_batch(batches):
    """The next batch; a bad image is a `ValueError` that names it."""
    with in_their_own_words():
        return next(batches)


@contextlib.contextmanager
def in_their_own_words():
    """Makes a `ValueError` of what the data raise while they are read.

    It comes through TensorFlow as an error whose text has `XError: reason`,
    and as an unknown one where it foresees no such error.
    """
    try:
        yield
    except (tf.errors.InvalidArgumentError, tf.errors.UnknownError) as error:
        if "IteratorGetNext" not in str(error):
            raise
        reason = re.split(r"\w*(?:Error|Image): ", str(error), maxsplit=1)[-1]
        raise ValueError(reason.split("\n")[0]) from error


def _named(config, source):
    """The config with what the data's labels are, and are called."""
    is_vector = config.label_size and not source.is_classes
    names = tuple(map(str, source.class_names or ()))
    return dataclasses.replace(
        config,
        label_kind="vectors" if is_vector else "classes",
        label_names=names if len(names) == config.label_size else (),
    )


def _fake_labels(config, labels, images_seen, shard):
    """Endless dataset of `FakeLabels`."""
    batch = config.training.batch_size
    number, count = shard
    rows = np.arange(number * batch // count, (number + 1) * batch // count)
    streams = range(len(FakeLabels._fields))
    if labels is None:
        nothing = FakeLabels(*(tf.zeros((len(rows), 0)) for _ in streams))
        return tf.data.Dataset.from_tensors(nothing).repeat()

    def draw(start):
        seed, positions = config.training.seed, start + rows
        return [
            order.random_labels(labels, seed, positions, stream)
            for stream in streams
        ]

    def draw_in_graph(start):
        types = [tf.float32 for _ in streams]
        drawn = gate.numpy_function(draw, start, types)
        shape = len(rows), config.label_size
        return FakeLabels(*(tf.ensure_shape(each, shape) for each in drawn))

    return tf.data.Dataset.counter(images_seen, batch).map(draw_in_graph)
