"""A really started server: `python -m tools.serve` on free loopback ports."""

import atexit
import contextlib
import dataclasses
import functools
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from tests.helpers import exports

ROOT = pathlib.Path(__file__).parents[2]

_STARTED_SECONDS = 120
_STOPPED_SECONDS = 60
_ADDRESSES = re.compile(r"http://(\S+:\d+) grpc://(\S+:\d+)")


@dataclasses.dataclass
class Server:
    """The export's path, addresses as HOST:PORT, and the process's files."""

    model: pathlib.Path
    http: str
    grpc: str
    process: subprocess.Popen
    output: pathlib.Path
    errors: pathlib.Path


@contextlib.contextmanager
def started(model, *options):
    """A `Server` of an export, for the block; stopped by SIGTERM after it.

    Args:
        model: Of `--model`.
        *options: More of them.

    Raises:
        RuntimeError: If it does not start, with what it said.
    """
    with tempfile.TemporaryDirectory() as folder:
        output, errors = (pathlib.Path(folder, x) for x in ("out", "err"))
        with open(output, "wb") as out, open(errors, "wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tools.serve", f"--model={model}"]
                + ["--port=0", "--grpc_port=0", *options],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        try:
            http, grpc = _addresses(process, output, errors)
            yield Server(
                pathlib.Path(model), http, grpc, process, output, errors
            )
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOPPED_SECONDS)
            finally:
                process.kill()


@functools.cache
def shared(kind="quickstart"):
    """A `Server` without options, started once a process, to be asked only.

    Args:
        kind: Of `exports.folder`.
    """
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(started(exports.folder(kind)))


def _addresses(process, output, errors):
    deadline = time.monotonic() + _STARTED_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := _ADDRESSES.search(output.read_text()):
            return found.groups()
        time.sleep(0.05)
    raise RuntimeError(f"tools.serve does not start: {errors.read_text()}")
