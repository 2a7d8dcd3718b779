"""Tools as child processes: exit codes and signals."""

import os
import signal
from unittest import mock

import tensorflow as tf

from stylegan_tf.command_line import children


class ChildTest(tf.test.TestCase):
    def test_exit_codes_are_explained(self):
        self.assertIn("exit code 3", children.explained(3))
        self.assertIn("SIGKILL", children.explained(-signal.SIGKILL))

    def test_signals_are_as_before_after_the_last_child(self):
        before = signal.getsignal(signal.SIGTERM)
        with children.Runner() as runner:
            self.assertEqual(runner.run("doctor", ["--nonsense"]), 1)
            os.kill(os.getpid(), signal.SIGTERM)
            self.assertTrue(runner.asked)
        self.assertEqual(signal.getsignal(signal.SIGTERM), before)

    def test_a_closed_terminal_is_passed_on_and_left(self):
        with (
            mock.patch.object(children.quiet, "leave_terminal") as leave,
            children.Runner() as runner,
        ):
            runner._child = mock.Mock()
            os.kill(os.getpid(), signal.SIGHUP)
            runner._child.send_signal.assert_called_once_with(signal.SIGHUP)
        self.assertTrue(runner.asked)
        leave.assert_called_once()


if __name__ == "__main__":
    tf.test.main()
