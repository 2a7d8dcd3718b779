"""What is printed when the terminal is gone."""

import pathlib
import subprocess
import sys

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import quiet

_ROOT = pathlib.Path(__file__).parents[1]
_PRINT = """
import sys
from stylegan_tf import quiet
quiet.leave_terminal()
for stream in (sys.stdout, sys.stderr):
    print("a line", file=stream, flush=True)
open(sys.argv[1], "w").write("saved")
"""


class ShareTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (1, 1, 1),
        (2, 2, 1),
        (4, 4, 1),
        (6, 2, 3),
        (8, 8, 1),
        (12, 4, 3),
        (16, 8, 2),
        (23, 4, 5),
        (64, 8, 8),
    )
    def test_few_cores_are_left_over(self, cores, at_once, each):
        self.assertEqual(quiet.shared(cores), (at_once, each))

    def test_a_batch_of_32_is_cut_into_as_many_slices(self):
        for cores in range(1, 129):
            at_once, each = quiet.shared(cores)
            self.assertEqual(32 % at_once, 0)
            self.assertBetween(at_once * each, 0.75 * cores, cores)


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
