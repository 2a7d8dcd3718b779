"""Losses and gradients of the four phases on one replica.

Pure functions of networks and inputs: nothing is drawn, assigned or reduced
over replicas here. A phase returns the gradients of its loss, summed over its
examples and divided by the global batch, and what to report. `stage` tells
progressive networks what they show: `resolution` and `alpha`.
"""

import tensorflow as tf

from stylegan_tf import losses
from stylegan_tf.training import growing


def styles(generator, draws):
    """Styles `[N, L, D]`, mixed, and the batch's mean w `[D]`."""
    w = generator.mapping(draws.z, draws.labels)
    ws = generator.broadcast(w)
    if draws.z_mix is not None:
        mixed = generator.broadcast(
            generator.mapping(draws.z_mix, draws.labels)
        )
        layer = tf.range(generator.num_ws)[None, :, None]  # [1, L, 1]
        ws = tf.where(layer < draws.crossover, ws, mixed)
    return ws, tf.reduce_mean(w, axis=0)


def make_fakes(networks, draws, **stage):
    """What the discriminator sees of `draws`, and the batch's mean w `[D]`.

    Images `[N, H, W, C]`, or msg's list of them at every scale.
    """
    ws, w_mean = styles(networks.generator, draws)
    return _images_or_scales(networks.generator, ws, draws.noise, stage), w_mean


def generator_main(networks, config, batch_size, draws, **stage):
    """The adversarial loss of the generator.

    Args:
        networks: Has `generator` and `discriminator`.
        config: The run's config.
        batch_size: Examples over all replicas and accumulation rounds.
        draws: `draws.Draws` of N examples.
        **stage: See the top of this file.

    Returns:
        Gradients of the generator's trainable weights; a dict of scalars to
        report and `w_mean`.
    """
    generator = networks.generator
    with tf.GradientTape() as tape:
        ws, w_mean = styles(generator, draws)
        images = _images_or_scales(generator, ws, draws.noise, stage)
        scores, label_loss = _judge(
            config, networks.discriminator, images, draws.labels, stage
        )
        loss = losses.generator_loss(scores, config.loss.adversarial)
        loss += label_loss
        report = {"loss/generator": tf.reduce_mean(loss), "w_mean": w_mean}
        total = tf.reduce_sum(loss) / batch_size
    return _gradients(tape, total, generator), report


def path_lengths(networks, draws, y, **stage):
    """Lengths `[N]` for y `[N, H, W, C]`, and the batch's mean w `[D]`."""
    generator = networks.generator
    ws, w_mean = styles(generator, draws)
    lengths = losses.path_lengths(
        lambda ws: generator.synthesize(ws, noise=draws.noise, **stage), ws, y
    )
    return lengths, w_mean


def path_length_penalty(
    networks,
    config,
    batch_size,
    compute_lengths,
    mean_over_replicas,
    *inputs,
    **stage,
):
    """The path length penalty on the generator.

    Args:
        networks: Has `generator`, and `pl_mean`, the running mean length.
        config: The run's config.
        batch_size: Lengths over all replicas and accumulation rounds.
        compute_lengths: `path_lengths` without its first argument, perhaps
            compiled.
        mean_over_replicas: Callable, a scalar to its mean over replicas. It
            can not be part of what XLA compiles.
        *inputs: `draws` and `y` of `path_lengths`.
        **stage: See the top of this file.

    Returns:
        Gradients of the generator's trainable weights; a dict of scalars to
        report, the new `pl_mean` among them, and `w_mean`.
    """
    loss = config.loss
    with tf.GradientTape() as tape:
        lengths, w_mean = compute_lengths(*inputs, **stage)
        # The gradient also runs through this batch's part of the mean.
        mean_length = mean_over_replicas(tf.reduce_mean(lengths))
        pl_mean = tf.convert_to_tensor(networks.pl_mean)
        pl_mean += loss.pl_decay * (mean_length - pl_mean)
        penalty = tf.square(lengths - pl_mean)
        weight = loss.pl_weight * loss.g_reg_interval_steps
        total = tf.reduce_sum(penalty) * weight / batch_size
    report = {
        "path_length/length": tf.reduce_mean(lengths),
        "path_length/penalty": tf.reduce_mean(penalty),
        "path_length/mean": pl_mean,
        "w_mean": w_mean,
    }
    keep = None if loss.pl_weight_gradient else lambda v: len(v.shape) < 4
    return _gradients(tape, total, networks.generator, keep), report


