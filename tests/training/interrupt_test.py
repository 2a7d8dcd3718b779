"""What Ctrl-C, SIGTERM and a closed terminal do to a run."""

import contextlib
import io
import os
import signal
import time
from unittest import mock

import tensorflow as tf

from stylegan_tf.training import interrupt


class InterruptTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.left = self.enterContext(
            mock.patch.object(interrupt.quiet, "leave_terminal")
        )
        self.before = {
            number: signal.getsignal(number)
            for number in interrupt.Interrupt._SIGNALS
        }

    def _signals_are_as_before(self):
        for number, handler in self.before.items():
            self.assertEqual(signal.getsignal(number), handler)

    def test_a_closed_terminal_asks_to_save_however_often_it_tells(self):
        with interrupt.Interrupt(is_alone=True) as asked:
            self.assertFalse(asked.ends_round)
            for _ in range(3):
                os.kill(os.getpid(), signal.SIGHUP)
            self.assertTrue(asked.ends_round)
        self.left.assert_called()
        self._signals_are_as_before()

    def test_a_terminal_closed_after_ctrl_c_still_saves(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            with interrupt.Interrupt(is_alone=True) as asked:
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGHUP)
                self.assertTrue(asked.asked)
                with self.assertRaises(KeyboardInterrupt):
                    os.kill(os.getpid(), signal.SIGINT)
                    time.sleep(1)
        self.assertIn("saving after this step", errors.getvalue())
        self._signals_are_as_before()

    def test_what_nohup_ignores_stays_ignored(self):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(
            signal.signal, signal.SIGHUP, self.before[signal.SIGHUP]
        )
        with interrupt.Interrupt(is_alone=True) as asked:
            os.kill(os.getpid(), signal.SIGHUP)
            self.assertFalse(asked.asked)
        self.assertEqual(signal.getsignal(signal.SIGHUP), signal.SIG_IGN)


if __name__ == "__main__":
    tf.test.main()
