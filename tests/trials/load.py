"""Loads a started server and holds it to its bars.

python -m tests.trials.load [--seconds=60 --clients=64 --alone_seconds=10
    --protocols=image,predict]

Starts `tools.serve` on the quickstart network of tests/fixtures. For GET
/image, then for gRPC Predict: one client in a row, then many at once. Then a
new version appears amid the load, and SIGTERM ends it. The exit code is 1
where a bar is missed: no error, 3 times the images of one client, memory
within 5 % after the warm-up, no request dropped for the new version, every
accepted request answered. `load_test.py` is a short form.
"""

import argparse
import asyncio
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from tests.helpers import serving
from tests.trials import load_clients

_NETWORK = serving.ROOT / "tests" / "fixtures" / "quickstart"
_MIN_RATIO = 3.0
_MAX_GROWTH = 0.05
_TAKEN_UP_SECONDS = 60
_AMID_SECONDS = 2  # of load before a signal


class Report:
    """Prints what is measured, and which bars are missed."""

    def __init__(self):
        self.missed = []

    def line(self, text):
        """Prints it at once."""
        print(text, flush=True)

    def bar(self, name, holds):
        """Notes whether a bar holds."""
        if not holds:
            self.missed.append(name)
            self.line(f"MISSED: {name}")

    def tally(self, name, tally):
        """A row of one protocol and number of clients."""
        p50, p95, p99 = tally.milliseconds()
        refused = sum(tally.unaccepted.values())
        failed = sum(tally.errors.values())
        self.line(
            f"{name:22} {tally.rate:8.1f} images/s   "
            f"p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms   "
            f"{failed} errors, {refused} not accepted"
        )
        for what, count in (tally.errors + tally.unaccepted).most_common(3):
            self.line(f"    {count} x {what}")


def exported(folder):
    """Exports the quickstart network; the path of its versions."""
    path = folder / "faces"
    subprocess.run(
        [sys.executable, "-m", "tools.export", f"--network={_NETWORK}"]
        + [f"--output={path}"],
        cwd=serving.ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return path


def resident_megabytes(server):
    """Memory of the server's process; not known where Linux is not."""
    status = pathlib.Path(f"/proc/{server.process.pid}/statm")
    if not status.exists():
        return math.nan
    pages = int(status.read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def throughput(server, protocol, options, report):
    """One client in a row, then many; the bars on speed and memory."""
    ask = load_clients.loaded
    many = options.clients
    await ask(server, protocol, clients=many, seconds=options.warm_up_seconds)
    alone = await ask(
        server, protocol, clients=1, seconds=options.alone_seconds
    )
    report.tally(f"{protocol}, 1 client", alone)
    before = resident_megabytes(server)
    tally = await ask(server, protocol, clients=many, seconds=options.seconds)
    after = resident_megabytes(server)
    report.tally(f"{protocol}, {many} clients", tally)
    ratio, growth = tally.rate / alone.rate, after / before - 1
    report.line(
        f"{protocol}: {ratio:.2f} times one client; memory {before:.0f} MB "
        f"after the warm-up, {after:.0f} MB at the end ({growth:+.1%})"
    )
    faults = [
        *alone.errors,
        *tally.errors,
        *alone.unaccepted,
        *tally.unaccepted,
    ]
    report.bar(f"{protocol}: no error", not faults)
    report.bar(f"{protocol}: {_MIN_RATIO:g} times", ratio >= _MIN_RATIO)
    report.bar(f"{protocol}: memory", not growth > _MAX_GROWTH)


async def new_version(server, protocol, options, report):
    """A copy of the version as the next one, amid the load."""
    folder = server.model
    newest = max(int(each.name) for each in folder.glob("[0-9]*"))
    taken_up = []

    async def appear():
        await asyncio.sleep(_AMID_SECONDS)
        await asyncio.to_thread(_copy, folder, newest)
        deadline = time.monotonic() + _TAKEN_UP_SECONDS
        while time.monotonic() < deadline and not taken_up:
            states = await asyncio.to_thread(_states, server)
            if states.get(newest + 1) == "AVAILABLE":
                taken_up.append(states)
            await asyncio.sleep(0.2)

    tally = await load_clients.loaded(
        server,
        protocol,
        clients=options.clients,
        seconds=options.swap_seconds,
        meanwhile=appear,
    )
    report.tally(f"{protocol}, new version", tally)
    report.bar(f"{protocol}: the new version serves", taken_up)
    report.bar(
        f"{protocol}: none dropped", not (tally.errors or tally.unaccepted)
    )


async def ending(server, protocol, options, report):
    """SIGTERM amid the load: what was accepted is answered.

    A question that was on its way when the connection closed was not
    accepted: the log of the server does not know it.
    """
    logged = len(_answers(server, protocol))

    async def terminate():
        await asyncio.sleep(_AMID_SECONDS)
        server.process.send_signal(signal.SIGTERM)

    tally = await load_clients.loaded(
        server,
        protocol,
        clients=options.clients,
        seconds=_TAKEN_UP_SECONDS,
        meanwhile=terminate,
    )
    code = await asyncio.to_thread(server.process.wait, _TAKEN_UP_SECONDS)
    accepted = _answers(server, protocol)[logged:]
    report.tally(f"{protocol}, SIGTERM", tally)
    report.line(
        f"{protocol}: {len(accepted)} requests accepted, "
        f"{len(tally.seconds)} answered; exit code {code}"
    )
    report.bar(f"{protocol}: no error amid SIGTERM", not tally.errors)
    answered = len(accepted) == len(tally.seconds)
    report.bar(f"{protocol}: every accepted request is answered", answered)
    report.bar(f"{protocol}: exit code 0", code == 0)


def _copy(folder, number):
    """As tools.export: whole under another name, then renamed."""
    unfinished = folder / ".unfinished"
    shutil.copytree(folder / str(number), unfinished)
    unfinished.rename(folder / str(number + 1))


def _states(server):
    url = f"http://{server.http}/v1/models/{server.model.name}"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        found = json.load(answer)["model_version_status"]
    return {int(each["version"]): each["state"] for each in found}


def _answers(server, protocol):
    """Rows of the access log on what the clients ask for."""
    path = {"image": '"/image"', "predict": '/Predict"'}[protocol]
    lines = server.errors.read_text().splitlines()
    good = '"status":200', '"status":"OK"'
    return [x for x in lines if path in x and any(g in x for g in good)]


def parsed(arguments):
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--alone_seconds", type=float, default=10)
    parser.add_argument("--warm_up_seconds", type=float, default=8)
    parser.add_argument("--swap_seconds", type=float, default=12)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--protocols", default="image,predict")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Runs all of it; 1 if a bar is missed."""
    options, report = parsed(arguments), Report()
    with tempfile.TemporaryDirectory() as folder:
        model = exported(pathlib.Path(folder))
        for protocol in options.protocols.split(","):
            with serving.started(model) as server:
                for part in (throughput, new_version, ending):
                    asyncio.run(part(server, protocol, options, report))
    report.line("all bars hold" if not report.missed else "bars missed")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
