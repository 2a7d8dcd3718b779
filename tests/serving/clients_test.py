"""Real clients of a really started server get tools.generate's pictures."""

import base64
import io
import json
import pathlib
import subprocess
import sys
import urllib.request

import grpc
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from stylegan_tf import latents, model_card
from tests.helpers import running, serving

_NETWORK = "tests/fixtures/quickstart"
_SEEDS = (0, 5, 2**32 - 1)
_PSI = 0.7
_CLASSES = 3


class ClientsTest(tf.test.TestCase):
    """One test a network: it lasts as long as its server's start."""

    @pytest.mark.slow
    def test_every_client_gets_the_pictures(self):
        self.check(serving.shared(), _NETWORK, {})

    @pytest.mark.slow
    def test_every_client_gets_the_pictures_of_classes(self):
        label = np.eye(_CLASSES, dtype=np.float32)[[2, 0, 1]]
        server = serving.shared("labels")
        self.check(server, server.model, {"label": label})

    def check(self, server, network, label):
        """Asks in all ways.

        Args:
            server: Of an export.
            network: Of tools.generate.
            label: Dict of the input, if there are classes.
        """
        rows = len(_SEEDS)
        size = model_card.read(model_card.newest(server.model))["z_size"]
        inputs = {
            "z": latents.of_seeds(_SEEDS, size),
            "truncation_psi": np.full(rows, _PSI, np.float32),
            **label,
        }
        classes = label["label"].argmax(1) if label else [None] * rows
        expected = self.generated(network, classes)
        folder = pathlib.Path(self.create_tempdir().full_path)
        found = {
            **_of_tensorflow_serving(server, inputs),
            **_of_triton(server, inputs, folder),
            **_of_rest(server, inputs),
            "image": _of_addresses(server, classes),
        }
        self.check_what_is_there(server, inputs)
        for way, images in found.items():
            with self.subTest(way):
                images = np.int32(images)
                self.assertEqual(images.shape, expected.shape)
                self.assertLessEqual(abs(images - expected).max(), 1)

    def generated(self, network, classes):
        """tools.generate's images, int32 `[N, H, W, C]`."""
        folder = pathlib.Path(self.create_tempdir().full_path)
        for seed, chosen in zip(_SEEDS, classes, strict=True):
            answer = running.run(
                "generate",
                f"--network={network}",
                f"--seeds={seed}",
                f"--truncation_psi={_PSI}",
                f"--output={folder}",
                *([] if chosen is None else [f"--class={chosen}"]),
            )
            self.assertEqual(answer.code, 0, answer.errors)
        paths = [folder / f"seed{seed:04d}.png" for seed in _SEEDS]
        return np.stack([np.int32(Image.open(path)) for path in paths])

    def check_what_is_there(self, server, inputs):
        """TensorFlow Serving's GetModelMetadata and GetModelStatus."""
        with grpc.insecure_channel(server.grpc) as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            request = get_model_metadata_pb2.GetModelMetadataRequest(
                metadata_field=["signature_def"]
            )
            answer = stub.GetModelMetadata(_of_model(request, server))
            found = get_model_metadata_pb2.SignatureDefMap()
            answer.metadata["signature_def"].Unpack(found)
            there = found.signature_def["generate"].inputs
            self.assertContainsSubset(inputs, there)
            stub = model_service_pb2_grpc.ModelServiceStub(channel)
            request = get_model_status_pb2.GetModelStatusRequest()
            answer = stub.GetModelStatus(_of_model(request, server))
            (status,) = answer.model_version_status
            self.assertEqual((status.version, status.state), (1, 30))


def _of_tensorflow_serving(server, inputs):
    """With the stubs of tensorflow-serving-api."""
    with grpc.insecure_channel(server.grpc) as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        request = _of_model(predict_pb2.PredictRequest(), server)
        for name, array in inputs.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(array))
        answer = stub.Predict(request, timeout=60)
        images = tf.make_ndarray(answer.outputs["images"])
        request.model_spec.signature_name = "generate_png"
        answer = stub.Predict(request, timeout=60)
        pngs = tf.make_ndarray(answer.outputs["image_bytes"])
    return {"predict": images, "predict_png": [_pixels(png) for png in pngs]}


def _of_triton(server, inputs, folder):
    """With tritonclient, over HTTP with bytes and with JSON, and gRPC."""
    source, target = folder / "inputs.npz", folder / "answers.npz"
    np.savez(source, **inputs)
    subprocess.run(
        [sys.executable, "-m", "tests.helpers.triton_client"]
        + [server.http, server.grpc, server.model.name, source, target],
        check=True,
        cwd=running.ROOT,
    )
    return dict(np.load(target))


def _of_rest(server, inputs):
    """With JSON in rows and in columns, and PNG in base64."""

    def post(**body):
        url = f"http://{server.http}/v1/models/{server.model.name}:predict"
        body = json.dumps(body).encode()
        with urllib.request.urlopen(url, body) as answer:  # noqa: S310
            return json.load(answer)

    columns = {key: each.tolist() for key, each in inputs.items()}
    rows = [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    pngs = post(signature_name="generate_png", instances=rows)["predictions"]
    return {
        "columns": post(inputs=columns)["outputs"],
        "rows": post(instances=rows)["predictions"],
        "base64": [_pixels(base64.b64decode(png["b64"])) for png in pngs],
    }


def _of_addresses(server, classes):
    """With GET /image."""
    found = []
    for seed, chosen in zip(_SEEDS, classes, strict=True):
        url = f"http://{server.http}/image?seed={seed}&psi={_PSI}"
        url += "" if chosen is None else f"&class={chosen}"
        with urllib.request.urlopen(url) as answer:  # noqa: S310
            found.append(_pixels(answer.read()))
    return found


def _of_model(request, server):
    request.model_spec.name = server.model.name
    return request


def _pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


if __name__ == "__main__":
    tf.test.main()
