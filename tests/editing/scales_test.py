"""Coarse, middle, fine: the articles' layers at 1024, fewer below."""

import types

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import generators
from stylegan_tf.editing import scales
from tests.helpers import exports


def _network(resolution, base_shape=(4, 4)):
    config = config_lib.Config(resolution=resolution, base_shape=base_shape)
    return types.SimpleNamespace(config=config, image_shape=config.image_shape)


class ScalesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (1024, [(0, 4), (4, 8), (8, 18)]),
        (256, [(0, 4), (4, 8), (8, 14)]),
        (64, [(0, 4), (4, 8), (8, 10)]),
        (32, [(0, 4), (4, 6), (6, 8)]),
        (16, [(0, 2), (2, 4), (4, 6)]),
        (8, [(0, 2), (2, 4)]),
    )
    def test_three_scales_cover_the_layers(self, resolution, expected):
        found = scales.three(_network(resolution))
        self.assertEqual([tuple(each[2:]) for each in found], expected)
        names = ["coarse", "middle", "fine"][: len(expected)]
        self.assertEqual([each.name for each in found], names)

    def test_the_articles_spans_are_named(self):
        found = [each.span for each in scales.three(_network(1024))]
        self.assertEqual(found, ["4² – 8²", "16² – 32²", "64² – 1024²"])
        found = [each.span for each in scales.two(_network(1024))]
        self.assertEqual(found, ["4² – 32²", "64² – 1024²"])
        found = [each.span for each in scales.three(_network(32, (4, 2)))]
        self.assertEqual(found, ["4×2 – 8×4", "16×8", "32×16"])

    def test_a_stage_has_the_layers_that_it_shows(self):
        generator = generators.of_snapshot(exports.snapshot("fading"))  # 8x8
        ends = [tuple(each[2:]) for each in scales.three(generator)]
        self.assertEqual(ends, [(0, 2), (2, 4)])
        self.assertEqual(scales.layers(generator), 4)

    def test_one_style_for_all_layers_is_refused(self):
        generator = generators.of_snapshot(exports.snapshot("progan"))
        with self.assertRaisesRegex(ValueError, "no styles by layer"):
            scales.three(generator)

    def test_layers_that_there_are_not_are_refused(self):
        with self.assertRaisesRegex(ValueError, "4 layers with style, 0 to 3"):
            scales.refuse_layers([0, 4], 4, "style")


if __name__ == "__main__":
    tf.test.main()
