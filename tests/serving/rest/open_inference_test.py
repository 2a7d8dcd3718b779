"""The Open Inference Protocol's JSON, and the bytes that may follow it."""

import asyncio
import json
import struct
import tracemalloc
import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving import errors, signatures
from stylegan_tf.serving.rest import open_inference

_SIGNATURE = signatures.Signature(
    {
        "z": signatures.Tensor("float32", (None, 2)),
        "noise": signatures.Tensor("string", (None,), np.array([b"const"])),
    },
    {"images": signatures.Tensor("uint8", (None, 2))},
)


class _Echo:
    """A model that gives its inputs back."""

    name = "echo"

    def servable(self, version=None):
        return types.SimpleNamespace(
            signatures={"generate": _SIGNATURE}, max_batch=4
        )

    def statuses(self):
        return {1: "AVAILABLE"}

    async def predict(self, signature, inputs, version=None, timeout=None):
        return 1, {name: _typed(each) for name, each in inputs.items()}


def _typed(array):
    if array.dtype != object:
        return np.float32(array)
    texts = [e.encode() if isinstance(e, str) else e for e in array]
    return np.array(texts, object)


def _infer(body, *binary):
    """The answer to a request, and the model's inputs."""
    text = json.dumps(body).encode()
    headers = {open_inference.HEADER: str(len(text))} if binary else {}
    return _send(text + b"".join(binary), headers)


def _send(body, headers):
    plane = open_inference.DataPlane(_Echo())
    asked, _ = plane.decode(body, headers, "v2", "echo")
    asked.model_version = None
    answer, _ = asyncio.run(plane.infer("echo", asked, headers))
    body, found = plane.encode("echo", answer, headers, {})
    size = int(found.get(open_inference.HEADER, len(body)))
    return json.loads(body[:size]), body[size:]


def _z(**fields):
    return {"name": "z", "shape": [1, 2], "datatype": "FP32", **fields}


def _deep(depth):
    value = 0.0
    for _ in range(depth):
        value = [value]
    return value


class OpenInferenceTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters([[[1.5, 2]]], [[[[1.5, 2.0]]]])
    def test_numbers_may_be_flat_or_nested(self, data):
        answer, _ = _infer({"id": "7", "inputs": [_z(data=data)]})
        self.assertEqual(
            answer,
            {
                "id": "7",
                "model_name": "echo",
                "model_version": "1",
                "outputs": [_z(data=[1.5, 2.0])],
            },
        )

    def test_binary_data_is_taken_in_the_order_of_the_inputs(self):
        z = np.float32([[1, 2]]).tobytes()
        text = struct.pack("<I", 4) + b"none"
        noise = {"name": "noise", "shape": [1], "datatype": "BYTES"}
        answer, binary = _infer(
            {
                "inputs": [
                    {**noise, "parameters": {"binary_data_size": 8}},
                    _z(parameters={"binary_data_size": 8}),
                ],
                "outputs": [
                    {"name": "z", "parameters": {"binary_data": True}},
                    {"name": "noise", "parameters": {"binary_data": False}},
                ],
            },
            text,
            z,
        )
        self.assertEqual(binary, z)
        self.assertEqual(
            answer["outputs"],
            [
                _z(parameters={"binary_data_size": 8}),
                {**noise, "data": ["none"]},
            ],
        )
        _, binary = _infer(
            {
                "inputs": [{**noise, "data": ["none"]}],
                "parameters": {"binary_data_output": True},
            }
        )
        self.assertEqual(binary, text)

    @parameterized.named_parameters(
        ("no_inputs", {}, "inputs: Field required"),
        ("not_a_list", {"inputs": 5}, "inputs: Input should be a valid list"),
        ("text_as_shape", {"inputs": [_z(shape=["1"], data=[])]}, "shape"),
        ("no_data", {"inputs": [_z()]}, "either data or"),
        (
            "both",
            {"inputs": [_z(data=[], parameters={"binary_data_size": 0})]},
            "either data or",
        ),
        (
            "count",
            {"inputs": [_z(data=[1])]},
            r"\[1, 2\]. Received: 1",
        ),
        (
            "huge",
            {"inputs": [_z(shape=[2**62, 2], data=[1])]},
            "4 rows. Received: 4611686018427387904",
        ),
        (
            "negative",
            {"inputs": [_z(shape=[-1, 2], data=[1, 2])]},
            r"Received: \[-1, 2\]",
        ),
        (
            "rank",
            {"inputs": [_z(shape=[1] * 60, data=[1])]},
            r"\[rows, 2\]. Received: \[1, 1,",
        ),
        (
            "overflow",
            {"inputs": [_z(shape=[0, 2**62, 2**62], data=[])]},
            r"\[rows, 2\]. Received: \[0, 4",
        ),
        (
            "dtype",
            {"inputs": [_z(datatype="INT32", data=[1, 2])]},
            "datatype FP32. Received: INT32",
        ),
        (
            "name",
            {"inputs": [{**_z(data=[1, 2]), "name": "y", "datatype": "BF16"}]},
            "There is no input `y`. .*: z, noise",
        ),
        ("ragged", {"inputs": [_z(data=[[1], [1, 2]])]}, "different lengths"),
        ("text", {"inputs": [_z(data=["1", "2"])]}, "Received: strings"),
        ("deep", {"inputs": [_z(data=_deep(900))]}, "Received: 1"),
        (
            "deep_in_all",
            {"inputs": [_z(data=[_deep(900)] * 2)]},
            "Received: lists of lists",
        ),
        (
            "output",
            {"inputs": [_z(data=[1, 2])], "outputs": [{"name": "x"}]},
            "no output `x`",
        ),
    )
    def test_a_bad_request_is_refused(self, body, words):
        with self.assertRaisesRegex(errors.Invalid, words):
            _infer(body)

    @parameterized.parameters(
        ({"inputs": [{}] * 10**6}, "inputs may have 64 .*: 1000000"),
        ({"inputs": [], "outputs": [5] * 65}, "outputs may have 64"),
        ({"inputs": [_z(shape=["1"] * 10**6)]}, "shape may have 64"),
        ({"inputs": [_z(parameters=dict.fromkeys(map(str, range(65))))]}, "64"),
        ({"parameters": {str(each): [] for each in range(65)}}, "64 elements"),
        ({"inputs": [_z(data=[1, 2])] * 2}, "inputs: `z` is there twice"),
        ({"inputs": [], "outputs": [{"name": "a"}] * 2}, "`a` is there twice"),
        ({"id": "7" * 257, "inputs": []}, "id: .* 256 characters"),
    )
    @pytest.mark.slow
    def test_so_is_what_is_too_long_in_little_memory(self, body, words):
        text = json.dumps(body).encode()
        most = 100 * len(text) + 2**20  # of each {}, pydantic keeps 1.3 kB
        tracemalloc.start()
        with self.assertRaisesRegex(errors.Invalid, words):
            _send(text, {})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertLess(peak, most)

    @parameterized.parameters((None, "null"), (5, "a number"), (True, "true"))
    def test_so_is_a_signature_that_is_no_name(self, name, words):
        body = {"inputs": [_z(data=[1, 2])]}
        with self.assertRaisesRegex(errors.Invalid, f"must be text.*{words}"):
            _infer({**body, "parameters": {"signature_name": name}})

    @parameterized.parameters(
        (8, b"1234567", "7 at most"),
        (-1, b"12345678", "7|8 at most"),
        (2**70, b"12345678", "8 at most"),
        (4, b"12345678", "4 bytes follow"),
        (7, b"1234567", "not of datatype"),
        (True, b"1", "number of bytes"),
        ("8", b"12345678", "number of bytes"),
    )
    def test_bytes_that_do_not_fit_are_refused(self, size, data, words):
        body = {"inputs": [_z(parameters={"binary_data_size": size})]}
        with self.assertRaisesRegex(errors.Invalid, words):
            _infer(body, data)

    @parameterized.parameters("-1", "99", "x", "", "1e1", "²")
    def test_so_is_a_header_that_is_no_length(self, text):
        with self.assertRaisesRegex(errors.Invalid, "Inference-Header"):
            _send(b"{}", {open_inference.HEADER: text})

    @parameterized.parameters(
        b"\xff\xff\xff\xff", b"\x05\x00\x00\x00ab", b"\x00"
    )
    def test_so_is_text_shorter_than_its_length(self, data):
        noise = {"name": "noise", "shape": [1], "datatype": "BYTES"}
        size = {"binary_data_size": len(data)}
        with self.assertRaisesRegex(errors.Invalid, "not of datatype BYTES"):
            _infer({"inputs": [{**noise, "parameters": size}]}, data)

    def test_bytes_that_are_no_text_are_not_for_json(self):
        noise = {"name": "noise", "shape": [1], "datatype": "BYTES"}
        size = {"binary_data_size": 5}
        with self.assertRaisesRegex(errors.Invalid, "binary_data"):
            _infer(
                {"inputs": [{**noise, "parameters": size}]},
                struct.pack("<I", 1) + b"\xff",
            )


if __name__ == "__main__":
    tf.test.main()
