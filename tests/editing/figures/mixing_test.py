"""Style mixing: what is copied from B, and that nothing else moves."""

import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import generators
from stylegan_tf.editing.figures import mixing
from tests.helpers import exports, support


def _network(resolution):
    config = config_lib.Config(resolution=resolution)
    return types.SimpleNamespace(config=config, image_shape=config.image_shape)


class MixingTest(tf.test.TestCase, parameterized.TestCase):
    def test_layers_outside_the_range_stay_bit_equal(self):
        ws_a, ws_b = support.normal(2, 3, 6, 4)
        made = mixing.mixed(ws_a, ws_b, [0, 2, 5], [2, 4, 6])
        made = made.reshape(3, 3, 6, 4)
        for a, (first, last) in enumerate([(0, 2), (2, 4), (5, 6)]):
            for b in range(3):
                expected = ws_a[a].copy()
                expected[first:last] = ws_b[b, first:last]
                np.testing.assert_array_equal(made[a, b], expected)

    def test_all_layers_are_b_and_no_layer_is_a(self):
        ws_a, ws_b = support.normal(2, 2, 6, 4)
        every_b = mixing.mixed(ws_a, ws_b, 0, 6)
        np.testing.assert_array_equal(every_b, np.tile(ws_b, (2, 1, 1)))
        every_a = mixing.mixed(ws_a, ws_b, 3, 3)
        np.testing.assert_array_equal(every_a, np.repeat(ws_a, 2, axis=0))

    @parameterized.parameters(
        (1024, 6, [(3, (0, 4)), (2, (4, 8)), (1, (8, 18))]),  # the article's
        (32, 3, [(1, (0, 4)), (1, (4, 6)), (1, (6, 8))]),
        (32, 7, [(3, (0, 4)), (2, (4, 6)), (2, (6, 8))]),
        (8, 5, [(3, (0, 2)), (2, (2, 4))]),
        (4, 2, [(2, (0, 2))]),
        (32, 2, [(2, (0, 4)), (2, (4, 6)), (2, (6, 8))]),  # both in all
        (32, 1, [(1, (0, 4)), (1, (4, 6)), (1, (6, 8))]),
    )
    def test_rows_are_shared_out(self, resolution, rows, expected):
        found = mixing.parts(_network(resolution), rows)
        self.assertEqual([each[1:] for each in found], expected)

    def test_free_layers_are_neighbours_that_there_are(self):
        found = mixing.free_parts(_network(8), 2, [1, 2])
        self.assertEqual(found, [("layers 1 – 2 of B", 2, (1, 3))])
        with self.assertRaisesRegex(ValueError, "neighbours.*: 0, 2"):
            mixing.free_parts(_network(8), 2, [0, 2])
        with self.assertRaisesRegex(ValueError, "4 layers .* 0 to 3.*layer 4"):
            mixing.free_parts(_network(8), 2, [3, 4])

    @pytest.mark.slow
    def test_the_figure_holds_the_sources_and_their_mixtures(self):
        generator = generators.of_snapshot(exports.snapshot("skip"))
        ws = generator.map(generator.latents(range(5)))
        maps = [
            np.zeros((2, *shape, 1), np.float32)
            for shape in generator.noise_shapes
        ]
        parts = [("a", 1, (0, 6)), ("b", 1, (0, 0))]
        figure = mixing.draw(generator, ws[:2], ws[2:], parts, noise=maps)
        made = [image.get_array() for image in figure.axes[0].images]
        self.assertLen(made, 2 * 3 + 2 + 3)
        for mixed in made[3:6]:  # the second row has no layer of B
            np.testing.assert_array_equal(mixed, made[7])

    @pytest.mark.slow
    def test_of_few_sources_each_has_a_row_in_every_part(self):
        generator = generators.of_snapshot(exports.snapshot("skip"))
        ws = generator.map(generator.latents(range(5)))
        noise = [
            np.float32([0, 1])[:, None, None, None] * np.ones((*shape, 1))
            for shape in generator.noise_shapes
        ]
        parts = [("a", 2, (0, 0)), ("b", 2, (0, 6))]
        figure = mixing.draw(generator, ws[:2], ws[2:], parts, noise=noise)
        made = [image.get_array() for image in figure.axes[0].images]
        self.assertLen(made, 4 * 3 + 4 + 3)
        made = [image[::24, ::24] for image in made]  # as they were made
        own = generator.images(ws[:2], noise)
        for row in range(4):  # the first two have no layer of B
            np.testing.assert_array_equal(made[12 + row], own[row % 2])
        for column in range(3):
            np.testing.assert_array_equal(made[column], own[0])
            np.testing.assert_array_equal(made[3 + column], own[1])

    def test_progan_is_refused(self):
        generator = generators.of_snapshot(exports.snapshot("progan"))
        ws = np.zeros((2, 1, 12), np.float32)
        with self.assertRaisesRegex(ValueError, "no styles by layer"):
            mixing.draw(generator, ws, ws, [("", 2, (0, 1))])


if __name__ == "__main__":
    tf.test.main()
