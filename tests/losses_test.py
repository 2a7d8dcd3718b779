"""Losses: hand-computed values, penalties known in closed form."""

import math

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import losses
from tests.helpers import support

# softplus of 0, 1 and -2, to ten digits
_SOFTPLUS_0, _SOFTPLUS_1, _SOFTPLUS_M2 = 0.6931471806, 1.3132616875, 0.126928011


class AdversarialTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.real = tf.constant([[0.0], [2.0], [-1.0]])
        self.fake = tf.constant([[0.0], [-2.0], [1.0]])

    @parameterized.parameters(
        ("logistic", [_SOFTPLUS_0, 2 + _SOFTPLUS_M2, _SOFTPLUS_1 - 1]),
        ("logistic_saturating", [-_SOFTPLUS_0, -_SOFTPLUS_M2, -_SOFTPLUS_1]),
        ("hinge", [0.0, 2.0, -1.0]),
        ("wgan", [0.0, 2.0, -1.0]),
    )
    def test_generator_loss_by_hand(self, kind, expected):
        loss = losses.generator_loss(self.fake, kind)
        self.assertEqual(loss.shape, (3,))
        self.assertAllClose(loss, expected)

    @parameterized.parameters(
        ("logistic", [2 * _SOFTPLUS_0, 2 * _SOFTPLUS_M2, 2 * _SOFTPLUS_1]),
        (
            "logistic_saturating",
            [2 * _SOFTPLUS_0, 2 * _SOFTPLUS_M2, 2 * _SOFTPLUS_1],
        ),
        ("hinge", [2.0, 0.0, 4.0]),
        ("wgan", [0.0, -4.0, 2.0]),
        ("relativistic", [_SOFTPLUS_0, 0.0181499279, 2 + _SOFTPLUS_M2]),
    )
    def test_discriminator_loss_by_hand(self, kind, expected):
        loss = losses.discriminator_loss(self.real, self.fake, kind)
        self.assertEqual(loss.shape, (3,))
        self.assertAllClose(loss, expected)

    @parameterized.parameters(
        ("logistic", [0.0, 2.0, -1.0]), ("relativistic", [0.0, 4.0, -2.0])
    )
    def test_a_real_margin_is_a_score_or_a_difference(self, kind, expected):
        margin = losses.real_margin(self.real, self.fake, kind)
        self.assertAllClose(margin[:, 0], expected)

    def test_a_relativistic_pair_wins_what_the_other_loses(self):
        ours = losses.generator_loss(self.fake, "relativistic", self.real)
        theirs = losses.discriminator_loss(self.fake, self.real, "relativistic")
        self.assertAllClose(ours, theirs)
        self.assertAllClose(ours[:2], [_SOFTPLUS_0, 4.0181499279])

    def test_logistic_losses_are_those_of_probabilities(self):
        scores = 3 * support.normal(8, 1)
        probability = 1 / (1 + np.exp(-scores[:, 0].astype(np.float64)))
        for kind, expected in (
            ("logistic", -np.log(probability)),
            ("logistic_saturating", np.log(1 - probability)),
        ):
            loss = losses.generator_loss(scores, kind)
            self.assertAllClose(loss, expected, rtol=1e-5)
        loss = losses.discriminator_loss(scores, scores, "logistic")
        expected = -np.log(probability) - np.log(1 - probability)
        self.assertAllClose(loss, expected, rtol=1e-5)

    def test_logistic_losses_are_finite_far_away(self):
        far = tf.constant([[1e4], [-1e4]])
        for loss in (
            losses.generator_loss(far, "logistic"),
            losses.generator_loss(far, "logistic_saturating"),
            losses.discriminator_loss(far, far, "logistic"),
        ):
            self.assertAllInRange(loss, -1e4, 1e4)

    def test_drift_is_the_squared_score(self):
        self.assertAllClose(losses.drift(self.real), [0.0, 4.0, 1.0])


class PenaltyTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.images = tf.constant(support.normal(3, 4, 5, 2))

    def test_squared_gradient_norm_of_a_quadratic_discriminator(self):
        def discriminator(images):  # 3/2 |x|^2 + 7, gradient 3 x
            return 1.5 * _sum(tf.square(images))[:, None] + 7

        penalty = losses.squared_gradient_norm(discriminator, self.images)
        self.assertEqual(penalty.shape, (3,))
        expected = 9 * _sum(tf.square(self.images))
        self.assertAllClose(penalty, expected, rtol=1e-5)

    def test_squared_gradient_norm_is_differentiable(self):
        slope = tf.Variable(2.0)
        with tf.GradientTape() as tape:
            penalty = losses.squared_gradient_norm(
                lambda images: slope * _sum(images)[:, None], self.images
            )
        # slope^2 times the 40 numbers of an image; its derivative is twice.
        self.assertAllClose(penalty, [160.0] * 3)
        self.assertAllClose(tape.gradient(penalty, slope), 3 * 160.0)

    def test_gradient_penalty_of_a_linear_discriminator(self):
        fakes = tf.constant(support.normal(3, 4, 5, 2, seed=1))
        mixing = tf.constant([0.0, 0.3, 1.0])[:, None, None, None]
        weights = support.normal(4, 5, 2, seed=2)
        penalty = losses.gradient_penalty(
            lambda images: _sum(images * weights)[:, None],
            self.images,
            fakes,
            mixing,
        )
        self.assertEqual(penalty.shape, (3,))
        expected = (np.linalg.norm(weights) - 1) ** 2
        self.assertAllClose(penalty, [expected] * 3, rtol=1e-5)

    def test_gradient_penalty_is_taken_between_real_and_fake(self):
        reals, fakes = tf.ones((2, 1, 1, 1)), 5 * tf.ones((2, 1, 1, 1))
        mixing = tf.constant([0.0, 0.5])[:, None, None, None]
        penalty = losses.gradient_penalty(
            lambda images: 0.5 * _sum(tf.square(images))[:, None],
            reals,
            fakes,
            mixing,
        )
        # The gradient is the image itself: 1 and 3.
        self.assertAllClose(penalty, [0.0, 4.0])

    def test_scale_counts_before_the_distance_from_one(self):
        mixing = tf.ones((3, 1, 1, 1))
        penalty = losses.gradient_penalty(
            lambda images: 0.5 * _sum(images)[:, None],
            self.images,
            self.images,
            mixing,
            scale=0.25,
        )
        # 40 gradients of a half: the norm is sqrt(10), then sqrt(10 / 4).
        expected = (math.sqrt(10 / 4) - 1) ** 2
        self.assertAllClose(penalty, [expected] * 3)


class LabelPenaltyTest(tf.test.TestCase):
    def test_by_hand(self):
        logits = tf.constant([[0.0, 0.0], [math.log(3.0), 0.0]])
        labels = tf.constant([[1.0, 0.0], [0.0, 1.0]])
        penalty = losses.label_penalty(logits, labels)
        self.assertAllClose(penalty, [math.log(2.0), math.log(4.0)])


class PathLengthTest(tf.test.TestCase):
    def test_of_a_linear_synthesis(self):
        # Layer l moves the image by scale[l] * matrix.
        matrix = support.normal(6, 4, 5, 2)
        scale = np.array([1.0, 0.5, 2.0], np.float32)
        y = support.normal(3, 4, 5, 2, seed=1)

        def synthesize(ws):
            return tf.einsum("nld,l,dhwc->nhwc", ws, scale, matrix)

        ws = tf.constant(support.normal(3, 3, 6, seed=2))
        lengths = losses.path_lengths(synthesize, ws, tf.constant(y))
        self.assertEqual(lengths.shape, (3,))
        projected = np.einsum("dhwc,nhwc->nd", matrix, y)
        expected = np.linalg.norm(projected, axis=1) / math.sqrt(4 * 5)
        expected *= math.sqrt(np.mean(np.square(scale)))
        self.assertAllClose(lengths, expected, rtol=1e-5)

    def test_of_an_orthogonal_synthesis_is_near_one(self):
        # One column a pixel, 64 pixels: |J^T y|^2 is 64 on the average.
        def synthesize(ws):
            return tf.reshape(ws[:, 0], (-1, 8, 8, 1))

        y = tf.constant(support.normal(100, 8, 8, 1))
        ws = tf.constant(support.normal(100, 1, 64, seed=1))
        lengths = losses.path_lengths(synthesize, ws, y)
        self.assertAllClose(tf.reduce_mean(lengths), 1.0, atol=0.03)


def _sum(images):
    return tf.reduce_sum(images, axis=[1, 2, 3])


if __name__ == "__main__":
    tf.test.main()
