"""Tools inside the test's own process, which has TensorFlow already."""

import contextlib
import copy
import dataclasses
import io
import os
import pathlib
import runpy
import shlex
import signal
import subprocess
import sys
import warnings
from unittest import mock

from absl import app, flags

ROOT = pathlib.Path(__file__).parents[2]

app.define_help_flags()


@dataclasses.dataclass
class Answer:
    """What a tool said, and its exit code."""

    code: int
    output: str
    errors: str


def run(tool, *arguments):
    """The `Answer` of `python -m tools.TOOL ARGUMENTS`."""
    output, errors = io.StringIO(), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    with (
        _started(tool, arguments),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        try:
            runpy.run_module(f"tools.{tool}", run_name="__main__")
            code = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            signal.signal(signal.SIGTERM, handler)
    return Answer(code, output.getvalue(), errors.getvalue())


def start(tool, *arguments):
    """The process of a tool, where a real one is needed; see `subprocess`."""
    return subprocess.Popen(
        [sys.executable, "-m", f"tools.{tool}", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background may ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def parse(command):
    """Arguments of a printed command by name, typed as its tool types them.

    Raises:
        absl.flags.Error: If the tool has no such flag, or would refuse its
            value.
    """
    words = words_of(command)
    (place,) = [i for i, word in enumerate(words) if word.startswith("tools.")]
    tool, arguments = words[place].removeprefix("tools."), words[place + 1 :]
    with _started(tool, arguments) as argv:
        runpy.run_module(f"tools.{tool}", run_name="parsed")
        flags.FLAGS(argv)
        return {
            name: flags.FLAGS[name].value
            for name in flags.FLAGS
            if flags.FLAGS[name].present
        }


def flags_of(tool):
    """Names of the tool's own flags."""
    before = set(flags.FLAGS)
    with _started(tool, ()):
        others = before & set(flags.FLAGS)
        runpy.run_module(f"tools.{tool}", run_name="parsed")
        return set(flags.FLAGS) - others


def words_of(command):
    """The words that bash makes of a command, without its comment."""
    if "$'" not in command:
        return shlex.split(command, comments=True)
    script = f"printf '%s\\0' {command}"
    done = subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE)
    return [os.fsdecode(word) for word in done.stdout.split(b"\0")[:-1]]


@contextlib.contextmanager
def _started(tool, arguments):
    """`sys.argv`, and flags without those of other tools."""
    argv = [str(ROOT / "tools" / f"{tool}.py"), *map(str, arguments)]
    state = flags.FLAGS.__dict__
    before = {name: _copied(value) for name, value in state.items()}
    modules = flags.FLAGS.flags_by_module_dict()
    for module, own in copy.deepcopy(list(modules.items())):
        if "tools" in module or "command_line" in module:
            for flag in own:
                delattr(flags.FLAGS, flag.name)
    try:
        with mock.patch.object(sys, "argv", argv), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # runpy's
            yield argv
    finally:
        state.clear()
        state.update(before)


def _copied(value):
    """A copy with copies of its lists: the flags of a module are one."""
    if not isinstance(value, dict):
        return copy.copy(value)
    return {
        key: list(each) if isinstance(each, list) else each
        for key, each in value.items()
    }