def discriminator_main(
    networks, config, batch_size, reals, labels, fakes, fake_labels, **stage
):
    """The adversarial loss of the discriminator.

    Args:
        networks: Has `discriminator`.
        config: The run's config.
        batch_size: Examples over all replicas and accumulation rounds.
        reals: Images `[N, H, W, C]`, float, `[-1, 1]`.
        labels: Of the reals, `[N, L]`.
        fakes: Of `make_fakes`.
        fake_labels: `[N, L]`, or None.
        **stage: See the top of this file.

    Returns:
        Gradients of the discriminator's trainable weights; a dict of scalars
        to report.
    """
    discriminator = networks.discriminator
    with tf.GradientTape() as tape:
        fake_scores, fake_label_loss = _judge(
            config, discriminator, fakes, fake_labels, stage
        )
        real_scores, real_label_loss = _judge(
            config, discriminator, reals, labels, stage
        )
        loss = losses.discriminator_loss(
            real_scores, fake_scores, config.loss.adversarial
        )
        loss += real_label_loss + fake_label_loss
        if config.loss.wgan_drift:
            loss += config.loss.wgan_drift * losses.drift(real_scores)
        total = tf.reduce_sum(loss) / batch_size
    report = {
        "loss/discriminator": tf.reduce_mean(loss),
        "scores/real": tf.reduce_mean(real_scores),
        "scores/fake": tf.reduce_mean(fake_scores),
        "scores/real_sign": tf.reduce_mean(tf.sign(real_scores)),
    }
    return _gradients(tape, total, discriminator), report


def discriminator_penalty(
    networks,
    config,
    batch_size,
    reals,
    labels,
    fakes=None,
    fake_labels=None,
    mixing=None,
    **stage,
):
    """R1, R2 and WGAN-GP penalties on the discriminator.

    Args and results are those of `discriminator_main`, and `mixing`, of
    `losses.gradient_penalty`. What is about fakes may be None where no
    penalty `needs_fakes`. WGAN-GP scores its mixtures under the labels of the
    reals.
    """
    loss, discriminator = config.loss, networks.discriminator
    scale = loss.d_reg_interval_steps / batch_size
    norm_scale = growing.penalty_scale(
        discriminator.config,
        stage.get("resolution") or discriminator.config.resolution,
    )
    report = {}
    if isinstance(fakes, (list, tuple)):  # msg's scales
        fakes = fakes[-1]

    def score(labels):
        return lambda images: discriminator(images, labels, **stage)

    with tf.GradientTape() as tape:
        total = 0.0
        if loss.r1_gamma:
            r1 = losses.squared_gradient_norm(score(labels), reals, norm_scale)
            report["penalty/r1"] = tf.reduce_mean(r1)
            total += loss.r1_gamma / 2 * tf.reduce_sum(r1)
        if loss.r2_gamma:
            r2 = losses.squared_gradient_norm(
                score(fake_labels), fakes, norm_scale
            )
            report["penalty/r2"] = tf.reduce_mean(r2)
            total += loss.r2_gamma / 2 * tf.reduce_sum(r2)
        if loss.wgan_gp_weight:
            gp = losses.gradient_penalty(
                score(labels), reals, fakes, mixing, norm_scale
            )
            report["penalty/wgan_gp"] = tf.reduce_mean(gp)
            total += loss.wgan_gp_weight * tf.reduce_sum(gp)
        total *= scale
    return _gradients(tape, total, discriminator), report


def needs_fakes(config):
    """Whether a penalty looks at generated images."""
    return bool(config.loss.r2_gamma or config.loss.wgan_gp_weight)


def _judge(config, discriminator, images, labels, stage):
    """Scores `[N, 1]`, and AC-GAN's weighted label loss `[N]`, or 0."""
    weight = config.loss.acgan_weight
    if not weight or not config.label_size:
        return discriminator(images, labels, **stage), 0.0
    scores, logits = discriminator.scores_and_logits(images, **stage)
    return scores, weight * losses.label_penalty(logits, labels)


def _images_or_scales(generator, ws, noise, stage):
    """Images, or msg's list of them at every scale, for the discriminator."""
    if generator.config.generator.architecture == "msg":
        return generator.synthesize_scales(ws, noise=noise)
    return generator.synthesize(ws, noise=noise, **stage)


def _gradients(tape, total, network, keep=None):
    """Gradients of every trainable weight; zeros where there is none.

    Skipping the unconnected ones would change Adam's state now and then, and
    `unconnected_gradients` fails on Keras variables.
    """
    variables = network.trainable_variables
    sources = [v for v in variables if keep is None or keep(v)]
    found = zip(sources, tape.gradient(total, sources), strict=True)
    by_id = {id(v): gradient for v, gradient in found}
    gradients = [
        tf.zeros(v.shape) if by_id.get(id(v)) is None else by_id[id(v)]
        for v in variables
    ]
    if network.precision == "float16":
        gradients = [_finite(gradient) for gradient in gradients]
    return gradients


def _finite(gradient):
    """An overflow of float16 must not spoil Adam's moments."""
    gradient = tf.where(tf.math.is_nan(gradient), 0.0, gradient)
    return tf.clip_by_value(gradient, -1e5, 1e5)
