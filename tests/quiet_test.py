"""What is printed when the terminal is gone."""

import pathlib
import subprocess
import sys

import tensorflow as tf

_ROOT = pathlib.Path(__file__).parents[1]
_PRINT = """
import sys
from stylegan_tf import quiet
quiet.leave_terminal()
for stream in (sys.stdout, sys.stderr):
    print("a line", file=stream, flush=True)
open(sys.argv[1], "w").write("saved")
"""


class LeaveTerminalTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _print(self, **streams):
        process = subprocess.Popen(
            [sys.executable, "-c", _PRINT, str(self.folder / "made")],
            cwd=_ROOT,
            **streams,
        )
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()  # as a program that was closed with it
        self.assertEqual(process.wait(), 0)
        self.assertEqual((self.folder / "made").read_text(), "saved")

    def test_a_closed_pipe_ends_nothing(self):
        self._print(stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_a_file_still_gets_its_lines(self):
        log = self.folder / "log"
        with log.open("w") as file:
            self._print(stdout=file, stderr=file)
        self.assertEqual(log.read_text(), "a line\na line\n")


if __name__ == "__main__":
    tf.test.main()
