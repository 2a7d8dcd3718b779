"""The losses of the four updates, and their gradients, on one replica.

Pure functions of networks and inputs: nothing is drawn, assigned or reduced
over replicas here. Each returns the gradients of its loss, summed over its
examples and divided by the batch of all replicas and slices, and a dict of
scalars to report. Arguments that they share:

    networks: Has `generator`, `discriminator`, `pl_mean` and, with
        augmentation, `augment`, see `augmenting`.
    config: That of the resolution trained.
    draws: `draws.Draws` of N examples.
    stage: The `networks.growth.Stage` that is shown.
    augmentation: `draws.Augmentation` of what is judged; by default none.
"""

import tensorflow as tf

from stylegan_tf import losses
from stylegan_tf.networks import growth
from stylegan_tf.ops import xla
from stylegan_tf.training import freezing, growing, judging
from stylegan_tf.training.draws import PLAIN


def make_fakes(networks, draws, stage=growth.GROWN):
    """What the discriminator sees of `draws`, and the batch's mean w `[D]`.

    Images `[N, H, W, C]`, or msg's list of them at every scale.
    """
    generator = networks.generator
    ws, w_mean = _styles(generator, draws)

    def synthesize(ws, noise):
        if generator.config.generator.architecture == "msg":
            return generator.synthesize_scales(ws, noise)
        return generator.synthesize(ws, noise, *stage)

    run = xla.in_slices(synthesize, ws.shape[0])
    return run(ws, draws.noise), w_mean


def generator_loss(
    networks,
    config,
    draws,
    stage=growth.GROWN,
    augmentation=PLAIN,
    opponents=None,
):
    """The generator's adversarial loss; `w_mean` is in what it reports.

    Args:
        opponents: Real images and their labels, which the scores of a
            relativistic loss are compared with.
    """
    judge = judging.judge_of(networks, config, stage)
    real_scores = None
    if config.loss.adversarial == "relativistic":
        real_scores, _ = judge(*opponents, augmentation.reals)
    with tf.GradientTape() as tape:
        fakes, w_mean = make_fakes(networks, draws, stage)
        scores, label_loss = judge(fakes, draws.labels, augmentation.fakes)
        loss = losses.generator_loss(
            scores, config.loss.adversarial, real_scores
        )
        total = tf.reduce_sum(loss + label_loss) / config.training.batch_size
    report = {
        "loss/generator": tf.reduce_mean(loss),
        **_label_losses("generator", label_loss),
        "w_mean": w_mean,
    }
    return _gradients(tape, total, networks.generator), report


def path_lengths(networks, draws, y, stage=growth.GROWN):
    """Lengths `[N]` for y `[N, H, W, C]`, and the batch's mean w `[D]`."""
    generator = networks.generator
    ws, w_mean = _styles(generator, draws)

    def lengths(ws, noise, y):
        return losses.path_lengths(
            lambda ws: generator.synthesize(ws, noise, *stage), ws, y
        )

    run = xla.in_slices(lengths, ws.shape[0])
    return run(ws, draws.noise, y), w_mean


def path_length_penalty(
    networks,
    config,
    compute_lengths,
    draws,
    y,
    stage=growth.GROWN,
    *,
    slices=1,
):
    """The path length penalty; `w_mean` and the new `pl_mean` are reported.

    XLA can not compile it, because it averages over replicas.

    Args:
        compute_lengths: `path_lengths` of the networks, perhaps compiled.
        y: Random images `[N, H, W, C]`, unit normal.
        slices: Of so many, over all replicas, this is one.
    """
    loss = config.loss
    with tf.GradientTape() as tape:
        lengths, w_mean = compute_lengths(draws, y, stage)
        # The gradient also runs through this batch's part of the mean.
        context = tf.distribute.get_replica_context()
        mean_length = context.all_reduce("MEAN", tf.reduce_mean(lengths))
        pl_mean = tf.convert_to_tensor(networks.pl_mean)
        pl_mean += loss.pl_decay * (mean_length - pl_mean)
        penalty = tf.square(lengths - pl_mean)
        weight = loss.pl_weight * loss.g_reg_interval_steps
        total = tf.reduce_sum(penalty) * weight / (y.shape[0] * slices)
    report = {
        "path_length/length": tf.reduce_mean(lengths),
        "path_length/penalty": tf.reduce_mean(penalty),
        "path_length/mean": pl_mean,
        "w_mean": w_mean,
    }
    keep = None if loss.pl_weight_gradient else lambda v: len(v.shape) < 4
    return _gradients(tape, total, networks.generator, keep), report


