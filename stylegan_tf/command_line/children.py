"""Other tools as child processes that stop when this one is told to."""

import os
import signal
import subprocess
import sys

from stylegan_tf import quiet
from stylegan_tf.command_line import program


class Runner:
    """Runs tools one after the other, on this one's terminal.

    Each child has a process group of its own and is passed every signal that
    comes here: so that it hears of a Ctrl-C once, whoever sent it.

    Attributes:
        asked: Whether to stop.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self):
        self.asked = False
        self._child = None

    def __enter__(self):
        self._before = {}
        for number in self._SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                self._before[number] = signal.signal(number, self._pass_on)
        return self

    def __call__(self, name, arguments):
        """Runs `tools.NAME` to its end; returns its exit code."""
        root, path = program.root(), os.environ.get("PYTHONPATH")
        self._child = subprocess.Popen(
            [sys.executable, "-m", f"tools.{name}", *arguments],
            stdin=subprocess.DEVNULL,
            env={
                **os.environ,
                "PYTHONPATH": f"{root}{os.pathsep}{path}"
                if path
                else str(root),
            },
            process_group=0,
        )
        if self.asked:  # while it was started
            self._child.send_signal(signal.SIGINT)
        code = self._child.wait()
        self._child = None
        return code

    def _pass_on(self, number, frame):
        self.asked = True
        if self._child is not None:
            self._child.send_signal(number)
        if number == signal.SIGHUP:
            quiet.leave_terminal()

    def __exit__(self, *args):
        for number, handler in self._before.items():
            signal.signal(number, handler)


def explained(code):
    """What an exit code that is not 0 says."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"failed with exit code {code}"
