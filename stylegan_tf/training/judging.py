"""What D says of images: the one way from images to its verdict.

Arguments as in `gradients`.
"""

import tensorflow as tf

from stylegan_tf import cores, losses
from stylegan_tf.augment import pipeline, presets
from stylegan_tf.networks import growth
from stylegan_tf.ops import xla
from stylegan_tf.training import augmenting
from stylegan_tf.training.draws import PLAIN


def judge_of(networks, config, stage):
    """`judge(images, labels, draws)`, the one way from images to D's verdict.

    It augments the images by the `augment.draws.Draws`, if there are any, and
    returns scores `[N, 1]` and AC-GAN's weighted label loss `[N]`, or 0. All
    losses and penalties see the discriminator through it: their gradients
    with respect to images go through the augmentation (arXiv 2006.06676,
    appendix B).
    """
    discriminator = networks.discriminator
    weight = config.loss.acgan_weight if config.label_size else 0.0
    transforms = presets.of(config.augment.preset)

    def verdict(images, labels, draws):
        if draws is not None:
            p = augmenting.strength(networks.augment)
            images = pipeline.augment(images, draws, p, transforms)
        if not weight:
            return discriminator(images, labels, *stage), 0.0
        scores, logits = discriminator.scores_and_logits(images, labels, *stage)
        return scores, weight * losses.label_penalty(logits, labels)

    def judge(images, labels, draws):
        groups = discriminator.groups(tf.nest.flatten(images)[0].shape[0])
        run = xla.in_slices(verdict, groups)
        return run(images, labels, draws)

    return judge


def judge_both(networks, config, stage, fakes, reals):
    """Verdicts on generated and on real images, in one pass if that can be.

    It has half as many operations, each of twice the size.

    Args:
        fakes: Images, labels and draws, what `judge_of` takes.
        reals: The same.
    """
    judge = judge_of(networks, config, stage)
    if not _can_be_joined(networks.discriminator, fakes[0]):
        return judge(*fakes), judge(*reals)
    return cores.parts(judge(*cores.joined(fakes, reals)), 2)


def _can_be_joined(discriminator, images):
    """Whether as many more are judged apart from these.

    Joined in turn, they are if there are twice as many groups then, see
    `layers.minibatch_stddev`. Msg has a list of images.
    """
    if not tf.is_tensor(images):
        return False
    rows = images.shape[0]
    return discriminator.groups(2 * rows) == 2 * discriminator.groups(rows)


def held_out_scores(
    networks,
    config,
    images,
    labels,
    stage=growth.GROWN,
    augmentation=PLAIN,
):
    """What D says of images `[N, H, W, C]` that it is not trained on."""
    judge = judge_of(networks, config, stage)
    scores, _ = judge(images, labels, augmentation.reals)
    return {
        "scores/held_out": tf.reduce_mean(scores),
        "scores/held_out_sign": tf.reduce_mean(tf.sign(scores)),
    }
