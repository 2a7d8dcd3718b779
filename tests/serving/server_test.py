"""The started server, as HTTP clients see it: good requests and bad ones."""

import concurrent.futures
import http.client
import io
import json
import pathlib
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators
from tests.helpers import exports, serving

_JSON = {"Content-Type": "application/json"}
_PREDICT = "/v1/models/quickstart:predict"
_INFER = "/v2/models/quickstart/infer"
_HEAD = f"POST {_PREDICT} HTTP/1.1\r\nContent-Type: application/json\r\n"
_DEEP = "[" * 5000 + "]" * 5000
_SCHEMATHESIS = "from schemathesis.cli import schemathesis as s; s()"
_TOKEN = "a long secret"  # noqa: S105


def _ask(address, path, body=None, headers=None, method=None):
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection(address, timeout=30)
    if isinstance(body, dict):
        body, headers = json.dumps(body), {**_JSON, **(headers or {})}
    method = method or ("GET" if body is None else "POST")
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def _say(address, text, *, is_all=True):
    """What the server answers to bytes."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(text.encode())
        if is_all:
            client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(4096), b"")).decode()


def _zeros(rows=1, size=128):
    return [[0.0] * size] * rows


def _z(**fields):
    fields = {"shape": [1, 128], "datatype": "FP32", "data": _zeros()} | fields
    return {"inputs": [{"name": "z", **fields}]}


def _pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


@pytest.mark.slow
class ServerTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(
            serving.started(
                exports.folder(),
                "--timeout_seconds=2",
                "--max_batch_size=8",
                "--max_request_megabytes=0.1",
                "--cors_origins=https://a.example",
            )
        )

    def _ask(self, *arguments, **more):
        return _ask(self.server.http, *arguments, **more)

    def test_a_picture_is_that_of_the_network(self):
        generator = generators.open(exports.QUICKSTART)
        ws = generator.map(generator.latents([5, 2**32 - 1]))
        plain = generator.images(ws, "const")
        noiseless = generator.images(ws, "none")
        truncated = generator.images(generator.truncate(ws, 0.7, 4), "const")
        for query, expected in (
            ("seed=5", plain[0]),
            ("seed=4294967295&noise=const", plain[1]),
            ("seed=5&noise=none", noiseless[0]),
            ("seed=5&psi=0.7&cutoff=4", truncated[0]),
        ):
            status, headers, body = self._ask(f"/image?{query}")
            self.assertEqual(
                (status, headers["content-type"]), (200, "image/png")
            )
            self.assertAllClose(
                np.int32(_pixels(body)), np.int32(expected), atol=1, rtol=0
            )

    def test_a_picture_is_cached_by_its_tag(self):
        path = "/image?seed=1&psi=0.7"
        _, headers, body = self._ask(path)
        again = {"If-None-Match": headers["etag"]}
        status, known, nothing = self._ask(path, headers=again)
        self.assertEqual((status, nothing), (304, b""))
        self.assertEqual(known["etag"], headers["etag"])
        status, *_ = self._ask(path, headers={"Accept": "text/html, IMAGE/PNG"})
        self.assertEqual(status, 200)
        status, asked, nothing = self._ask(path, method="HEAD")
        self.assertEqual((status, nothing), (200, b""))
        self.assertEqual(int(asked["content-length"]), len(body))
        status, *_ = self._ask("/image?seed=2", headers=again)
        self.assertEqual(status, 200)

    def test_rows_columns_and_tensors_are_the_picture(self):
        *_, png = self._ask("/image?seed=3")
        z = np.random.RandomState(3).randn(1, 128).astype(np.float32).tolist()
        rows = {"instances": [{"z": row} for row in z]}
        columns = {"signature_name": "generate", "inputs": {"z": z}}
        for path, body, keys in (
            (_PREDICT, rows, ["predictions"]),
            ("/v1/models/quickstart/versions/1:predict", columns, ["outputs"]),
        ):
            status, _, answer = self._ask(path, body)
            self.assertEqual(status, 200, answer)
            self.assertAllEqual(json.loads(answer)[keys[0]][0], _pixels(png))
        _, _, answer = self._ask(_INFER, _z(data=z[0]))
        (output,) = json.loads(answer)["outputs"]
        self.assertAllEqual(
            np.reshape(output["data"], output["shape"])[0], _pixels(png)
        )
        body = {"signature_name": "generate_png", **rows}
        (coded,) = json.loads(self._ask(_PREDICT, body)[2])["predictions"]
        self.assertEqual(list(coded), ["b64"])

    @parameterized.named_parameters(
        ("no_json", _PREDICT, "{", 400, "not JSON"),
        ("empty", _PREDICT, "", 400, "It is empty"),
        ("a_list", _PREDICT, "[]", 400, "an array"),
        ("nan", _PREDICT, '{"inputs": [NaN]}', 400, "not JSON"),
        ("infinite", _PREDICT, '{"inputs": [1e999]}', 400, "infinity"),
        ("deep", _PREDICT, f'{{"inputs": {_DEEP}}}', 400, "depth"),
        ("utf8", _PREDICT, b'{"inputs": "\xff"}', 400, "not JSON"),
        ("shape", _PREDICT, {"inputs": [[1]]}, 400, "[rows, 128]"),
        ("flat", _PREDICT, {"inputs": _zeros()[0]}, 400, "[rows, 128]"),
        ("ragged", _PREDICT, {"inputs": [*_zeros(), [1]]}, 400, "lengths"),
        ("text", _PREDICT, {"inputs": "a" * 50}, 400, "strings"),
        ("null", _PREDICT, {"inputs": None}, 400, "no numbers"),
        ("large", _PREDICT, {"inputs": [[1e300] * 128]}, 400, "to 1e+06"),
        ("rows", _PREDICT, {"inputs": _zeros(9)}, 400, "may have 8 rows"),
        ("no_rows", _PREDICT, {"inputs": {"z": []}}, 400, "shape"),
        ("unknown", _PREDICT, {"inputs": {"y": 1}}, 400, "no input `y`"),
        ("signature", _PREDICT, {"inputs": 1, "signature_name": "x"}, 400,
         "no signature `x`"),
        ("base64", _PREDICT,
         {"signature_name": "synthesize",
          "inputs": {"ws": 1, "noise": [{"b64": "?"}]}}, 400, "base64"),
        ("no_model", "/v1/models/x:predict", {}, 404, "There is `quickstart`"),
        ("no_version", "/v1/models/quickstart/versions/7:predict",
         {"inputs": 1}, 404, "Version 7"),
        ("odd_version", "/v1/models/quickstart/versions/x:predict",
         {"inputs": 1}, 400, "whole number"),
        ("too_large", _PREDICT, "x" * 100_001, 413, "0.1 MB"),
        ("infer_shape", _INFER, _z(shape=[1, 127]), 400, ": [1, 127]"),
        ("infer_count", _INFER, _z(data=_zeros(2)), 400, "Received: 256"),
        ("infer_type", _INFER, _z(datatype="FP64"), 400, "FP32"),
        ("infer_signature", _INFER,
         _z() | {"parameters": {"signature_name": "x"}}, 400, "signature `x`"),
        ("load", "/v2/repository/models/quickstart/load", {}, 404, "no /v2/"),
    )  # fmt: skip
    def test_a_bad_body_is_refused(self, path, body, status, words):
        found = self._ask(path, body, _JSON)
        self.assertEqual(found[0], status, found[2])
        self.assertIn(words, json.loads(found[2])["error"])

    @parameterized.parameters(
        ("GET", "/image", {}, 400, "seed is needed"),
        ("GET", "/image?seed=-1", {}, 400, "from 0 to 4294967295"),
        ("GET", "/image?seed=1&class=1", {}, 400, "no classes"),
        ("GET", "/image?seed=1", {"Accept": "text/html"}, 406, "image/png"),
        ("GET", "/image?seed=1", {"Accept": "image/png;q=0"}, 406, "image/png"),
        ("POST", "/image?seed=1", {}, 405, "takes no POST"),
        ("GET", "/v1/models/quickstart:predict", {}, 405, "POST"),
        ("GET", "/../../etc/passwd", {}, 404, "There is no"),
        ("GET", "/v1/models/..%2f..%2fetc", {}, 404, "There is no"),
        ("GET", "/v1/models/%00", {}, 404, "no model"),
        ("POST", _PREDICT, {"Content-Type": "text/xml"}, 415, "text/xml"),
        ("POST", _INFER, {"Content-Encoding": "gzip"}, 415, "compressed"),
        ("POST", _INFER, {"Inference-Header-Content-Length": "9"}, 400, "JSON"),
    )
    def test_a_bad_request_is_refused(
        self, method, path, headers, status, words
    ):
        found = self._ask(path, headers=headers, method=method)
        self.assertEqual(found[0], status, found[2])
        self.assertIn(words, json.loads(found[2])["error"])
        if status == 405:
            self.assertIn("allow", found[1])

    @parameterized.parameters(
        ("hello\r\n\r\n", 400),
        (f"GET /{'a' * 70_000} HTTP/1.1\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\nX: {'a' * 70_000}", 431),
        (f"GET /v2 HTTP/1.1\r\nX: {'a' * 70_000}\r\n\r\n", 431),
        (_HEAD + "Content-Length: 50\r\n\r\n{", 400),
        (_HEAD + "Content-Length: -1\r\n\r\n{", 400),
        (_HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (_HEAD + "Content-Length: 999999\r\n\r\n", 413),
        (_HEAD + "Transfer-Encoding: chunked\r\n\r\n30D40\r\n"
         + "x" * 200_000 + "\r\n0\r\n\r\n", 413),
    )  # fmt: skip
    def test_so_is_what_is_hardly_http(self, text, status):
        answer = _say(self.server.http, text)
        self.assertStartsWith(answer, f"HTTP/1.1 {status}")
        self.assertIn('{"error":', answer)

    def test_who_asks_for_another_protocol_is_answered_in_this_one(self):
        body = json.dumps({"inputs": _zeros()})
        answer = _say(
            self.server.http,
            f"{_HEAD}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            f"HTTP2-Settings: AAMAAABkAAQ\r\nContent-Length: {len(body)}\r\n"
            f"\r\n{body}",
        )
        self.assertStartsWith(answer, "HTTP/1.1 200")
        self.assertIn('"outputs"', answer)

    def test_a_body_that_does_not_arrive_is_given_up(self):
        text = _HEAD + "Content-Length: 50\r\n\r\n{"
        answer = _say(self.server.http, text, is_all=False)
        self.assertStartsWith(answer, "HTTP/1.1 408")

    def test_a_page_of_another_origin_may_call_if_it_was_named(self):
        name = "access-control-allow-origin"
        for origin, expected in (
            ("https://a.example", "https://a.example"),
            ("https://b.example", None),
        ):
            _, headers, _ = self._ask("/v2", headers={"Origin": origin})
            self.assertEqual(headers.get(name), expected)

    def test_every_request_is_a_line_of_the_log_and_a_number(self):
        self._ask("/image?seed=1", headers={"X-Request-Id": "mine"})
        _, _, body = self._ask("/metrics")
        self.assertIn(b'protocol="http",status="200"', body)
        lines = self.server.errors.read_text().splitlines()
        (line,) = [
            found
            for found in map(json.loads, lines)
            if found["request_id"] == "mine"
        ]
        self.assertEqual(
            (line["method"], line["path"], line["status"], line["rows"]),
            ("GET", "/image", 200, 1),
        )
        self.assertGreater(line["bytes"], 1000)

    def test_the_document_tells_the_truth(self):
        # A picture's own rules, such as equal rows, are beyond a schema.
        told = subprocess.run(
            [sys.executable, "-c", _SCHEMATHESIS, "run"]
            + [f"http://{self.server.http}/openapi.json"]
            + ["--phases=examples,coverage,fuzzing", "--max-examples=3"]
            + ["--exclude-checks=positive_data_acceptance", "--no-color"]
            + ["--continue-on-failure", "--seed=1"],
            cwd=self.create_tempdir().full_path,
            capture_output=True,
            text=True,
        )
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        self.assertIn("20 selected", told.stdout)


@pytest.mark.slow
class DrainTest(tf.test.TestCase):
    def test_what_was_accepted_is_answered(self):
        token = pathlib.Path(self.create_tempfile(content=_TOKEN).full_path)
        with serving.started(
            exports.folder(), f"--token_file={token}", "--noaccess_log"
        ) as server:
            status, *_ = _ask(server.http, "/image?seed=1")
            self.assertEqual(status, 401)
            headers = {"Authorization": f"Bearer {_TOKEN}"}

            def ask(seed):
                path = f"/image?seed={seed}"
                return _ask(server.http, path, headers=headers)[0]

            idle = http.client.HTTPConnection(server.http, timeout=30)
            idle.request("GET", "/v2", headers=headers)
            idle.getresponse().read()
            with concurrent.futures.ThreadPoolExecutor(64) as pool:
                asked = [pool.submit(ask, seed) for seed in range(64)]
                time.sleep(0.1)
                server.process.send_signal(signal.SIGTERM)
                is_last = False
                while not is_last:
                    idle.request("GET", "/v2", headers=headers)
                    last = idle.getresponse()
                    self.assertEqual(last.status, 200)
                    last.read()
                    is_last = last.headers["connection"] == "close"
                found = []
                for each in asked:
                    try:
                        found.append(each.result())
                    except ConnectionError:  # not accepted any more
                        pass
            self.assertEqual(set(found), {200})
            self.assertEqual(server.process.wait(30), 0)
            self.assertEqual(server.errors.read_text(), "")
            with self.assertRaises(ConnectionRefusedError):
                _ask(server.http, "/v2")


if __name__ == "__main__":
    tf.test.main()
