"""Teaches the offline extractor the attributes of the bundled faces.

The same seed gives the same weights on the same machine.
"""

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import images as images_lib
from stylegan_tf.features import offline_network, running

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
    missing = set(offline_network.HEADS) - set(attributes)
    side = offline_network.SIDE
    if missing or source.image_shape != (side, side, 3):
        raise ValueError(
            f"The extractor is taught with {side}x{side} RGB images that have "
            f"the attributes of the bundled faces. {source.path} has shape "
            f"{source.image_shape} and lacks: {sorted(missing) or 'none'}"
        )
    images = np.stack([source.image(i) for i in range(len(source))])
    classes = np.stack([attributes[each] for each in offline_network.HEADS], 1)
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
    network = offline_network.build()
    step = _make_step(network, steps)
    for index in range(steps):
        chosen = seen[random.randint(len(seen), size=batch_size)]
        loss = step(_augment(images[chosen], random), classes[chosen])
        if report:
            report(index, float(loss))
    return network, accuracies(network, images[held_out], classes[held_out])


def accuracies(network, images, classes):
    """Fraction of right answers by attribute, where it is known."""
    found = {}
    x = images_lib.to_float(images)
    scores = running.in_batches(
        running.compiled(lambda x: network(x)[-1]), x, batch_size=256
    )
    for index, (name, score) in enumerate(
        offline_network.split(scores).items()
    ):
        is_known = classes[:, index] >= 0
        is_right = score.argmax(axis=1) == classes[:, index]
        found[name] = float(is_right[is_known].mean())
    return found


def feature_rms(network, images):
    """Root mean square of the features of uint8 `images`."""
    features = running.in_batches(
        running.compiled(lambda x: network(x)[1]),
        images_lib.to_float(images),
        batch_size=256,
    )
    return float(np.sqrt(np.mean(np.square(features, dtype=np.float64))))


def _make_step(network, steps):
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step(images, classes):
        with tf.GradientTape() as tape:
            scores = network(images, training=True)[-1]
            loss = _loss(scores, classes)
        variables = network.trainable_variables
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss

    return step


def _loss(scores, classes):
    """Mean of the heads' cross entropies over the known classes."""
    losses = []
    for index, score in enumerate(offline_network.split(scores).values()):
        known = tf.cast(classes[:, index] >= 0, tf.float32)
        entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(
            tf.maximum(classes[:, index], 0), score
        )
        losses.append(tf.reduce_mean(entropies * known))
    return tf.add_n(losses) / len(losses)


def _augment(images, random):
    """Shifted, mirrored, noisy float images of uint8 `[N, 32, 32, 3]`."""
    pad = [(0, 0), (_SHIFT, _SHIFT), (_SHIFT, _SHIFT), (0, 0)]
    padded = np.pad(images, pad, mode="edge")
    side = images.shape[1]
    shifted = np.empty_like(images)
    for index, (top, left) in enumerate(
        random.randint(2 * _SHIFT + 1, size=(len(images), 2))
    ):
        shifted[index] = padded[index, top : top + side, left : left + side, :]
    is_mirrored = random.uniform(size=len(images)) < 0.5
    shifted[is_mirrored] = shifted[is_mirrored, :, ::-1]
    noise = random.standard_normal(images.shape).astype(np.float32)
    return images_lib.to_float(shifted) + _NOISE * noise
