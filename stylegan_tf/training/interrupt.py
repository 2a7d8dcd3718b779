"""Lets a run save before Ctrl-C and its like stop it."""

import signal
import sys

from stylegan_tf import quiet


class Interrupt:
    """Turns the first Ctrl-C (or SIGTERM) into `asked`; the second kills.

    So does a terminal that is closed (SIGHUP), which tells it several times.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self, is_alone):
        self.asked = False
        self._is_alone = is_alone

    def __enter__(self):
        self._before = {}
        try:
            for number in self._SIGNALS:
                before = signal.signal(number, self._ask)
                self._before[number] = before
            if self._before[signal.SIGHUP] == signal.SIG_IGN:  # nohup
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
        except ValueError:
            pass  # not the main thread: nothing to catch
        return self

    @property
    def ends_round(self):
        """Whether to stop at once; several workers must agree first."""
        return self.asked and self._is_alone

    def _ask(self, number, frame):
        self.asked = True
        if number == signal.SIGHUP:
            quiet.leave_terminal()
            return
        print(
            "\nStopping: saving after this step; again to quit at once.",
            file=sys.stderr,
        )
        self._restore(signal.SIGINT, signal.SIGTERM)

    def _restore(self, *numbers):
        for number in numbers:
            signal.signal(number, self._before[number])

    def __exit__(self, *args):
        self._restore(*self._before)
