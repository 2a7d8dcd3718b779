"""tools.serve: what is wrong with its flags, in one line each."""

import os
import pathlib
import shutil
import signal
import socket
import time
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import model_card
from tests.helpers import exports, running, serving


class ServeTest(tf.test.TestCase, parameterized.TestCase):
    def _refuses(self, words, *arguments):
        answer = running.run("serve", *arguments)
        self.assertEqual(answer.code, 1, answer.errors)
        self.assertLen(answer.errors.splitlines(), 1)
        self.assertIn(words, answer.errors)

    @parameterized.parameters(
        ("--model is needed",),
        ("not a folder", "--model=/nowhere"),
        ("is for --studio", "--model=tests", "--directions=x"),
        ("/nowhere does not exist", "--model=tests", "--token_file=/nowhere"),
        ("--port", "--model=tests", "--port=-1"),
        ("--max_queue", "--model=tests", "--max_queue=0"),
        ("must differ", "--model=tests", "--port=8500"),
    )
    def test_a_mistake_is_one_line(self, words, *arguments):
        self._refuses(words, *arguments)

    def test_a_token_is_one_line_of_text(self):
        path = pathlib.Path(self.create_tempfile(content=" \n").full_path)
        model = "--model=tests"
        self._refuses("one line of text", model, f"--token_file={path}")
        path.write_bytes(b"\xff\xfe")
        self._refuses(f"{path} must hold", model, f"--token_file={path}")
        for odd in ("a\nb", "söcret"):
            with mock.patch.dict(os.environ, {"STYLEGAN_TOKEN": odd}):
                self._refuses("$STYLEGAN_TOKEN", model)

    @parameterized.parameters("--port", "--grpc_port")
    @pytest.mark.slow
    def test_a_port_that_is_taken_is_one(self, flag):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            self._refuses(
                f"cannot listen on 127.0.0.1:{port}: Address already in use; "
                f"give another {flag} ",
                f"--model={exports.folder()}",
                "--port=0",
                "--grpc_port=0",
                f"{flag}={port}",
                "--dry_run",
            )

    @pytest.mark.slow
    def test_a_dry_run_checks_and_starts_nothing(self):
        model = exports.folder()
        arguments = ["serve", f"--model={model}", "--dry_run", "--grpc_port=0"]
        said = running.run(*arguments, "--port=0")
        self.assertEqual((said.code, said.errors), (0, ""))
        self.assertEqual(
            said.output,
            f"Would serve version 1, {model_card.newest(model)}, at "
            "http://127.0.0.1:(a free port) grpc://127.0.0.1:(a free port)\n",
        )
        odd = pathlib.Path(self.create_tempfile(content="").full_path)
        self._refuses(
            f"{odd}",
            *arguments[1:],
            "--studio",
            f"--directions={odd}",
        )

    @pytest.mark.slow
    def test_it_says_what_it_does(self):
        folder = pathlib.Path(self.create_tempdir().full_path) / "faces"
        export = model_card.newest(exports.folder())
        shutil.copytree(export, folder / "1")
        with serving.started(folder, "--noaccess_log") as server:
            shutil.copytree(export, folder / ".new")
            (folder / ".new").rename(folder / "2")
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                if "version 2" in server.output.read_text():
                    break
                time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(30), 0)
            said = server.output.read_text().splitlines()
            self.assertEqual(
                said,
                [
                    f"Loading {folder}/1",
                    f"faces: http://{server.http} grpc://{server.grpc}",
                    f"Loading {folder}/2",
                    "faces: version 2 is served",
                    "faces: stopping; what was accepted is answered",
                ],
            )
            self.assertEqual(server.errors.read_text(), "")

    def test_a_folder_without_a_model_is_one(self):
        self._refuses("tests", "--model=tests", "--port=0", "--grpc_port=0")

    @pytest.mark.slow
    def test_the_second_signal_ends_it_at_once(self):
        model = exports.folder()
        with serving.started(model, "--noaccess_log") as server:
            host, port = server.http.split(":")
            with socket.create_connection((host, int(port))) as client:
                # A request that keeps the server waiting for its body.
                client.sendall(
                    b"POST /v1/models/quickstart:predict HTTP/1.1\r\n"
                    b"Content-Length: 9\r\n\r\n"
                )
                server.process.send_signal(signal.SIGINT)
                with self.assertRaises(TimeoutError):
                    client.settimeout(2)
                    client.recv(1)
                server.process.send_signal(signal.SIGINT)
                self.assertEqual(server.process.wait(5), 1)


if __name__ == "__main__":
    tf.test.main()