def discriminator_loss(
    networks,
    config,
    reals,
    labels,
    fakes,
    fake_labels,
    stage=growth.GROWN,
    augmentation=PLAIN,
):
    """The discriminator's adversarial loss.

    Args:
        reals: Images `[N, H, W, C]`, float, `[-1, 1]`.
        labels: Of the reals, `[N, L]`.
        fakes: Of `make_fakes`.
        fake_labels: `[N, L]`, or None.
    """
    with tf.GradientTape() as tape:
        (fake_scores, fake_label_loss), (real_scores, real_label_loss) = (
            judging.judge_both(
                networks,
                config,
                stage,
                (fakes, fake_labels, augmentation.fakes),
                (reals, labels, augmentation.reals),
            )
        )
        kind = config.loss.adversarial
        loss = losses.discriminator_loss(real_scores, fake_scores, kind)
        margin = losses.real_margin(real_scores, fake_scores, kind)
        # What tells generated images apart need not be what real classes
        # have; only ProGAN learns it too.
        label_loss = real_label_loss
        if networks.discriminator.is_progan:
            label_loss += fake_label_loss
        if config.loss.wgan_drift:
            loss += config.loss.wgan_drift * losses.drift(real_scores)
        total = tf.reduce_sum(loss + label_loss) / config.training.batch_size
    report = {
        "loss/discriminator": tf.reduce_mean(loss),
        **_label_losses("discriminator", label_loss),
        "scores/real": tf.reduce_mean(real_scores),
        "scores/fake": tf.reduce_mean(fake_scores),
        "scores/real_sign": tf.reduce_mean(tf.sign(margin)),
    }
    return _of_discriminator(tape, total, networks, config), report


def _label_losses(network, loss):
    """What is reported of AC-GAN's weighted label losses; nothing without."""
    if isinstance(loss, float):
        return {}
    return {f"loss/{network}_labels": tf.reduce_mean(loss)}


def discriminator_penalty(
    networks,
    config,
    reals,
    labels,
    fakes=None,
    fake_labels=None,
    mixing=None,
    stage=growth.GROWN,
    augmentation=PLAIN,
):
    """R1, R2 and WGAN-GP penalties on the discriminator.

    The images and labels are those of `discriminator_loss`; what is about
    fakes may be None where no penalty `needs_fakes`. WGAN-GP scores its
    mixtures under the labels of the reals. All gradients are those with
    respect to images that are not augmented yet.

    Args:
        mixing: See `losses.gradient_penalty`.
    """
    loss, full = config.loss, networks.discriminator.config
    norm_scale = growing.penalty_scale(
        full, stage.resolution or full.resolution
    )
    judge, terms = judging.judge_of(networks, config, stage), {}
    if isinstance(fakes, (list, tuple)):  # msg's scales
        fakes = fakes[-1]

    def scored(labels, draws):
        return lambda images: judge(images, labels, draws)[0]

    def squared_norm(images, labels, draws):
        judged = scored(labels, draws)
        return losses.squared_gradient_norm(judged, images, norm_scale)

    with tf.GradientTape() as tape:
        if loss.r1_gamma:
            norm = squared_norm(reals, labels, augmentation.reals)
            terms["r1"] = loss.r1_gamma / 2, norm
        if loss.r2_gamma:
            norm = squared_norm(fakes, fake_labels, augmentation.fakes)
            terms["r2"] = loss.r2_gamma / 2, norm
        if loss.wgan_gp_weight:
            terms["wgan_gp"] = (
                loss.wgan_gp_weight,
                losses.gradient_penalty(
                    scored(labels, augmentation.mixtures),
                    reals,
                    fakes,
                    mixing,
                    norm_scale,
                ),
            )
        total = sum(weight * tf.reduce_sum(n) for weight, n in terms.values())
        total *= loss.d_reg_interval_steps / config.training.batch_size
    report = {f"penalty/{k}": tf.reduce_mean(n) for k, (_, n) in terms.items()}
    return _of_discriminator(tape, total, networks, config), report


def needs_fakes(config):
    """Whether a penalty looks at generated images."""
    return bool(config.loss.r2_gamma or config.loss.wgan_gp_weight)


def _styles(generator, draws):
    """Mixed styles `[N, L, D]`, and the batch's mean w `[D]`."""
    z, labels = draws.z, draws.labels
    if draws.z_mix is None:
        w = generator.mapping(z, labels)
        ws = generator.broadcast(w)
    else:  # in one pass, which reads the weights once
        z = tf.concat([z, draws.z_mix], axis=0)
        labels = None if labels is None else tf.tile(labels, (2, 1))
        w, mixed = tf.split(generator.mapping(z, labels), 2)
        layer = tf.range(generator.num_ws)[None, :, None]  # [1, L, 1]
        ws = tf.where(
            layer < draws.crossover,
            generator.broadcast(w),
            generator.broadcast(mixed),
        )
    return ws, tf.reduce_mean(w, axis=0)


def _of_discriminator(tape, total, networks, config):
    """Gradients of D: of layers that are frozen they are zero."""
    network = networks.discriminator
    keep = freezing.learns(network, config.training.freeze_d_layers)
    return _gradients(tape, total, network, keep)


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
