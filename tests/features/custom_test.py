"""Networks of the user's as detectors: Keras, SavedModel, ONNX."""

import pathlib

import keras
import numpy as np
import onnx
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.features import custom

_IMAGES = np.random.RandomState(0).randint(0, 256, (5, 8, 8, 3), np.uint8)


def _network(side=8, dtype="float32"):
    """Means of the channels."""
    images = keras.Input((side, side, 3), dtype=dtype)
    x = keras.layers.Rescaling(1.0)(images)
    return keras.Model(images, keras.layers.GlobalAveragePooling2D()(x))


def _write_onnx(path):
    """Means of the channels of NCHW images, `[N, 3, 1, 1]`."""
    float32 = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("GlobalAveragePool", ["x"], ["y"])],
        "means",
        [onnx.helper.make_tensor_value_info("x", float32, ["N", 3, 8, 8])],
        [onnx.helper.make_tensor_value_info("y", float32, ["N", 3, 1, 1])],
    )
    opset = [onnx.helper.make_opsetid("", 17)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, path)


class CustomTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def written(self, kind):
        path = (
            self.folder
            / {
                "keras": "means.keras",
                "saved_model": "means",
                "onnx": "means.onnx",
            }[kind]
        )
        if kind == "keras":
            _network().save(path)
        elif kind == "saved_model":
            _network().export(path, verbose=False)
        else:
            _write_onnx(path)
        return path

    @parameterized.parameters("keras", "saved_model", "onnx")
    def test_a_file_gives_features(self, kind):
        detector = custom.load(self.written(kind))
        detector.batch_size = 2
        self.assertEqual(detector.label, "custom")
        self.assertLen(detector.sha256, 64)
        expected = (_IMAGES / 127.5 - 1.0).mean(axis=(1, 2))
        self.assertAllClose(detector.features(_IMAGES), expected, atol=1e-5)

    def test_images_are_resized_and_scaled(self):
        path = self.written("keras")
        detector = custom.load(path)
        large = _IMAGES.repeat(2, axis=1).repeat(2, axis=2)
        found = detector.features(large)
        self.assertEqual(found.shape, (5, 3))
        expected = (_IMAGES / 127.5 - 1.0).mean(axis=(1, 2))
        self.assertAllClose(found, expected, atol=0.04)

    def test_a_uint8_input_gets_uint8(self):
        path = self.folder / "bytes.keras"
        _network(side=None, dtype="uint8").save(path)
        detector = custom.load(path)
        self.assertEqual((detector.side, detector.is_uint8), (None, True))
        self.assertAllClose(
            detector.features(_IMAGES), _IMAGES.mean(axis=(1, 2)), rtol=1e-5
        )

    def test_a_callable_is_enough(self):
        detector = custom.Custom(lambda x: x[:, :1, :1, :], name="corner")
        self.assertAllClose(
            detector.features(_IMAGES), _IMAGES[:, 0, 0] / 127.5 - 1, atol=1e-6
        )

    def test_what_is_no_feature_network_is_refused(self):
        with self.assertRaisesRegex(ValueError, "nothing.onnx .*SavedModel"):
            custom.load(self.folder / "nothing.onnx")
        for name in ("z.zip", "folder.keras/x"):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"")
            with self.assertRaisesRegex(
                ValueError, f"{path} is no feature network of a kind that is"
            ):
                custom.load(path)
        with self.assertRaisesRegex(ValueError, "folder.keras is no feature"):
            custom.load(self.folder / "folder.keras")
        detector = custom.Custom(lambda x: x, name="maps")
        with self.assertRaisesRegex(ValueError, r"maps must give .*\[N, F\]"):
            detector.features(_IMAGES)
        images = keras.Input((8, 8, 1))
        path = self.folder / "grey.keras"
        keras.Model(images, keras.layers.Flatten()(images)).save(path)
        with self.assertRaisesRegex(ValueError, "square RGB"):
            custom.load(path)


if __name__ == "__main__":
    tf.test.main()
