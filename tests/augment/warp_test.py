"""Sampling and matrices of geometry against tensorflow-addons' images."""

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.augment import geometry, warp
from tests.helpers import support


def _sampled(x, matrix):
    """Values of `x` where `matrix` `[3, 3]` leads, and which are inside.

    One sample a pixel, without the filters; outside is what the addons fill
    in other ways.
    """
    count, height, width, _ = x.shape
    right, down = np.meshgrid(
        np.arange(width), np.arange(height), indexing="ij"
    )  # [X, Y]
    centre = np.array([(width - 1) / 2, (height - 1) / 2, 0])
    places = np.stack([right, down, np.ones_like(right)], -1) - centre
    places = (places @ matrix.T + centre)[..., :2]
    last = np.array([width, height]) - 1
    is_inside = np.all((places >= 0) & (places <= last), axis=-1)
    places = np.clip(places, 0, last)
    pixel = np.minimum(np.floor(places), last - 1)
    beyond = np.tile((places - pixel)[None], (count, 1, 1, 1))
    first = np.arange(count)[:, None, None] * width
    index = (first + pixel[..., 0]) * height + pixel[..., 1]
    values = warp._sample(
        tf.transpose(x, (0, 2, 1, 3)),
        tf.constant(index, tf.int32),
        tf.constant(beyond[..., :1], tf.float32),
        tf.constant(beyond[..., 1:], tf.float32),
    )
    return tf.transpose(values, (0, 2, 1, 3)), is_inside.T


class AddonsTest(tf.test.TestCase):
    def _check(self, matrix, name, least):
        arrays, _ = support.golden("k10_tfa")
        x = tf.constant(arrays["image/x"])
        actual, inside = _sampled(x, np.array(matrix))
        self.assertGreater(inside.mean(), least)
        error = np.abs(actual - arrays[f"image/{name}"])[:, inside].max()
        self.assertLess(error, 1e-5)

    def test_rotate(self):
        given = {"rotate": tf.constant([[0.7, 0.0]])}
        matrix = geometry.way_back(given, 16, 16)[0]
        self._check(matrix, "rotate_0.7_bilinear", 0.7)

    def test_translate(self):
        given = {"xfrac": tf.constant([[2.5 / 16, -3 / 16]])}
        matrix = geometry.way_back(given, 16, 16)[0]
        self._check(matrix, "translate_2.5_-3_bilinear", 0.6)

    def test_transform(self):
        arrays, _ = support.golden("k10_tfa")
        matrix = np.append(arrays["image/transform_matrix"], 1).reshape(3, 3)
        to_corner = np.array([[1, 0, 7.5], [0, 1, 7.5], [0, 0, 1]])
        matrix = np.linalg.inv(to_corner) @ matrix @ to_corner
        self._check(matrix, "transform_bilinear_reflect", 0.5)


class TransposeTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_spreading_is_the_transpose_of_sampling(self):
        images = tf.constant(support.normal(2, 6, 9, 3))
        given = {"rotate": tf.constant([[0.4, 0.0], [2.0, 0.0]])}
        way_back = geometry.way_back(given, 6, 9)
        with tf.GradientTape() as tape:
            tape.watch(images)
            y = warp.warp(images, way_back)
        weights = support.normal(*y.shape, seed=1)
        back = tape.gradient(y, images, weights)
        self.assertAllClose(
            tf.reduce_sum(y * weights),
            tf.reduce_sum(images * back),
            rtol=1e-4,
        )

    def test_the_mirror_image_goes_on(self):
        images = tf.constant(support.normal(1, 8, 8, 1))
        period = {"xfrac": tf.constant([[14 * 5 / 8, -14 * 3 / 8]])}
        moved = warp.warp(images, geometry.way_back(period, 8, 8))
        self.assertAllClose(moved, images, atol=1e-4)


if __name__ == "__main__":
    tf.test.main()
