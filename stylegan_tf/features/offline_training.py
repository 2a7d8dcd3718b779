"""Teaches the offline extractor the attributes of the bundled faces.

The same seed gives the same weights on the same machine.
"""

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import images as images_lib
from stylegan_tf.data import pipeline
from stylegan_tf.features import fitting, offline, running

_LONG = (2, 3)  # hair_length: medium, long
_HELD_OUT = 0.1  # of the images
_SHIFT = 2  # pixels at most
_NOISE = 0.05
_LEARNING_RATE = 2e-3


def read(source):
    """Images uint8 `[M, 32, 32, 3]` and classes int32 `[M, heads]`.

    Raises:
        ValueError: If they have another shape or lack an attribute.
    """
    attributes = {name: np.array(v) for name, v in source.attributes.items()}
    if "hair_length" in attributes:
        is_long = np.isin(attributes["hair_length"], _LONG)
        attributes["long_hair"] = is_long.astype(np.int64)
    missing = set(offline.HEADS) - set(attributes)
    side = offline.SIDE
    if missing or source.image_shape != (side, side, 3):
        raise ValueError(
            f"The extractor is taught with {side}x{side} RGB images that have "
            f"the attributes of the bundled faces. {source.path} has shape "
            f"{source.image_shape} and lacks: {sorted(missing) or 'none'}"
        )
    everything = range(len(source))
    images, _ = pipeline.read(source, everything, source.image_shape)
    classes = np.stack([attributes[each] for each in offline.HEADS], 1)
    return images, classes.astype(np.int32)


def train(images, classes, *, steps=1000, batch_size=64, seed=0, report=None):
    """A trained network and its accuracies on images it has not seen.

    Args:
        images: uint8 `[M, 32, 32, 3]`.
        classes: int `[M, heads]`, in the order of `HEADS`; -1 is unknown.
        steps: How many batches.
        batch_size: Images at a time.
        seed: Of the weights, the order and the augmentation.
        report: Called with the step and its loss, or None.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.RandomState(seed)
    order = random.permutation(len(images))
    held_out, seen = np.split(order, [int(_HELD_OUT * len(images))])
    network = offline.build()
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3)
    step = fitting.make_step(
        network, network.trainable_variables, optimizer, _loss
    )
    for index in range(steps):
        chosen = seen[random.randint(len(seen), size=batch_size)]
        loss = step(_augment(images[chosen], random), classes[chosen])
        if report:
            report(index, float(loss))
    return network, accuracies(network, images[held_out], classes[held_out])


def accuracies(network, images, classes):
    """Fraction of right answers by attribute, where it is known."""
    run = running.batched(lambda x: network(x)[-1], 256)
    scores = offline.split(run(images_lib.to_float(images)))
    found = {}
    for (name, score), answers in zip(scores.items(), classes.T, strict=True):
        is_right = score.argmax(axis=1) == answers
        found[name] = float(is_right[answers >= 0].mean())
    return found


def feature_rms(network, images):
    """Root mean square of the features of uint8 `images`."""
    run = running.batched(lambda x: network(x)[1], 256)
    features = run(images_lib.to_float(images))
    return float(np.sqrt(np.mean(np.square(features, dtype=np.float64))))


def _loss(outputs, classes):
    """Mean of the heads' cross entropies over the known classes."""
    losses = []
    for index, score in enumerate(offline.split(outputs[-1]).values()):
        known = tf.cast(classes[:, index] >= 0, tf.float32)
        entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(
            tf.maximum(classes[:, index], 0), score
        )
        losses.append(tf.reduce_mean(entropies * known))
    return tf.add_n(losses) / len(losses)


def _augment(images, random):
    """Shifted, mirrored, noisy float images of uint8 `[N, 32, 32, 3]`."""
    shifted = fitting.shifted(images, _SHIFT, random)
    is_mirrored = random.uniform(size=len(images)) < 0.5
    shifted[is_mirrored] = shifted[is_mirrored, :, ::-1]
    noise = random.standard_normal(images.shape).astype(np.float32)
    return images_lib.to_float(shifted) + _NOISE * noise
