"""Sizes of images, and the constants of the networks that make them."""

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf.data import shapes


def _made_by(base, longer):
    """(H, W) of a network's images, or None where there is no such network."""
    config = config_lib.Config(resolution=longer, base_shape=base)
    try:
        return config_lib.resolve(config).image_shape[:2]
    except ValueError:
        return None


class BaseShapeTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (32, 32, (4, 4)),
        (1024, 1024, (4, 4)),
        (2048, 2048, (4, 4)),
        (384, 512, (3, 4)),
        (512, 384, (4, 3)),
        (48, 48, (6, 6)),
        (384, 384, (6, 6)),
        (128, 112, (8, 7)),
        (30, 40, None),  # 15x20: 20 is no longer side of a constant
        (100, 100, None),
        (4, 4, None),
    )
    def test_some_by_hand(self, height, width, expected):
        if expected:
            self.assertEqual(shapes.base_shape(height, width), expected)
            return
        with self.assertRaisesRegex(ValueError, "a small base doubled"):
            shapes.base_shape(height, width)

    @pytest.mark.slow
    def test_every_size_that_has_one_is_that_of_a_network(self):
        multiples = range(16, 1025, 16)
        for height, width in ((h, w) for h in multiples for w in multiples):
            longer = max(height, width)
            try:
                base = shapes.base_shape(height, width)
            except ValueError:
                halves = [k for k in range(1, 11) if 4 << k <= longer <= 8 << k]
                self.assertFalse(
                    [k for k in halves if not (height | width) % (1 << k)],
                    (height, width),
                )
            else:
                self.assertEqual(_made_by(base, longer), (height, width))


if __name__ == "__main__":
    tf.test.main()
