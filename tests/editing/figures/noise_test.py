"""Noise by layer, and what it leaves unchanged."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, latents
from stylegan_tf.editing.figures import grey, noise, stochastic
from tests.helpers import exports


def _bound(kind="skip"):
    return generators.of_snapshot(exports.snapshot(kind))


def _maps(generator, count):
    return latents.noise_of_seeds(range(count), generator.noise_shapes, 12)


class NoiseTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("skip", "stylegan", "fading")
    @pytest.mark.slow
    def test_without_noise_on_any_layer_nothing_varies(self, kind):
        generator = _bound(kind)
        ws = np.repeat(generator.map(generator.latents([0])), 4, axis=0)
        maps = _maps(generator, 4)
        varied = generator.synthesize(ws, maps)
        self.assertGreater(grey.levels(varied).std(axis=0).max(), 0)
        off = noise.only(maps, [False] * len(maps))
        same = generator.synthesize(ws, off)
        for each in same[1:]:
            np.testing.assert_array_equal(each, same[0])
        np.testing.assert_array_equal(same, generator.synthesize(ws, "none"))

    def test_fine_and_coarse_layers_are_all_of_them(self):
        for kind, coarse in (
            ("skip", [1, 1, 1, 0, 0]),
            ("fading", [1, 1, 0, 0]),
        ):
            every, none, fine, some = (
                chosen for _, chosen in noise.parts(_bound(kind))
            )
            self.assertAllEqual(some, np.array(coarse, bool))
            self.assertAllEqual(fine, ~some)
            self.assertTrue(every.all() and not none.any())

    def test_chosen_layers_and_the_others(self):
        parts = noise.free_parts(_bound(), [0, 1, 2])
        self.assertEqual(parts[2][0], "layers 0 – 2")
        self.assertAllEqual(parts[2][1], [True, True, True, False, False])
        self.assertAllEqual(parts[3][1], ~parts[2][1])
        with self.assertRaisesRegex(ValueError, "5 layers with noise, 0 to 4"):
            noise.free_parts(_bound(), [5])

    @pytest.mark.slow
    def test_a_style_has_its_images_and_what_noise_adds_to_them(self):
        generator = _bound()
        ws = generator.map(generator.latents([0, 1]))
        parts = noise.parts(generator)
        maps = _maps(generator, 2)
        figure = noise.draw(generator, ws, maps, ["a", "b"], parts)
        made = [image.get_array() for image in figure.axes[0].images]
        self.assertLen(made, 2 * 2 * 4)
        self.assertAllEqual(np.unique(made[5]), [128])  # "no noise" adds none
        self.assertGreater(len(np.unique(made[4])), 1)

    def test_networks_without_noise_are_refused(self):
        for draw in (noise.draw, stochastic.draw):
            with self.assertRaisesRegex(ValueError, "no noise inputs"):
                arguments = [[], None] if draw is noise.draw else []
                draw(_bound("progan"), None, *arguments, [])


class GreyTest(tf.test.TestCase):
    def test_levels_are_means_of_the_colours_shown(self):
        pixels = np.float32([[-1, 0, 1, -1], [3, -3, 0, 1]])
        self.assertAllClose(grey.levels(pixels), [[127.5], [127.5]])
        self.assertAllClose(grey.levels(pixels[:, :2]), [[0], [255]])
        self.assertAllClose(grey.levels(pixels[:, :1]), [[0], [255]])

    def test_white_is_the_smallest_that_covers_them(self):
        for high, white in ((1000, 64), (33, 64), (32, 32), (0.3, 0.5)):
            self.assertEqual(grey.white(np.full(100, -high)), white)
        self.assertGreater(grey.white(np.zeros(3)), 0)


class StochasticTest(tf.test.TestCase):
    def test_the_window_is_where_most_varies(self):
        varies = np.zeros((128, 96, 1))
        varies[70:94, 30:54] = 1
        rows, columns = stochastic.liveliest(varies)
        self.assertEqual((rows, columns), (slice(70, 94), slice(30, 54)))

    def test_small_images_are_zoomed_into_by_half(self):
        for size, side in ((8, 4), (32, 16), (64, 16), (256, 64)):
            rows, columns = stochastic.liveliest(np.zeros((size, size, 1)))
            self.assertEqual((rows, columns), (slice(0, side),) * 2)

    @pytest.mark.slow
    def test_a_row_is_an_image_its_zooms_and_their_deviation(self):
        generator = _bound()
        ws = generator.map(generator.latents([0]))
        drawn = [
            stochastic.draw(generator, ws, ["a"], draws=5, seed=seed)
            for seed in (0, 0, 1)
        ]
        one, again, other = (
            [image.get_array() for image in figure.axes[0].images]
            for figure in drawn
        )
        self.assertLen(one, 6)
        for image, same in zip(one, again, strict=True):
            np.testing.assert_array_equal(image, same)
        self.assertNotAllEqual(one[5], other[5])
        self.assertNotAllEqual(one[1], one[2])


if __name__ == "__main__":
    tf.test.main()
