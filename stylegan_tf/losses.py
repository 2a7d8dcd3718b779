"""Adversarial losses and regularisers, one value per example.

Nothing here weights, averages or logs: `training.gradients` does.
"""

import tensorflow as tf


def generator_loss(fake_scores, kind, real_scores=None):
    """What the generator minimises, `[N]` of scores `[N, 1]`.

    Args:
        fake_scores: Scores of generated images.
        kind: "logistic" (non-saturating), "logistic_saturating" (both arXiv
            1406.2661), "hinge" (arXiv 1705.02894), "wgan" (arXiv 1701.07875)
            or "relativistic" (pairs, arXiv 2501.05441, equation 2).
        real_scores: Scores of real images, which relativistic ones are
            compared with.
    """
    scores = tf.squeeze(fake_scores, axis=1)
    if kind == "relativistic":
        return tf.nn.softplus(tf.squeeze(real_scores, axis=1) - scores)
    if kind == "logistic":
        return tf.nn.softplus(-scores)
    if kind == "logistic_saturating":
        return -tf.nn.softplus(scores)
    return -scores


def discriminator_loss(real_scores, fake_scores, kind):
    """What the discriminator minimises, `[N]` of scores `[N, 1]`."""
    real = tf.squeeze(real_scores, axis=1)
    fake = tf.squeeze(fake_scores, axis=1)
    if kind == "hinge":
        return tf.nn.relu(1.0 - real) + tf.nn.relu(1.0 + fake)
    if kind == "wgan":
        return fake - real
    if kind == "relativistic":
        return tf.nn.softplus(fake - real)
    return tf.nn.softplus(-real) + tf.nn.softplus(fake)


def real_margin(real_scores, fake_scores, kind):
    """How far D holds reals for real, `[N, 1]`: above 0 if it does.

    A relativistic D is trained on differences alone: what it adds to all of
    its scores means nothing.
    """
    is_relative = kind == "relativistic"
    return real_scores - fake_scores if is_relative else real_scores


def drift(real_scores):
    """Squared real scores, `[N]`: keeps WGAN's from drifting away.

    Reference: https://arxiv.org/abs/1710.10196, appendix A.1
    """
    return tf.square(tf.squeeze(real_scores, axis=1))


def label_penalty(label_logits, labels):
    """Cross entropy of AC-GAN's labels, `[N]`, for either network.

    Args:
        label_logits: The discriminator's, `[N, L]`.
        labels: Of the images, `[N, L]`, one-hot.
    Reference: https://arxiv.org/abs/1610.09585, equation 3
    """
    return tf.nn.softmax_cross_entropy_with_logits(labels, label_logits)


def squared_gradient_norm(discriminator, images, scale=1.0):
    """Squared gradient norm of the scores at `images`, `[N]`.

    R1 on real images, R2 on generated ones.

    Args:
        discriminator: Callable, images `[N, H, W, C]` to scores `[N, 1]`.
        images: `[N, H, W, C]`.
        scale: Factor on the result, see `training.growing.penalty_scale`.
    Reference: https://arxiv.org/abs/1801.04406, section 4.1
    """
    with tf.GradientTape() as tape:
        tape.watch(images)
        score_sum = tf.reduce_sum(discriminator(images))
    gradient = tape.gradient(score_sum, images)
    return scale * tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3])


def gradient_penalty(
    discriminator, real_images, fake_images, mixing, scale=1.0
):
    """WGAN-GP: squared distance of gradient norms from 1, `[N]`.

    Args:
        discriminator: Callable, images to scores `[N, 1]`.
        real_images: `[N, H, W, C]`.
        fake_images: `[N, H, W, C]`.
        mixing: Where between the two the gradient is taken, `[N, 1, 1, 1]`,
            uniform in `[0, 1]`.
        scale: Factor on squared norms, as in `squared_gradient_norm`.
    Reference: https://arxiv.org/abs/1704.00028, algorithm 1
    """
    images = real_images + (fake_images - real_images) * mixing
    norm = tf.sqrt(squared_gradient_norm(discriminator, images, scale))
    return tf.square(norm - 1.0)


def path_lengths(synthesize, ws, y):
    """Lengths of J_w^T y, `[N]`: how far images move when w does.

    Args:
        synthesize: Callable, styles `[N, L, D]` to images `[N, H, W, C]`.
        ws: `[N, L, D]`.
        y: Random images, `[N, H, W, C]`, unit normal.
    Reference: https://arxiv.org/abs/1912.04958, section 3.2 and appendix B
    """
    _, height, width, _ = y.shape
    with tf.GradientTape() as tape:
        tape.watch(ws)
        images = synthesize(ws)
        projection = tf.reduce_sum(images * y) / (height * width) ** 0.5
    jacobian = tape.gradient(projection, ws)  # [N, L, D]
    squares = tf.reduce_sum(tf.square(jacobian), axis=2)
    return tf.sqrt(tf.reduce_mean(squares, axis=1))
