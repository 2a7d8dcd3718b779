"""Losses of ProGAN and StyleGAN against the official code, every gradient.

The official losses add `[N, 1]` scores to `[N]` penalties, so what they
return is `[N, N]`: element i, j belongs to the scores of image i and the
penalties of image j. The mean is what anybody expects.
"""

import functools

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import losses
from tests.helpers import official, progressive, support

pytestmark = pytest.mark.slow

_STYLEGAN = ("k4_sg1_32_default", "k4_sg1_32_cond3")


class Case:
    """Networks at the stage of a case's losses, and its inputs."""

    def __init__(self, name):
        config, self.arrays, _, pair = progressive.load(name)
        stage = progressive.stage(config, float(self.arrays["in/loss_lod"]))
        self.generator, self.discriminator = pair
        self.generate = functools.partial(self.generator, **stage)
        self.score = functools.partial(self.discriminator, **stage)
        self.score_and_classify = functools.partial(
            self.discriminator.scores_and_logits, **stage
        )
        self.z = tf.constant(self.arrays["in/z"])
        self.labels = tf.constant(self.arrays["in/c"])
        self.real_labels = tf.constant(self.arrays["in/real_c"])
        self.reals = tf.constant(support.nhwc(self.arrays["in/real"]))

    def wgan_gp(self, mixing):
        """WGAN-GP's term with its official weight, `[N]`."""
        fakes = self.generate(self.z, self.real_labels)
        return 10.0 * losses.gradient_penalty(
            lambda images: self.score(images, self.real_labels),
            self.reals,
            fakes,
            tf.constant(self.arrays[mixing]),
        )


class LossesTest(official.GoldenTest):
    """What both families have in common."""

    def assert_recorded(self, tape, mean, case, network, key, order):
        prefix = f"grad/{key}"
        if not any(name.startswith(f"{prefix}/") for name in case.arrays):
            return
        self.assert_gradients(
            network,
            tape.gradient(mean, network.trainable_variables),
            case.arrays,
            prefix,
            "tensorflow",
            order=order,
        )


class StyleganLossesTest(LossesTest):
    @parameterized.parameters(*_STYLEGAN)
    def test_generator(self, name):
        case = Case(name)
        for kind, key in (
            ("logistic", "G_logistic_nonsaturating"),
            ("logistic_saturating", "G_logistic_saturating"),
            ("wgan", "G_wgan"),
        ):
            with tf.GradientTape() as tape:
                scores = case.score(
                    case.generate(case.z, case.labels), case.labels
                )
                loss = losses.generator_loss(scores, kind)
                mean = tf.reduce_mean(loss)
            expected = case.arrays[f"loss/{key}"][:, 0]
            self.assert_near(loss, expected, 1e-5, key)
            self.assert_recorded(tape, mean, case, case.generator, key, 1)

    @parameterized.parameters(*_STYLEGAN)
    def test_discriminator(self, name):
        case = Case(name)
        penalties = {
            "D_logistic": ("logistic", None),
            "D_hinge": ("hinge", None),
            "D_wgan": ("wgan", None),
            "D_logistic_simplegp": ("logistic", _r1_and_r2),
            "D_hinge_gp": ("hinge", _wgan_gp),
            "D_wgan_gp": ("wgan", _wgan_gp),
        }
        for key, (kind, find_penalty) in penalties.items():
            with tf.GradientTape() as tape:
                fakes = case.generate(case.z, case.real_labels)
                real_scores = case.score(case.reals, case.real_labels)
                loss = losses.discriminator_loss(
                    real_scores, case.score(fakes, case.real_labels), kind
                )
                if kind == "wgan":
                    loss += 0.001 * losses.drift(real_scores)
                penalty = find_penalty(case) if find_penalty else [0.0]
                loss = loss[:, None] + tf.convert_to_tensor(penalty)[None, :]
                mean = tf.reduce_mean(loss)
            self.assert_near(loss, case.arrays[f"loss/{key}"], 1e-5, key)
            self.assert_recorded(tape, mean, case, case.discriminator, key, 2)


def _wgan_gp(case):
    return case.wgan_gp("in/wgan_gp_mixing_factors")


def _r1_and_r2(case):
    fakes = case.generate(case.z, case.real_labels)
    r1, r2 = (
        losses.squared_gradient_norm(
            lambda images: case.score(images, case.real_labels), images
        )
        for images in (case.reals, fakes)
    )
    return 10.0 / 2 * r1 + 3.0 / 2 * r2


class ProganLossesTest(LossesTest):
    @parameterized.parameters(*progressive.PROGAN_CASES)
    def test_generator(self, name):
        case = Case(name)
        with tf.GradientTape() as tape:
            fakes = case.generate(case.z, case.labels)
            scores, logits = case.score_and_classify(fakes)
            loss = losses.generator_loss(scores, "wgan")[:, None]
            if case.labels.shape[1]:
                loss += losses.label_penalty(logits, case.labels)[None, :]
            mean = tf.reduce_mean(loss)
        self.assert_near(loss, case.arrays["loss/G_wgan_acgan"], 1e-5)
        self.assert_recorded(
            tape, mean, case, case.generator, "G_wgan_acgan", 1
        )

    @parameterized.parameters(*progressive.PROGAN_CASES)
    def test_discriminator(self, name):
        case = Case(name)
        with tf.GradientTape() as tape:
            fakes = case.generate(case.z, case.real_labels)
            real_scores, real_logits = case.score_and_classify(case.reals)
            fake_scores, fake_logits = case.score_and_classify(fakes)
            drift = losses.drift(real_scores)
            loss = 0.001 * drift + losses.discriminator_loss(
                real_scores, fake_scores, "wgan"
            )
            terms = case.wgan_gp("in/mixing_factors")
            norms = 1 + tf.sqrt(terms / 10) * tf.sign(
                case.arrays["loss/D_wgangp_acgan/Loss/mixed_norms"] - 1
            )
            if case.labels.shape[1]:
                penalties = [
                    losses.label_penalty(logits, case.real_labels)
                    for logits in (real_logits, fake_logits)
                ]
                terms += tf.add_n(penalties)
                self._assert_label_penalties(case, *penalties)
            loss = loss[:, None] + terms[None, :]
            mean = tf.reduce_mean(loss)
        prefix = "loss/D_wgangp_acgan"
        for actual, key in (
            (loss, prefix),
            (real_scores, f"{prefix}/Loss/real_scores"),
            (fake_scores, f"{prefix}/Loss/fake_scores"),
            (drift[:, None], f"{prefix}/Loss/epsilon_penalty"),
            (norms, f"{prefix}/Loss/mixed_norms"),
        ):
            self.assert_near(actual, case.arrays[key], 1e-5, key)
        self.assert_recorded(
            tape, mean, case, case.discriminator, "D_wgangp_acgan", 2
        )

    def _assert_label_penalties(self, case, *penalties):
        for penalty, key in zip(penalties, ("reals", "fakes"), strict=True):
            key = f"loss/D_wgangp_acgan/Loss/label_penalty_{key}"
            self.assert_near(penalty, case.arrays[key], 1e-5, key)


if __name__ == "__main__":
    tf.test.main()
