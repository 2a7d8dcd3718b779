"""The offline extractor: any image, its label, attributes, a distance."""

import functools
import hashlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images as images_lib
from stylegan_tf.data import sources
from stylegan_tf.features import offline

_COUNT = 400  # images that are looked at


@functools.cache
def _detector():
    return offline.load()


@functools.cache
def _faces():
    """The first images and the classes of their attributes."""
    source = sources.open_source("bundled")
    images = np.stack([source.image(index) for index in range(_COUNT)])
    classes = {
        name: np.array(values[:_COUNT])
        for name, values in source.attributes.items()
    }
    classes["long_hair"] = np.isin(classes["hair_length"], (2, 3))
    return images, classes


class OfflineTest(tf.test.TestCase, parameterized.TestCase):
    def test_it_is_labelled_and_small(self):
        detector = _detector()
        self.assertEqual(detector.label, "offline")
        data = offline.BUNDLED.read_bytes()
        self.assertEqual(detector.sha256, hashlib.sha256(data).hexdigest())
        self.assertLess(len(data), 2_000_000)

    @parameterized.product(side=(16, 32, 100), channels=(1, 2, 3, 4))
    @pytest.mark.slow
    def test_any_image_has_features(self, side, channels):
        random = np.random.RandomState(0)
        images = random.randint(0, 256, (2, side, side, channels), np.uint8)
        found = _detector().features(images)
        self.assertEqual(found.shape, (2, 128))
        self.assertTrue(np.isfinite(found).all())

    @pytest.mark.slow
    def test_large_images_are_looked_at_as_a_whole(self):
        images, _ = _faces()
        large = images_lib.enlarge(images[:2], 32)  # 1024x1024
        small = _detector().features(images[:2])
        self.assertAllClose(_detector().features(large), small, atol=1e-3)

    def test_grey_is_repeated_and_what_is_transparent_is_white(self):
        images, _ = _faces()
        features = _detector().features
        grey = images[:2, :, :, :1]
        self.assertAllClose(features(grey), features(grey.repeat(3, axis=3)))
        clear = np.concatenate([images[:2], np.zeros_like(grey)], axis=3)
        white = np.full_like(images[:2], 255)
        self.assertAllClose(features(clear), features(white))
        opaque = np.concatenate([images[:2], np.full_like(grey, 255)], axis=3)
        self.assertAllClose(features(opaque), features(images[:2]))

    def test_float_images_have_the_features_of_uint8_ones(self):
        images, _ = _faces()
        found = _detector().features(images_lib.to_float(images[:3]))
        expected = _detector().features(images[:3])
        self.assertAllClose(found, expected, atol=1e-4, rtol=1e-4)
        with self.assertRaisesRegex(ValueError, "uint8 .* or float"):
            _detector().features(images[:3].astype(np.int32))
        with self.assertRaisesRegex(ValueError, "C = 1 to 4"):
            _detector().features(images[:3, ..., 0])
        with self.assertRaisesRegex(ValueError, "At least one image"):
            _detector().features(images[:0])

    def test_features_do_not_depend_on_the_batch(self):
        images, _ = _faces()
        together = _detector().features(images[:70])
        for part in (slice(0, 3), slice(60, 70)):
            alone = _detector().features(images[part])
            self.assertAllClose(alone, together[part], rtol=1e-5, atol=1e-5)

    @pytest.mark.slow
    def test_attributes_are_told_apart(self):
        images, classes = _faces()
        logits = _detector().logits(images)
        self.assertEqual(logits.shape, (_COUNT, len(offline.ATTRIBUTES)))
        for column, name in enumerate(offline.ATTRIBUTES):
            is_right = (logits[:, column] > 0) == classes[name].astype(bool)
            self.assertGreater(is_right.mean(), 0.85, name)

    def test_probabilities_are_of_hair_styles(self):
        images, classes = _faces()
        found = _detector().probabilities_of(_detector().features(images))
        self.assertAllClose(found.sum(axis=1), np.ones(_COUNT), atol=1e-5)
        is_right = found.argmax(axis=1) == classes["hair_style"]
        self.assertGreater(is_right.mean(), 0.5)

    @pytest.mark.slow
    def test_the_distance_grows_with_the_change(self):
        images, _ = _faces()
        images = images_lib.to_float(images[:16])
        noise = np.random.RandomState(0).standard_normal(images.shape)
        distances = [
            _detector().distance(images, images + size * noise).mean()
            for size in (0.0, 1e-3, 1e-2, 1e-1)
        ]
        self.assertEqual(distances[0], 0.0)
        self.assertAllEqual(np.sort(distances), distances)
        others = _detector().distance(images, images[::-1])
        self.assertAllInRange(others, distances[2], 4.0)
        self.assertAllClose(others, others[::-1], rtol=1e-4)

    @pytest.mark.slow
    def test_half_the_step_is_a_quarter_of_the_distance(self):
        images, _ = _faces()
        images = images_lib.to_float(images[:16])
        step = np.random.RandomState(0).standard_normal(images.shape)
        short, long = (
            _detector().distance(images, images + size * step).mean()
            for size in (1e-3, 2e-3)
        )
        self.assertAllClose(long / short, 4.0, rtol=0.1)

    def test_the_distance_has_gradients(self):
        images = images_lib.enlarge(_faces()[0][:2], 2)
        images = tf.constant(images_lib.to_float(images))
        with tf.GradientTape() as tape:
            tape.watch(images)
            found = _detector().tensor_distance(images, images[::-1])
        gradient = tape.gradient(found, images).numpy()
        self.assertTrue(np.isfinite(gradient).all() and gradient.any())

    def test_a_file_or_a_weight_that_is_missing_is_named(self):
        with self.assertRaisesRegex(FileNotFoundError, "/nowhere/x.npz"):
            offline.load("/nowhere/x.npz")
        with self.assertRaisesRegex(ValueError, "lack `conv1/kernel`"):
            offline.Offline({})


if __name__ == "__main__":
    tf.test.main()
