"""Other tools as child processes that stop when this one is told to."""

import os
import signal
import subprocess
import sys

from stylegan_tf import commands, quiet
from stylegan_tf.command_line import program
from stylegan_tf.training import interrupt


class Runner(interrupt.Interrupt):
    """Runs tools one after the other, on this one's terminal.

    Each child has a process group of its own and is passed every signal that
    comes here: so that it hears of a Ctrl-C once, whoever sent it.

    Attributes:
        asked: Whether to stop.
    """

    def __init__(self):
        super().__init__(is_alone=True)
        self._child = None

    def run(self, tool, arguments):
        """Runs `tools.TOOL` to its end; returns its exit code."""
        path = os.environ.get("PYTHONPATH")
        paths = filter(None, (str(program.root()), path))
        self._child = subprocess.Popen(
            [sys.executable, "-m", f"tools.{tool}", *arguments],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            process_group=0,
        )
        if self.asked:  # while it was started
            self._child.send_signal(signal.SIGINT)
        code = self._child.wait()
        self._child = None
        return code

    def _ask(self, number, frame):
        self.asked = True
        if self._child is not None:
            self._child.send_signal(number)
        if number == signal.SIGHUP:
            quiet.leave_terminal()


def run_all(tool, jobs):
    """Runs a tool once for every job, and prints each command.

    Args:
        tool: Its name.
        jobs: Its arguments, by the job's name.

    Returns:
        Why each job failed that did, by its name, and whether the user asked
        to stop.
    """
    problems = {}
    with Runner() as runner:
        for count, (name, arguments) in enumerate(jobs.items(), 1):
            line = commands.line(tool, *arguments)
            print(f"\n[{count}/{len(jobs)}] {line}", flush=True)
            code = runner.run(tool, arguments)
            if runner.asked:
                break
            if code:
                problems[name] = explained(code)
    return problems, runner.asked


def explained(code):
    """What an exit code that is not 0 says."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"failed with exit code {code}"
