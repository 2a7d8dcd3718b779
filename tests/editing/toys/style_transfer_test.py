"""Statistics of features, swapped between two images."""

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.data import pipeline, sources
from stylegan_tf.editing.toys import style_transfer
from tests.helpers import feature_rule


def _faces(count):
    source = sources.open_source("bundled")
    return pipeline.read(source, range(count), source.image_shape)[0]


class StatisticsTest(tf.test.TestCase):
    def test_values_by_hand(self):
        features = np.array([[[1.0, 2.0], [3.0, 4.0]]], np.float32)
        mean, deviation = style_transfer.statistics(features)
        self.assertAllClose(mean, [2.0, 3.0])
        self.assertAllClose(deviation, [1.0, 1.0])
        gram = style_transfer.gram(features)
        self.assertAllClose(gram, [[5.0, 7.0], [7.0, 10.0]])

    def test_each_normalisation_has_the_statistics_of_its_name(self):
        random = np.random.RandomState(0)
        content = random.normal(1.0, 2.0, size=(8, 6, 3))
        style = random.normal(-4.0, 0.5, size=(8, 6, 3))
        found = style_transfer.normalised(content, style)
        self.assertAllClose(found.content, content)
        both = np.concatenate([found.batch, found.batch_style])
        for maps, mean, deviation in (
            (both, 0.0, 1.0),
            (found.instance, 0.0, 1.0),
            (found.adain, *style_transfer.statistics(style)),
        ):
            found_mean, found_deviation = style_transfer.statistics(maps)
            expected = np.broadcast_to(mean, 3), np.broadcast_to(deviation, 3)
            self.assertAllClose(found_mean, expected[0], atol=1e-5)
            self.assertAllClose(found_deviation, expected[1], atol=1e-5)
        # One of a batch keeps what sets it apart; alone it loses it.
        self.assertGreater(style_transfer.statistics(found.batch)[0].min(), 0.5)


class FittedTest(tf.test.TestCase):
    def test_images_of_any_kind_become_square_rgb(self):
        image = np.full((6, 9, 4), 200, np.uint8)
        image[..., 3] = 0  # transparent
        image[:, :1] = 255
        self.assertAllEqual(
            style_transfer.fitted(image, 4), np.full((4, 4, 3), 255)
        )
        grey = np.full((8, 8, 1), 7, np.uint8)
        self.assertAllEqual(
            style_transfer.fitted(grey, 8), np.full((8, 8, 3), 7)
        )


class SearchTest(tf.test.TestCase):
    def test_it_finds_the_image_of_given_maps(self):
        side = 8
        maps = style_transfer.Maps("halves", side, lambda images: images / 2)
        start, wanted = np.zeros((2, side, side, 3), np.uint8)
        wanted += 180
        steps = []
        found = style_transfer.search(
            maps,
            style_transfer.maps_of(maps, wanted),
            start,
            report=lambda: steps.append(1),
        )
        self.assertAllClose(found, wanted, atol=2)
        self.assertLen(steps, style_transfer.STEPS)

    @pytest.mark.slow
    def test_the_image_comes_near_the_statistics_of_the_style(self):
        content, _, _, _, _, style = _faces(6)
        maps = style_transfer.load()
        made = style_transfer.transfer(maps, content, style)
        before, wanted, after = (
            np.stack(
                style_transfer.statistics(style_transfer.maps_of(maps, each))
            )
            for each in (content, style, made)
        )
        far = np.abs(before - wanted).mean()
        self.assertLess(np.abs(after - wanted).mean(), far / 2)


@pytest.mark.slow
class Vgg16Test(tf.test.TestCase):
    def test_its_maps_are_those_of_its_third_block(self):
        arrays = feature_rule.vgg16(has_classifier=False)
        maps = style_transfer.of_vgg16(arrays)
        image = style_transfer.fitted(_faces(1)[0], maps.side)
        self.assertEqual(
            style_transfer.maps_of(maps, image).shape, (64, 64, 256)
        )


if __name__ == "__main__":
    tf.test.main()
