"""The folder for Hugging Face Spaces: complete, and its app runs."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import gradio
import pytest
import tensorflow as tf

from stylegan_tf import generators
from stylegan_tf.editing import direction_files
from stylegan_tf.studio import space
from tests.helpers import running

_NETWORK = running.ROOT / "tests" / "fixtures" / "quickstart"
_WAIT_SECONDS = 90


class SpaceTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_the_folder_is_complete_and_runs(self):
        folder = pathlib.Path(self.create_tempdir().full_path, "My faces, 32")
        generator = generators.open(_NETWORK)
        vector = generator.w_avg / (generator.w_avg**2).sum() ** 0.5
        direction = direction_files.Direction("smile", vector, 0, 2, 1.0)
        space.write(_NETWORK, folder, {"smile": direction})
        readme = (folder / "README.md").read_text()
        self.assertRegex(readme, r"(?s)\A---\n.*\n---\n")
        for line in (
            "sdk: gradio",
            f"sdk_version: {gradio.__version__}",
            "app_file: app.py",
            f"pip install gradio=={gradio.__version__} -r requirements.txt",
        ):
            self.assertIn(f"\n{line}\n", readme)
        self.assertTrue((folder / "my-faces-32/1/saved_model.pb").is_file())
        with self._started(folder) as address:
            page = _page(address)
        self.assertIn("<h1>quickstart</h1>", page)
        self.assertIn('id="first-sight"', page)
        self.assertIn("Smile", page)

    def test_it_asks_for_all_that_the_package_needs(self):
        needed = (running.ROOT / "requirements.txt").read_text()
        names = set(re.findall(r"(?m)^[\w-]+", needed)) - {"tensorboard"}
        self.assertContainsSubset(names, space.NEEDED)
        for line in space.requirements().splitlines():
            self.assertRegex(line, r"^[\w-]+==\d+\.\d+")

    @contextlib.contextmanager
    def _started(self, folder):
        """The address of the folder's app, without this clone's package."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        temporary = pathlib.Path(self.create_tempdir().full_path)
        names = {
            "GRADIO_SERVER_PORT": str(port),
            "TMPDIR": str(temporary),
            "NO_PROXY": "127.0.0.1",
        }
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=folder,
            env=kept | names,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            self.assertEqual(process.wait(30), 0)
        # The folder of visitors' files is gone.
        self.assertEmpty(list(temporary.iterdir()))


def _page(address):
    """The text of a page, once there is one."""
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


if __name__ == "__main__":
    tf.test.main()
