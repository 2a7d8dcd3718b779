"""VGG16 and LPIPS: golden k11, names of both files, gradients."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.features import lpips, vgg16
from tests.helpers import feature_rule, support

_LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3")


def _script_names(arrays):
    """The same arrays under the names of NVIDIA's file."""
    renamed = {}
    for ours, theirs in zip(vgg16._TORCHVISION, vgg16._SCRIPT, strict=True):
        for part in (".weight", ".bias"):
            if ours + part in arrays:
                renamed[theirs + part] = arrays[ours + part]
    return renamed


class GoldenTest(tf.test.TestCase, parameterized.TestCase):
    def assert_near(self, actual, expected, message="", tolerance=1e-4):
        error = support.relative_error(actual, expected)
        self.assertLessEqual(error, tolerance, message)


class LpipsTest(GoldenTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.golden, cls.meta = support.golden("k11_vgg16_lpips")
        cls.arrays = feature_rule.vgg16(has_classifier=False)
        cls.heads = {f"lin{i}": cls.golden[f"lpips/lin{i}"] for i in range(5)}
        cls.detector = lpips.Lpips(cls.arrays, cls.heads, batch_size=4)

    def pair(self, suffix="_uint8"):
        return [
            support.nhwc(self.golden[f"in/pair_{side}{suffix}"])
            for side in "ab"
        ]

    def test_the_rule_makes_the_recorded_weights(self):
        crcs = self.meta["entry_crc32_of_float32_bytes"]
        for (name, *_), crc in zip(self.meta["entries"], crcs, strict=True):
            if name in self.arrays:
                self.assertEqual(
                    feature_rule.crc32(self.arrays[name]), crc, name
                )

    @parameterized.parameters("_uint8", "")
    @pytest.mark.slow
    def test_distances_are_the_recorded_ones(self, suffix):
        found = self.detector.distance(*self.pair(suffix))
        self.assert_near(found, self.golden["out/lpips/total"])
        self.assertAllClose(found, self.golden["f64/lpips/total"], rtol=1e-3)

    @pytest.mark.slow
    def test_every_layer_is_the_recorded_one(self):
        maps = [self.detector.maps(images) for images in self.pair()]
        squares = lpips.squared_differences(*maps)
        for index, (name, value) in enumerate(
            zip(_LAYERS, maps[0], strict=True)
        ):
            value = value.numpy()
            recorded = f"out/feat_a/{name}/"
            self.assert_near(
                value.mean(axis=(1, 2)), self.golden[recorded + "chan_mean"]
            )
            centre = value[:, value.shape[1] // 2, value.shape[2] // 2]
            self.assert_near(centre, self.golden[recorded + "centre"])
            sums = squares[index].numpy().sum(axis=-1).mean(axis=(1, 2))
            expected = self.golden["out/lpips/unweighted_per_layer"][:, index]
            self.assert_near(sums, expected, name)

    @pytest.mark.slow
    def test_nvidias_names_give_the_same_distance(self):
        arrays = _script_names(self.arrays)
        arrays |= {f"lpips{i}": self.heads[f"lin{i}"] for i in range(5)}
        images = [each[:1] for each in self.pair()]
        found = lpips.Lpips(arrays, batch_size=1).distance(*images)
        self.assert_near(found, self.detector.distance(*images))

    @pytest.mark.slow
    def test_equal_images_are_at_zero_with_finite_gradients(self):
        images = tf.zeros((1, 32, 32, 3))
        with tf.GradientTape() as tape:
            tape.watch(images)
            found = self.detector.tensor_distance(images, tf.ones_like(images))
        self.assertAllGreater(found, 0.0)
        self.assertTrue(np.isfinite(tape.gradient(found, images)).all())
        self.assertAllEqual(self.detector.distance(images, images), [0.0])

    @pytest.mark.slow
    def test_heads_that_lack_or_do_not_fit_are_named(self):
        with self.assertRaisesRegex(ValueError, "lin0.model.1.weight"):
            lpips.Lpips(self.arrays)
        heads = {**self.heads, "lin2": np.zeros(3)}
        with self.assertRaisesRegex(ValueError, "lin2.*256"):
            lpips.Lpips(self.arrays, heads)
        with self.assertRaisesRegex(ValueError, "features.0.weight"):
            lpips.Lpips({"a": 1}, self.heads)


class Vgg16Test(GoldenTest):
    @pytest.mark.slow
    def test_features_are_the_recorded_ones(self):
        golden, _ = support.golden("k11_vgg16_lpips")
        arrays = feature_rule.vgg16(has_classifier=True)
        detector = vgg16.Vgg16(arrays, sha256="0", batch_size=4)
        self.assertEqual(detector.resize, "half_pixel")
        for case, images in (
            ("img224", golden["in/img224_uint8"]),
            ("img64", golden["in/pair_a_uint8"]),
        ):
            images = support.nhwc(images)
            x = detector.prepare(images).numpy()[:, :16, :16]
            recorded = support.nhwc(golden[f"out/{case}/net_input/crop_0"])
            self.assert_near(x, recorded)
            found = detector.features(images)
            self.assert_near(found, golden[f"out/{case}/fc7"], case)

    def test_nvidias_file_is_resized_as_tensorflow_did(self):
        self.assertTrue(vgg16.is_script({"layers.conv1.weight": 0}))
        self.assertFalse(vgg16.is_script({"features.0.weight": 0}))
        names = vgg16._SCRIPT
        self.assertEqual(names[12:], ["layers.conv13", *names[-2:]])


if __name__ == "__main__":
    tf.test.main()
