"""ONNX, LiteRT and Keras files: every family, any batch, both precisions."""

import os
import pathlib
import sys
from unittest import mock

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import checkpoint
from stylegan_tf.export import (
    litert_file,
    onnx_file,
    output,
    own_files,
    saved_model,
)
from tests.helpers import exports, sites

_KINDS = ("labels", "resnet", "msg", "stylegan", "progan", "fading")


@pytest.mark.slow
class PartsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    @parameterized.parameters(*_KINDS)
    def test_onnx_and_litert_compute_what_the_network_does(self, kind):
        snapshot = exports.snapshot(kind)
        onnx = onnx_file.write(snapshot, self.folder / "a.onnx")
        lite = litert_file.write(snapshot, self.folder / "a.tflite")
        self.assertLess(max(onnx, lite), 1e-4)

    def test_names_of_utf_8_where_the_locale_is_ascii(self):
        # As Python reads "größe" there.
        folder = self.folder / "gr\udcc3\udcb6\udcc3\udc9fe"
        snapshot = exports.snapshot("skip")
        onnx_file.write(snapshot, folder / "\udcc3\udcaf.onnx", part="mapping")
        litert_file.write(snapshot, folder / "\udcc3\udcaf.tflite")
        saved_model.write(snapshot, folder / "\udcc3\udcaf")
        self.assertCountEqual(
            os.listdir(self.folder / "größe"), ["ï", "ï.onnx", "ï.tflite"]
        )
        self.assertEqual(os.listdir(self.folder), ["größe"])

    @parameterized.parameters("mapping", "synthesis")
    def test_onnx_files_have_names_and_any_batch(self, part):
        snapshot = exports.snapshot("labels")
        path = self.folder / "part.onnx"
        onnx_file.write(snapshot, path, part=part)
        session = onnxruntime.InferenceSession(
            str(path), providers=["CPUExecutionProvider"]
        )
        names = [each.name for each in session.get_inputs()]
        (result,) = session.get_outputs()
        expected = "ws" if part == "mapping" else "images"
        self.assertEqual(result.name, expected)
        self.assertEqual(result.shape[0], "N")
        if part == "mapping":
            self.assertEqual(names, ["z", "label", "truncation_psi"])
            z = np.zeros((7, 12), np.float32)
            label = np.eye(3, dtype=np.float32)[[0] * 7]
            psi = np.ones(1, np.float32)
            inputs = {"z": z, "label": label, "truncation_psi": psi}
            (ws,) = session.run(None, inputs)
            self.assertEqual(ws.shape, (7, 6, 12))
        else:
            self.assertEqual(names, ["ws"])

    @parameterized.parameters(onnx_file, litert_file)
    def test_float16_halves_the_file(self, module):
        snapshot = sites.snapshot()  # large enough that its weights count
        whole, half = self.folder / "whole", self.folder / "half"
        module.write(snapshot, whole)
        module.write(snapshot, half, precision="float16")
        self.assertLess(half.stat().st_size, 0.6 * whole.stat().st_size)

    @parameterized.parameters("a.keras", "a.weights.h5", "a.npz")
    def test_our_own_files_come_back_equal(self, name):
        snapshot = exports.snapshot("labels")
        path = self.folder / name
        self.assertEqual(own_files.write(snapshot, path), 0)
        loaded = checkpoint.load(path)
        z, labels = exports.inputs(snapshot, 2)
        self.assertAllClose(
            loaded.ema_generator(z, labels), snapshot.ema_generator(z, labels)
        )

    def test_weights_do_not_take_another_network_s_config(self):
        own_files.write(
            exports.snapshot("labels"), self.folder / "a.weights.h5"
        )
        with self.assertRaisesRegex(FileExistsError, "another network"):
            other = exports.snapshot("skip")
            own_files.write(other, self.folder / "b.weights.h5")

    def test_without_the_extra_it_says_what_to_install(self):
        self.enterContext(mock.patch.dict(sys.modules, tf2onnx=None))
        with self.assertRaisesRegex(ImportError, r"'stylegan_tf\[export\]'"):
            onnx_file.write(exports.snapshot("skip"), self.folder / "x.onnx")
        self.assertEmpty([*self.folder.iterdir()])

    def test_a_wrong_file_is_refused_and_not_left_behind(self):
        snapshot = exports.snapshot("skip")
        before = dict(output.TOLERANCES)
        output.TOLERANCES["float32"] = -1.0
        self.addCleanup(output.TOLERANCES.update, before)
        for module in (onnx_file, litert_file):
            with self.assertRaises(output.MismatchError):
                module.write(snapshot, self.folder / "x")
        self.assertEmpty([*self.folder.iterdir()])


if __name__ == "__main__":
    tf.test.main()
