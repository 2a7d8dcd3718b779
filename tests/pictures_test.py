"""Sheets of images: labels on their axes, enlarged, in RGB."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import pictures


class SheetTest(tf.test.TestCase, parameterized.TestCase):
    def test_every_row_has_its_name_and_its_tiles(self):
        tiles = np.zeros((3, 8, 8, 3), np.uint8)
        tiles[:, 2, 5] = (10, 20, 30)
        sheet = pictures.sheet([tiles] * 2, rows=["a", "traditional-0"])
        self.assertEqual(sheet.dtype, np.uint8)
        margin = sheet.shape[1] - 3 * 64
        self.assertEqual(sheet.shape[0], 2 * 64)
        drawn = sheet[:, margin:].reshape(2, 8, 8, 3, 8, 8, 3)
        self.assertAllEqual(
            drawn[:, 2, :, :, 5],
            np.full((2, 8, 3, 8, 3), 1) * np.array([10, 20, 30]),
        )
        for row in (sheet[:64, :margin], sheet[64:, :margin]):
            self.assertTrue((row == 255).any() and (row == 0).any())
            self.assertAllEqual(row[:, :4], np.full((64, 4, 3), 255))
            self.assertAllEqual(row[:, -4:], np.full((64, 4, 3), 255))

    def test_names_of_any_language_are_drawn(self):
        """Pillow's own font has a box for each of these letters."""
        tiles = np.zeros((1, 64, 64, 3), np.uint8)
        first, second = (
            pictures.sheet([tiles], rows=[name])
            for name in ("M\u0430ntel", "M\u0431ntel")
        )
        is_same = first.shape == second.shape and (first == second).all()
        self.assertFalse(is_same)

    def test_smaller_tiles_are_enlarged_to_the_largest(self):
        rows = [
            np.zeros((2, 96, 48, 3), np.uint8),
            np.full((2, 32, 16, 3), 7, np.uint8),
        ]
        sheet = pictures.sheet(rows, rows=["a", "b"])
        self.assertEqual(sheet.shape[0], 2 * 96)
        self.assertAllEqual(sheet[:96, -96:], np.zeros((96, 96, 3)))
        self.assertAllEqual(sheet[96:, -96:], np.full((96, 96, 3), 7))

    def test_images_may_be_labels_of_both_axes(self):
        tiles = np.zeros((2, 3, 64, 64, 3), np.uint8)
        left = np.full((2, 64, 64, 3), 10, np.uint8)
        above = np.full((3, 64, 64, 3), 20, np.uint8)
        sheet = pictures.sheet(tiles, rows=left, columns=above)
        self.assertEqual(sheet.shape, (72 + 2 * 64, 72 + 3 * 64, 3))
        self.assertTrue((sheet[72:, :64] == 10).all())
        self.assertTrue((sheet[:64, 72:] == 20).all())
        self.assertTrue((sheet[:64, :64] == 255).all())
        self.assertTrue((sheet[72:, 72:] == 0).all())

    def test_texts_stand_over_the_middle_of_their_column(self):
        tiles = np.zeros((1, 2, 64, 64, 3), np.uint8)
        sheet = pictures.sheet(tiles, columns=["a", "b"])
        top = sheet.shape[0] - 64
        for column in (0, 64):
            ink = np.nonzero(sheet[:top, column : column + 64].min((0, 2)) < 99)
            self.assertAllInRange(ink[0], 20, 44)

    @parameterized.parameters(
        ([9], (9, 9, 9)),
        ([9, 0], (255, 255, 255)),
        ([1, 2, 3, 255], (1, 2, 3)),
        ([0, 0, 0, 51], (204, 204, 204)),
    )
    def test_any_channels_become_rgb_over_white(self, pixel, colour):
        tiles = np.broadcast_to(
            np.array(pixel, np.uint8), (1, 8, 8, len(pixel))
        )
        sheet = pictures.sheet([tiles])
        self.assertAllEqual(sheet[0, -1], colour)


if __name__ == "__main__":
    tf.test.main()
