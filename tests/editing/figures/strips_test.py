"""Strips: the column of no amount is the image itself."""

import types

import numpy as np
import tensorflow as tf

from stylegan_tf.editing import direction_files
from stylegan_tf.editing.figures import strips


class StripsTest(tf.test.TestCase):
    def test_rows_are_starts_and_columns_amounts(self):
        asked = []

        def images(ws, noise):
            asked.append((ws, noise))
            return np.zeros([len(ws), 8, 8, 3], np.uint8)

        generator = types.SimpleNamespace(images=images)
        direction = direction_files.Direction(
            "long_hair", np.array([1.0, 0.0]), 0, 1, 2.0
        )
        ws = np.random.RandomState(0).randn(2, 3, 2).astype(np.float32)
        noise = [np.arange(2.0).reshape(2, 1, 1, 1)]
        figure = strips.draw(
            generator, ws, [direction], [-1.0, 0.0, 1.5], noise=noise
        )
        self.assertLen(asked, 2)
        for row, (styles, maps) in enumerate(asked):
            self.assertAllEqual(styles[1], ws[row])
            self.assertAllClose(styles[:, 0, 0] - ws[row, 0, 0], [-2, 0, 3])
            self.assertAllEqual(styles[:, 1:], [ws[row, 1:]] * 3)
            self.assertAllEqual(maps[0].ravel(), [row] * 3)
        texts = {each.get_text() for each in figure.axes[0].texts}
        self.assertEqual(texts, {"-1", "0", "+1.5", "long hair"})
        one = strips.draw(generator, ws[:1], [direction], [0.0, 1.0])
        texts = {each.get_text(): each for each in one.axes[0].texts}
        self.assertEqual(set(texts), {"0", "+1", "long hair"})
        self.assertEqual(texts["long hair"].get_rotation(), 0.0)


if __name__ == "__main__":
    tf.test.main()
