"""Styles of several latents: where they meet, by hand and by chance."""

import itertools

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import style_mixing


class StyleMixingTest(tf.test.TestCase, parameterized.TestCase):
    def test_each_layer_is_of_the_latent_whose_turn_it_is(self):
        ws = [np.full((2, 5, 1), latent) for latent in (1, 2, 3)]
        mixed = style_mixing.mix(ws, np.array([[1, 3], [2, 4]]))
        self.assertAllEqual(mixed[..., 0], [[1, 2, 2, 3, 3], [1, 1, 2, 2, 3]])
        self.assertAllEqual(ws[0], np.ones((2, 5, 1)))  # left as they were

    @parameterized.parameters((6, 2), (6, 3), (6, 4), (4, 4))
    def test_all_choices_are_as_likely(self, layers, latents):
        random = np.random.RandomState(0)
        found = style_mixing.crossovers(random, 6000, layers, latents)
        expected = list(itertools.combinations(range(1, layers), latents - 1))
        kinds, counts = np.unique(found, axis=0, return_counts=True)
        self.assertAllEqual(kinds, expected)
        self.assertAllClose(
            counts / 6000, [1 / len(expected)] * len(expected), atol=0.03
        )

    def test_batches_of_any_size_draw_the_same(self):
        one, two = np.random.RandomState(3), np.random.RandomState(3)
        together = style_mixing.crossovers(one, 8, 10, 3)
        apart = [style_mixing.crossovers(two, size, 10, 3) for size in (2, 6)]
        self.assertAllEqual(together, np.concatenate(apart))

    @parameterized.parameters((1, 2), (3, 4), (8, 1))
    def test_too_many_latents_are_refused(self, layers, latents):
        with self.assertRaisesRegex(ValueError, f"Received: {latents}"):
            style_mixing.crossovers(np.random, 1, layers, latents)


if __name__ == "__main__":
    tf.test.main()
