"""Crops, filters and channels give the pixels they promise."""

import numpy as np
import tensorflow as tf

from stylegan_tf.data import convert, decode
from tests.helpers import data_sets


def converted(image, height=8, width=8, **settings):
    target = convert.Target(height=height, width=width, **settings)
    result = convert.convert(data_sets.encode(image), target)
    return decode.pixels(result.data), result.notes


class ConvertTest(tf.test.TestCase):
    def test_what_is_right_already_is_not_touched(self):
        target = convert.Target(height=8, width=8)
        for format in ("PNG", "JPEG"):
            data = data_sets.encode(data_sets.pixels(0), format)
            self.assertIs(convert.convert(data, target).data, data)
        bitmap = convert.convert(
            data_sets.encode(data_sets.pixels(0), "BMP"), target
        )
        self.assertAllEqual(decode.pixels(bitmap.data), data_sets.pixels(0))

    def test_center_keeps_the_middle(self):
        image = data_sets.pixels(0, 8, 16)
        result, notes = converted(image)
        self.assertAllEqual(result, image[:, 4:12])
        self.assertEqual(notes, ())
        result, _ = converted(image.transpose(1, 0, 2))
        self.assertAllEqual(result, image[:, 4:12].transpose(1, 0, 2))

    def test_center_takes_non_square_sizes(self):
        image = data_sets.pixels(0, 32, 32)
        result, _ = converted(image, height=24, width=32)
        self.assertAllEqual(result, image[4:28])

    def test_box_is_the_mean(self):
        image = data_sets.pixels(5, 16, 16)
        result, _ = converted(image, filter="box")
        mean = image.reshape(8, 2, 8, 2, 3).mean((1, 3))
        self.assertAllClose(result, mean, atol=1.0)  # rounded twice

    def test_lanczos_is_sharper_than_box(self):
        image = data_sets.pixels(5, 64, 64)
        image[:, 31:33] = 255
        box, _ = converted(image, height=16, width=16, filter="box")
        sharp, _ = converted(image, height=16, width=16)
        self.assertNotAllEqual(box, sharp)
        self.assertAllClose(box.mean(), sharp.mean(), atol=3)

    def test_wide_has_black_bars(self):
        image = np.full([60, 64, 3], 200, np.uint8)
        result, _ = converted(image, height=24, width=32, crop="wide")
        self.assertEqual(result.shape, (32, 32, 3))
        self.assertAllEqual(result[4:28], np.full([24, 32, 3], 200))
        self.assertAllEqual(result[:4], np.zeros([4, 32, 3]))
        self.assertAllEqual(result[28:], np.zeros([4, 32, 3]))

    def test_pad_puts_28_into_32_without_resizing(self):
        image = data_sets.pixels(1, 28, 28, 1)
        result, notes = converted(
            image, height=32, width=32, crop="pad", channels=1
        )
        self.assertAllEqual(result, np.pad(image, ((2, 2), (2, 2), (0, 0))))
        self.assertEqual(notes, ())

    def test_pad_shrinks_what_is_larger(self):
        image = np.full([16, 32, 3], 90, np.uint8)
        result, _ = converted(image, crop="pad")
        self.assertAllEqual(result[2:6], np.full([4, 8, 3], 90))
        self.assertAllEqual(result[[0, 1, 6, 7]], np.zeros([4, 8, 3]))

    def test_crop_none_refuses_other_proportions(self):
        self.assertEqual(
            converted(data_sets.pixels(0, 16, 16), crop="none")[0].shape,
            (8, 8, 3),
        )
        with self.assertRaisesRegex(decode.BadImage, "is 16x8, not of the pro"):
            converted(data_sets.pixels(0, 8, 16), crop="none")

    def test_enlarging_is_noted(self):
        self.assertEqual(converted(data_sets.pixels(0, 4, 4))[1], ("enlarged",))

    def test_transparency_is_refused_or_put_on_a_colour(self):
        image = data_sets.pixels(0, channels=4)
        image[..., 3] = 0
        with self.assertRaisesRegex(decode.BadImage, "transparent pixels"):
            converted(image)
        white, notes = converted(image, alpha="white")
        self.assertAllEqual(white, np.full([8, 8, 3], 255))
        self.assertEqual(notes, ("transparency put on white",))
        black, _ = converted(image, alpha="black")
        self.assertAllEqual(black, np.zeros([8, 8, 3]))
        kept, notes = converted(image, channels=4)
        self.assertAllEqual(kept, image)

    def test_opaque_alpha_is_dropped(self):
        image = data_sets.pixels(0, channels=4)
        image[..., 3] = 255
        result, notes = converted(image)
        self.assertAllEqual(result, image[..., :3])
        self.assertEqual(notes, ("opaque alpha dropped",))

    def test_grey_and_colour_become_each_other(self):
        grey = data_sets.pixels(0, channels=1)
        result, notes = converted(grey)
        self.assertAllEqual(result, np.repeat(grey, 3, axis=-1))
        self.assertEqual(notes, ("grey to RGB",))
        result, notes = converted(data_sets.pixels(0), channels=1)
        self.assertEqual(result.shape, (8, 8, 1))
        self.assertEqual(notes, ("colour to grey",))
