"""Files that try to take much time or memory, each in a process of its own."""

import json
import pathlib
import subprocess
import sys

import pytest
import tensorflow as tf

from tests.helpers.interop import bombs, torch_bombs

_ROOT = pathlib.Path(__file__).parents[2]
_SECONDS = 5
_READ = """
import json, sys, time
from stylegan_tf.pickles import (torch_files, unpickler)

def peak():
    with open("/proc/self/status") as file:  # of this program alone
        return int(file.read().split("VmHWM:")[1].split()[0]) * 1024

read = torch_files.read_torch if sys.argv[2] == "torch" else unpickler.load
idle, start, reason = peak(), time.perf_counter(), ""
try:
    value = read(sys.argv[1])
except ValueError as error:
    reason = f"{type(error).__name__}: {error}"
print(json.dumps([time.perf_counter() - start, peak() - idle, reason]))
"""


@pytest.mark.slow
class BombsTest(tf.test.TestCase):
    def _read(self, content, kind):
        path = self.create_tempfile("bomb", content, mode="wb").full_path
        answer = subprocess.run(
            [sys.executable, "-c", _READ, path, kind],
            capture_output=True,
            text=True,
            cwd=_ROOT,
            timeout=60,
        )
        self.assertEqual(answer.returncode, 0, answer.stderr[-2000:])
        seconds, memory, reason = json.loads(answer.stdout)
        print(f"{len(content)} bytes: {seconds:.2f} s, {memory >> 20} MiB")
        self.assertLess(seconds, _SECONDS)
        self.assertLess(memory, 2 * len(content) + (1 << 30))
        return reason

    def test_pickles(self):
        for case, (content, message) in bombs.pickles().items():
            with self.subTest(case):
                reason = self._read(content, "pickle")
                self.assertIn(message, reason)
                if message:
                    self.assertStartsWith(reason, "RefusedPickle: ")

    def test_torch_files(self):
        for case, (content, message) in torch_bombs.torch_files().items():
            with self.subTest(case):
                reason = self._read(content, "torch")
                self.assertIn(message, reason)
                self.assertStartsWith(reason, "RefusedPickle: ")


if __name__ == "__main__":
    tf.test.main()
