"""Latents: golden and known answers, mixing by hand and by chance."""

import itertools

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import latents
from tests.helpers import support


class SeedsTest(tf.test.TestCase):
    def test_z_is_that_of_the_official_tools(self):
        z = latents.of_seeds([5, 6], 12)
        expected = np.random.RandomState(6).randn(1, 12)
        np.testing.assert_array_equal(z[1:], expected.astype(np.float32))

    def test_random_noise_belongs_to_the_seed(self):
        shapes = [(4, 4), (8, 8)]
        together = latents.noise_of_seeds([4, 9], shapes, 12)
        alone = latents.noise_of_seeds([9], shapes, 12)
        for both, one in zip(together, alone, strict=True):
            np.testing.assert_array_equal(both[1:], one)

    def test_classes_start_again(self):
        labels = latents.one_hot(range(4), 3)
        self.assertAllEqual(labels, np.eye(3)[[0, 1, 2, 0]])
        self.assertEqual(labels.dtype, np.float32)
        labels = latents.one_hot([(0, 2), (1, 1)], 3)
        self.assertAllEqual(labels, [[1, 0, 1], [0, 1, 0]])


class BetweenTest(tf.test.TestCase):
    def test_they_are_those_of_the_official_code(self):
        arrays, _ = support.golden("k8_metrics")
        a, b, t = (arrays[f"in/slerp_{each}"] for each in "abt")
        t = t.astype(np.float64)
        w0, w1 = arrays["in/w0"], arrays["in/w1"]
        for suffix, step in (("", 0.0), ("_plus_eps", 1e-4)):
            name = "out/slerp" + ("_t_plus_eps" if step else "")
            found = latents.slerp(a, b, t + step)
            self.assertAllClose(found, arrays[name], rtol=1e-6, atol=3e-7)
            found = latents.lerp(w0, w1, (t + step)[:, None])
            expected = arrays[f"out/lerp_w{suffix}"]
            self.assertAllClose(found, expected, rtol=1e-6, atol=3e-7)

    def test_slerp_walks_on_the_sphere_at_one_speed(self):
        a, b = np.array([[3.0, 0.0]]), np.array([[0.0, 0.5]])
        for t in (0.0, 0.25, 1.0):
            found = latents.slerp(a, b, t)
            angle = t * np.pi / 2
            self.assertAllClose(found, [[np.cos(angle), np.sin(angle)]])

    def test_slerp_between_one_direction_stays(self):
        a = np.array([[1.0, 2.0, 2.0]])
        found = latents.slerp(a, 2 * a, 0.3)
        self.assertAllClose(found, a / 3, rtol=1e-6)

    def test_truncation_is_a_line_through_the_mean(self):
        ws = np.full((2, 3, 1), 5, np.float32)
        mean = np.ones(1, np.float32)
        found = latents.truncate(ws, mean, 0.5, cutoff=2)
        self.assertEqual(found.dtype, np.float32)
        self.assertAllEqual(found[..., 0], [[3, 3, 5]] * 2)
        line = latents.truncate(ws, mean, np.reshape([-1, 0, 1], (3, 1, 1, 1)))
        self.assertAllEqual(line[:, 0, 0, 0], [-3, 1, 5])


class MixingTest(tf.test.TestCase, parameterized.TestCase):
    def test_some_layers_are_of_the_other(self):
        one, two = np.zeros((2, 5, 1)), np.ones((2, 5, 1))
        mixed = latents.mix(one, two, 1, 3)
        self.assertAllEqual(mixed[..., 0], [[0, 1, 1, 0, 0]] * 2)
        mixed = latents.mix(one, two, np.array([1, 4]))
        self.assertAllEqual(mixed[..., 0], [[0, 1, 1, 1, 1], [0, 0, 0, 0, 1]])

    @parameterized.parameters((6, 2), (6, 3), (6, 4), (4, 4))
    def test_all_choices_of_crossovers_are_as_likely(self, layers, count):
        random = np.random.RandomState(0)
        found = latents.crossovers(random, 6000, layers, count)
        expected = list(itertools.combinations(range(1, layers), count - 1))
        kinds, counts = np.unique(found, axis=0, return_counts=True)
        self.assertAllEqual(kinds, expected)
        self.assertAllClose(
            counts / 6000, [1 / len(expected)] * len(expected), atol=0.03
        )

    def test_batches_of_any_size_draw_the_same(self):
        one, two = np.random.RandomState(3), np.random.RandomState(3)
        together = latents.crossovers(one, 8, 10, 3)
        apart = [latents.crossovers(two, size, 10, 3) for size in (2, 6)]
        self.assertAllEqual(together, np.concatenate(apart))

    @parameterized.parameters((1, 2), (3, 4), (8, 1))
    def test_too_many_latents_are_refused(self, layers, count):
        with self.assertRaisesRegex(ValueError, f"Received: {count}"):
            latents.crossovers(np.random, 1, layers, count)


if __name__ == "__main__":
    tf.test.main()
