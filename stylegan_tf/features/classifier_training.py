"""Trains a classifier of attributes or classes: a discriminator's other loss.

Reference: https://arxiv.org/abs/1812.04948, appendix C
"""

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf import snapshot_files
from stylegan_tf.config import differences
from stylegan_tf.data import attributes, pipeline, shapes, sources
from stylegan_tf.features import classifiers, fitting, running
from stylegan_tf.networks import build

HELD_OUT = 0.1  # of the images
_SHIFT = 1 / 16  # of the side, at most


def make_config(image_shape, *, channel_base, channel_max, classes=0):
    """The resolved `Config` of a classifier of images `[H, W, C]`.

    StyleGAN's discriminator, without the layer that looks at the other images
    of a batch; of classes, ProGAN's, which has logits of labels.
    """
    height, width, channels = image_shape
    if height != width or height < 8 or height & (height - 1):
        raise ValueError(
            "Classifiers take square images with a side of 8, 16, 32, ... "
            f"Received: {width}x{height}; prepare them with "
            "tools.prepare_dataset --resolution="
            f"{shapes.default_resolution(height, width)}"
        )
    config = config_lib.Config(
        name="classifier",
        resolution=height,
        image_channels=1 if channels < 3 else 3,  # white shows through alpha
        label_size=classes,
    )
    for network in (config.generator, config.discriminator):
        network.architecture = "progan" if classes else "stylegan"
        network.channel_base, network.channel_max = channel_base, channel_max
    config.discriminator.minibatch_channels = 0
    return config_lib.resolve(config)


def class_names(source):
    """What the classes of a `Source` are called, a list of texts.

    Raises:
        ValueError: If its labels are no classes.
    """
    if not source.is_classes:
        raise ValueError(
            "--classes needs a data set with classes. The labels of "
            f"{source.path} are: {sources.describe_labels(source)}"
        )
    names = source.class_names or range(source.label_rows.shape[1])
    return list(map(str, names))


def is_trained(path, about, config):
    """Whether there is a classifier at `path`.

    Args:
        path: Its folder.
        about: What its snapshot.json should tell, as far as it tells it.
        config: From `make_config`.

    Raises:
        ValueError: If it was trained in another way, with what differs.
    """
    if not snapshot_files.is_snapshot(path):
        return False
    info = snapshot_files.read_info(path)
    other = [key for key in about if info.get(key, about[key]) != about[key]]
    if differences.differences(snapshot_files.read_config(path), config):
        other.append("size")
    if other:
        raise ValueError(
            f"{path} is there, trained with another {', '.join(other)}. Give "
            "another --output, or remove it."
        )
    return True


def train(
    source,
    answers,
    config,
    *,
    images,
    batch_size=32,
    learning_rate=1e-3,
    seed=0,
    report=lambda images: None,
):
    """A trained network, and its accuracy on images it has not seen.

    Args:
        source: A `data.sources.Source` of the config's resolution.
        answers: int `[M]`, classes, or see `attributes.answers`.
        config: From `make_config`.
        images: How many to show.
        batch_size: How many at a time.
        learning_rate: Of Adam.
        seed: Of the weights, the order and the shifts.
        report: Called with how many images were shown.

    Returns:
        The network and a dict: accuracy, that of always giving the most
        frequent answer (majority), and how many images were held out.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.RandomState(seed)
    known = random.permutation(np.flatnonzero(answers != attributes.UNKNOWN))
    held_out, seen = np.split(known, [max(int(HELD_OUT * len(known)), 1)])
    if not len(seen) or len(np.unique(answers[seen])) < 2:
        raise ValueError(
            "A classifier needs images that have the attribute and images "
            "that do not, or of several classes. Received: "
            f"{len(known)} answers, all alike"
        )

    def read(chosen):
        return pipeline.read(source, chosen, source.image_shape)[0]

    network = build.discriminator(config)
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=0.0, beta_2=0.99)
    outputs = network.classify if config.label_size else network
    step = fitting.make_step(
        outputs, network.trainable_variables, optimizer, _loss
    )
    reach = max(round(_SHIFT * source.image_shape[0]), 1)
    for _ in range(0, images, batch_size):
        chosen = seen[random.randint(len(seen), size=batch_size)]
        batch = fitting.shifted(read(chosen), reach, random)
        step(classifiers.prepare(batch, config), answers[chosen])
        report(batch_size)
    return network, _figures(outputs, read, answers, held_out, config)


def _figures(outputs, read, answers, held_out, config):
    """See `train`."""
    is_right, run = [], running.batched(outputs, 64)
    for start in range(0, len(held_out), 256):
        chosen = held_out[start : start + 256]
        logits = run(classifiers.prepare(read(chosen), config))
        is_right.append(_given(logits) == answers[chosen])
    counts = np.bincount(answers[held_out])
    return {
        "accuracy": float(np.concatenate(is_right).mean()),
        "majority": float(counts.max() / counts.sum()),
        "held_out": len(held_out),
    }


def _given(logits):
    """The answers that logits `[N, 1]` or `[N, K]` give, int `[N]`."""
    if logits.shape[1] == 1:
        return (logits[:, 0] >= 0).astype(int)
    return logits.argmax(axis=1)


def _loss(logits, answers):
    """Cross entropy of the softmax, of one logit that of (logit, -logit)."""
    if logits.shape[1] > 1:
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(answers, logits)
        )
    sign = 2.0 * tf.cast(answers, tf.float32) - 1.0
    return tf.reduce_mean(tf.nn.softplus(-2.0 * sign * logits[:, 0]))
