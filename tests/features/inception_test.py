"""Inception of FID: golden k11, and weights by the names of three files."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.features import inception, inception_names
from tests.helpers import feature_rule, support

_STAGES = {
    "Conv2d_1a_3x3": "conv",
    "Conv2d_2a_3x3": "conv_1",
    "Conv2d_2b_3x3": "conv_2",
    "maxpool1": "pool",
    "Conv2d_3b_1x1": "conv_3",
    "Conv2d_4a_3x3": "conv_4",
    "maxpool2": "pool_1",
    "Mixed_5b": "mixed",
    "Mixed_5c": "mixed_1",
    "Mixed_5d": "mixed_2",
    "Mixed_6a": "mixed_3",
    "Mixed_6b": "mixed_4",
    "Mixed_6c": "mixed_5",
    "Mixed_6d": "mixed_6",
    "Mixed_6e": "mixed_7",
    "Mixed_7a": "mixed_8",
    "Mixed_7b": "mixed_9",
    "Mixed_7c": "mixed_10",
}
_CASES = (
    ("out64/", "img64", "half_pixel"),
    ("out299/", "img299", "half_pixel"),
    ("tf64/", "img64", "legacy"),
)


@functools.cache
def _weights():
    return feature_rule.inception()


@functools.cache
def _detector(resize):
    return inception.Inception(_weights(), resize=resize, batch_size=4)


def _in_convention(convention):
    """The weights of the rule under another file's names."""
    port, detector = _weights(), _detector("half_pixel")
    parts = inception_names._PARTS
    renamed = {}
    for layer in detector.network.layers:
        if not layer.weights:
            continue
        for theirs, suffix in zip(
            parts["port"], parts[convention], strict=True
        ):
            old = inception_names.official_name(layer.name, "port")
            new = inception_names.official_name(layer.name, convention)
            array = port[old + theirs]
            if array.ndim == 4 and convention == "graph":
                array = array.transpose(2, 3, 1, 0)
            renamed[new + suffix] = array
    weight = port["fc.weight"]
    kernel = inception_names._CLASSIFIER[convention]
    renamed[kernel] = weight.T if convention == "graph" else weight
    return renamed


class InceptionTest(tf.test.TestCase, parameterized.TestCase):
    def assert_near(self, actual, expected, message="", tolerance=1e-4):
        error = support.relative_error(actual, expected)
        self.assertLessEqual(error, tolerance, message)

    def test_the_rule_makes_the_recorded_weights(self):
        _, meta = support.golden("k11_inception")
        for (name, *_), crc in zip(
            meta["entries"], meta["entry_crc32_of_float32_bytes"], strict=True
        ):
            self.assertEqual(feature_rule.crc32(_weights()[name]), crc, name)

    @parameterized.parameters(*_CASES)
    @pytest.mark.slow
    def test_the_input_is_the_recorded_one(self, case, images, resize):
        arrays, _ = support.golden("k11_inception")
        x = _detector(resize).prepare(
            support.nhwc(arrays[f"in/{images}_uint8"])
        )
        x = x.numpy()
        recorded = f"{case}input299/"
        for name, place in (
            ("crop_0", slice(16)),
            ("crop_100", slice(100, 116)),
            ("crop_end", slice(-16, None)),
        ):
            expected = support.nhwc(arrays[recorded + name])
            self.assert_near(x[:, place, place], expected, name)
        sums = x.astype(np.float64).sum(axis=(1, 2, 3))
        self.assertAllClose(sums, arrays[recorded + "sum"], atol=0.2)

    @parameterized.parameters(*_CASES)
    @pytest.mark.slow
    def test_features_and_classes_are_the_recorded_ones(
        self, case, images, resize
    ):
        arrays, _ = support.golden("k11_inception")
        detector = _detector(resize)
        images = support.nhwc(arrays[f"in/{images}_uint8"])
        features = detector.features(images)
        self.assert_near(features, arrays[case + "pool3"])
        logits = detector.logits_of(features)
        self.assert_near(logits, arrays[f"{case}logits_no_bias"])
        found = detector.probabilities_of(features)
        expected = arrays[f"{case}softmax_no_bias"]
        self.assert_near(found, expected, tolerance=1e-3)

    @pytest.mark.slow
    def test_every_stage_is_the_recorded_one(self):
        arrays, meta = support.golden("k11_inception")
        self.assertEqual(meta["stages"], list(_STAGES))
        detector = _detector("half_pixel")
        network = detector.network
        stages = keras.Model(
            network.input,
            [network.get_layer(name).output for name in _STAGES.values()],
        )
        images = support.nhwc(arrays["in/img64_uint8"])
        found = stages(detector.prepare(images))
        for name, value in zip(_STAGES, found, strict=True):
            recorded = f"out64/stage/{name}/"
            value = value.numpy()
            self.assert_near(
                value.mean(axis=(1, 2)), arrays[recorded + "chan_mean"], name
            )
            centre = value[:, value.shape[1] // 2, value.shape[2] // 2]
            self.assert_near(centre, arrays[recorded + "centre"], name)

    @parameterized.parameters("graph", "script")
    @pytest.mark.slow
    def test_other_names_give_the_same_network(self, convention):
        arrays = _in_convention(convention)
        self.assertEqual(inception_names.convention_of(arrays), convention)
        detector = inception.Inception(arrays, sha256="0")
        self.assertEqual(detector.resize, "legacy")
        for ours, port in zip(
            detector.network.weights,
            _detector("half_pixel").network.weights,
            strict=True,
        ):
            self.assertAllEqual(ours, port)

    @parameterized.parameters(
        ("mixed_9.tower_1_mixed_conv_1", "mixed_9/tower_1/mixed/conv_1"),
        ("mixed_4.tower_1_conv_4", "mixed_4/tower_1/conv_4"),
        ("conv_2", "conv_2"),
    )
    def test_the_graph_is_named_by_its_scopes(self, ours, official):
        name = inception_names.official_name(ours, "graph")
        self.assertEqual(name, official)

    @pytest.mark.slow
    def test_a_weight_that_lacks_or_does_not_fit_is_named(self):
        arrays = dict(_weights())
        arrays["fc.weight"] = np.zeros((1000, 2048))
        with self.assertRaisesRegex(ValueError, "fc.weight.*1000"):
            inception.Inception(arrays)
        name = "Mixed_7c.branch3x3_2b.conv.weight"
        del arrays[name]
        with self.assertRaisesRegex(ValueError, name):
            inception.Inception(arrays)
        with self.assertRaisesRegex(ValueError, "not the weights"):
            inception.Inception({"a": 1})

    @pytest.mark.slow
    def test_features_do_not_depend_on_how_many_images_there_are(self):
        images = support.golden("k11_inception")[0]["in/img64_uint8"]
        detector = _detector("legacy")
        images = support.nhwc(np.concatenate([images, images[:2]]))
        together = detector.features(images)
        self.assertEqual(together.shape, (6, 2048))
        self.assertAllClose(detector.features(images[4:]), together[:2])
        grey = detector.features(images[:1, :, :, :1])
        self.assertAllClose(
            grey, detector.features(images[:1, :, :, :1].repeat(3, axis=3))
        )


if __name__ == "__main__":
    tf.test.main()
