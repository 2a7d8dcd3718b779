"""TensorFlow Serving and KServe take what tools.export writes as it is."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, model_card
from stylegan_tf.data import decode
from tests.helpers import exports, model_server

_SIGNATURES = [
    "generate",
    "generate_png",
    "gradients",
    "map",
    "mix",
    "serving_default",
    "synthesize",
]
# float32 unless it says so; a row an image comes first.
_OTHER_DTYPES = {
    "truncation_cutoff": tf.int32,
    "first_layer": tf.int32,
    "last_layer": tf.int32,
    "noise": tf.string,
    "image_bytes": tf.string,
}


@pytest.mark.slow
class ModelServerTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = exports.folder("labels")
        cls.snapshot = exports.snapshot("labels")
        cls.server = model_server.ModelServer(cls.path)

    def test_every_signature_is_warm(self):
        requests = self.server.warm_up()
        names = [each.model_spec.signature_name for each in requests]
        self.assertEqual(names, _SIGNATURES)
        self.assertCountEqual(self.server.signatures, _SIGNATURES)
        for request in requests:
            self.assertEqual(request.model_spec.name, "labels")
            self.assertLess(request.ByteSize(), 3000)  # zeros take no room

    @parameterized.parameters(True, False)
    def test_warm_up_suits_old_servers_and_those_that_batch(self, batches):
        server = model_server.ModelServer(
            self.path, knows_defaults=False, batches=batches
        )
        for request in server.warm_up():
            for name, array in server.predict(request).items():
                self.assertLen(array, 1, name)
                if name != "image_bytes":
                    self.assertTrue(np.isfinite(array).all())

    def test_inputs_may_be_left_out(self):
        z, label = exports.inputs(self.snapshot, 3)
        ours = generators.of_snapshot(self.snapshot)
        ws = ours.map(z, label)
        expected = ours.images(ws).astype(int)
        for signature in ("", "generate", "serving_default"):
            request = model_server.request(signature, z=z, label=label)
            made = self.server.predict(request)["images"]
            self.assertAllInRange(made - expected, -1, 1)
        request = model_server.request("generate_png", z=z, label=label)
        made = [
            decode.pixels(each)
            for each in self.server.predict(request)["image_bytes"]
        ]
        self.assertAllInRange(np.stack(made) - expected, -1, 1)
        floats = self.server.predict(model_server.request("synthesize", ws=ws))[
            "images"
        ]
        self.assertAllClose(floats, ours.synthesize(ws), atol=1e-5)
        with self.assertRaisesRegex(ValueError, "missing inputs: {'label'}"):
            self.server.predict(model_server.request("generate", z=z))

    def test_servers_that_batch_want_a_row_of_every_input_an_image(self):
        server = model_server.ModelServer(self.path, batches=True)
        z, label = exports.inputs(self.snapshot, 3)
        inputs = {"z": z, "label": label}
        one = {name: array[:1] for name, array in inputs.items()}
        alone = server.predict(model_server.request("generate", **one))
        rows = {
            "truncation_psi": np.ones(3, np.float32),
            "truncation_cutoff": np.full(3, -1, np.int32),
        }
        request = model_server.request("generate", **inputs, **rows)
        made = server.predict(request)["images"].astype(int)
        self.assertAllInRange(made[:1] - alone["images"], -1, 1)
        with self.assertRaisesRegex(ValueError, "unequal numbers"):
            server.predict(model_server.request("generate", **inputs))

    def test_names_dtypes_and_shapes_are_in_the_signatures(self):
        card = model_card.read(self.server.path)
        for name, definition in self.server.signatures.items():
            self.assertEqual(
                definition.method_name, "tensorflow/serving/predict"
            )
            tensors = [*definition.inputs.items(), *definition.outputs.items()]
            for each, info in tensors:
                pixels = name not in ("synthesize", "gradients")
                is_pixels = each == "images" and pixels
                expected = tf.uint8 if is_pixels else tf.float32
                dtype = _OTHER_DTYPES.get(each, expected)
                self.assertEqual(tf.as_dtype(info.dtype), dtype)
                self.assertEqual(info.tensor_shape.dim[0].size, -1)
                self.assertNotIn(
                    -1, [d.size for d in info.tensor_shape.dim[1:]]
                )
            if name != "serving_default":
                known = card["signatures"][name]
                self.assertCountEqual(definition.inputs, known)

    def test_nothing_is_compiled_or_bound_to_a_device(self):
        graph = self.server.graph.graph_def
        for function in graph.library.function:
            self.assertFalse(function.attr["_XlaMustCompile"].b)
        bodies = [function.node_def for function in graph.library.function]
        for node in (node for body in (graph.node, *bodies) for node in body):
            self.assertRegex(node.device, "^$|CPU")  # every machine has one
            self.assertNotIn("PyFunc", node.op)


if __name__ == "__main__":
    tf.test.main()
