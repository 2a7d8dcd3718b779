"""Sheets of images as they come: in several sizes, in rows."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators
from stylegan_tf.editing.figures import grid, uncurated
from tests.helpers import exports


class UncuratedTest(tf.test.TestCase, parameterized.TestCase):
    def test_the_articles_sheet_takes_81_images(self):
        self.assertEqual(uncurated.count(), 81)
        self.assertEqual(uncurated.count((0, 1), rows=2), 6)

    @parameterized.parameters(8, 512, 1024)
    def test_columns_are_filled_from_the_top_in_turn(self, size):
        images = np.full((6, size, size // 2, 3), 0, np.uint8)
        images += np.arange(6, dtype=np.uint8)[:, None, None, None]
        sheet = uncurated.sheet(images, (0, 1))
        side = max(size, 512)
        self.assertEqual(sheet.shape, (2 * side, side // 2 + side // 4, 3))
        left, right = sheet[:, : side // 2], sheet[:, side // 2 :]
        for number, tile in enumerate(np.split(left, 2)):
            self.assertAllEqual(np.unique(tile), [number])
        for number, tile in enumerate(np.split(right, 4), start=2):
            self.assertAllEqual(np.unique(tile), [number])

    def test_small_images_are_enlarged_by_whole_pixels(self):
        images = np.random.RandomState(0).randint(0, 256, (1, 32, 32, 1))
        sheet = uncurated.sheet(images.astype(np.uint8), (0,))
        np.testing.assert_array_equal(
            sheet, images[0].repeat(16, 0).repeat(16, 1).repeat(3, 2)
        )

    def test_a_number_that_fills_no_rows_is_refused(self):
        with self.assertRaisesRegex(ValueError, "takes 27 .* 81 for 3.*: 80"):
            uncurated.refuse_count(80)
        uncurated.refuse_count(54)

    def test_tiles_of_less_than_four_pixels_are_refused(self):
        uncurated.refuse_small((0, 7), (32, 32, 3))  # 512 >> 7 is 4
        message = "images of 32x16 can be halved 6 times, from 512x256"
        with self.assertRaisesRegex(ValueError, message):
            uncurated.refuse_small((0, 7), (16, 32, 3))


class GridTest(tf.test.TestCase):
    def test_rows_are_named_by_what_they_hold(self):
        names = [f"seed {number}" for number in (0, 1, 2, 7, 9)]
        self.assertEqual(
            grid.spans(names, 2), ["seed 0 – 1", "seed 2 – 7", "seed 9"]
        )

    @pytest.mark.slow
    def test_images_stand_row_by_row_the_last_row_shorter(self):
        generator = generators.of_snapshot(exports.snapshot("skip"))
        ws = generator.map(generator.latents(range(5)))
        figure = grid.draw(generator, ws, ["a", "b"])
        shown = figure.axes[0].images
        expected = generator.images(ws)
        self.assertLen(shown, 5)
        tops = [image.get_extent()[3] for image in shown]
        self.assertEqual(tops[:3], [tops[0]] * 3)
        self.assertEqual(tops[3:], [tops[3]] * 2)
        for image, drawn in zip(expected, shown, strict=True):
            factor = len(drawn.get_array()) // len(image)
            np.testing.assert_array_equal(
                drawn.get_array()[::factor, ::factor], image
            )


if __name__ == "__main__":
    tf.test.main()
