"""The toy of figure 6: its data, its measures, and what they show."""

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.editing.figures import warping as figure
from stylegan_tf.editing.toys import warping


class DrawsTest(tf.test.TestCase):
    def test_one_corner_never_occurs_and_the_rest_is_even(self):
        found = warping.factors(np.random.RandomState(0), 30_000)
        self.assertEqual(found.shape, (30_000, 2))
        self.assertFalse(warping.is_missing(found).any())
        edges = [-1.0, -warping.CORNER, warping.CORNER, 1.0]
        counts, _, _ = np.histogram2d(*found.T, bins=edges)
        areas = np.outer(np.diff(edges), np.diff(edges))
        areas[:2, 1:] = 0.0
        expected = 30_000 * areas / areas.sum()
        self.assertAllClose(counts, expected, atol=300)

    def test_latents_fill_the_disc_evenly(self):
        z = warping.latents(np.random.RandomState(0), 30_000)
        radius = np.linalg.norm(z, axis=1)
        self.assertLessEqual(radius.max(), 1.0)
        self.assertAllClose(np.mean(radius < 0.5), 0.25, atol=0.01)


class MeasuresTest(tf.test.TestCase):
    def test_a_linear_function_is_straight(self):
        z = warping.latents(np.random.RandomState(0), 100)
        turned = z @ np.array([[1.0, 2.0], [-3.0, 0.5]]) + 4.0
        self.assertAllClose(warping.explained(z, turned), 1.0)
        detour = warping.detour(lambda z: 2.0 * z - 1.0, z[:50], z[50:])
        self.assertAllClose(detour, 1.0, rtol=1e-5)

    def test_a_half_circle_is_pi_over_two_of_its_diameter(self):
        ends = np.array([[-1.0, 0.0]]), np.array([[1.0, 0.0]])

        def bent(points):
            angle = points[:, 0] * np.pi / 2
            return np.stack([np.sin(angle), np.cos(angle)], axis=1)

        self.assertAllClose(warping.detour(bent, *ends), np.pi / 2, rtol=1e-3)

    def test_a_parabola_has_no_linear_part(self):
        points = np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
        self.assertAllClose(warping.explained(points, points**2), 0.0)


@pytest.mark.slow
class TrainTest(tf.test.TestCase):
    def test_the_same_seed_gives_the_same_networks(self):
        z = warping.latents(np.random.RandomState(0), 8)
        made = []
        for _ in range(2):
            mapping, synthesis = warping.train(use_mapping=True, steps=3)
            made.append(synthesis(mapping(z)))
        self.assertAllEqual(made[0], made[1])

    def test_w_is_straighter_than_z_and_the_corner_stays_empty(self):
        steps = []
        trained = warping.train_both(steps=500, report=lambda: steps.append(1))
        self.assertLen(steps, 1000)
        self.assertLen(figure.draw(trained).get_axes(), 4)
        _, z, w = warping.measure(trained)
        self.assertLess(w["detour"] - 1, (z["detour"] - 1) / 2)
        self.assertGreater(w["explained"], z["explained"])
        mapping, synthesis = trained[1]
        z = warping.latents(np.random.RandomState(1), 2000)
        made = np.asarray(synthesis(mapping(z)))
        self.assertLess(warping.is_missing(made).mean(), 0.05)


if __name__ == "__main__":
    tf.test.main()
