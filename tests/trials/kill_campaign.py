"""Kills trainings at random moments, resumes them, and compares their ends.

python tests/trials/kill_campaign.py --root=CLONE --output=DIR
    [--minutes=20 --seed=0 --cases=stylegan2,progressive]

Trains a StyleGAN2 and a progressive run of 8x8 pixels without a break, then
again and again with SIGKILL while they start, train, log, write a snapshot or
delete one. At its end a run's last snapshot must have the weights of the one
without a break, bit by bit, metrics.jsonl the same rows but for times, and
nothing half-written may be left. The exit code is 1 if anything differs.
`kill_campaign_test.py` is a short form.
"""

import argparse
import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
import zlib

IMAGES = 400  # of a run, in batches of 8
KEPT = 2  # newest snapshots; older ones are deleted
COMMON = {
    "resolution": 8,
    "training.batch_size": 8,
    "training.deterministic": "true",
    "training.keep_snapshots": KEPT,
    "training.log_kimg": 0.016,
    "training.precision": "float32",
    "training.sample_kimg": 0.08,
}
NARROW = {
    "discriminator.channel_base": 128,
    "discriminator.channel_max": 8,
    "generator.channel_base": 128,
    "generator.channel_max": 8,
    "generator.mapping_layers": 2,
    "generator.w_size": 16,
    "generator.z_size": 16,
}
# Fades to 8 pixels from 80 to 320 images.
GROWING = {
    "growing.batch_sizes": "",
    "growing.fade_kimg": 0.24,
    "growing.initial_resolution": 4,
    "growing.stabilise_kimg": 0.08,
    "growing.tick_kimg": "",
}
CASES = {
    "stylegan2": ("configs/tiny.py", {}),
    "progressive": ("configs/stylegan.py:f", {**NARROW, **GROWING}),
}
SNAPSHOT_KIMG = (0.016, 0.016, 0.048)
# How often each kind of moment is chosen.
MOMENTS = {
    "start": 2,
    "train": 3,
    "log": 1,
    "save": 3,
    "write": 2,
    "prune": 3,
}
LOCK = "training.lock"
# Writing a snapshot's last files or deleting one takes less than a look from
# outside: a training that is to die there watches itself. This is what is
# left then, and how many files are a choice: config.json, three checksums and
# snapshot.json; four files and their folder.
LEFT = {"write": ".unfinished-", "prune": ".old"}
FILES = 5
DIE = """
import os, runpy, signal, sys

moment, wanted, file = (sys.argv.pop(1) for _ in range(3))
begin, mark, steps = {
    "write": ("os.mkdir", ".unfinished-", ["open"]),
    "prune": ("shutil.rmtree", ".old", ["os.remove", "os.rmdir"]),
}[moment]

def is_snapshot(path):
    folder, name = os.path.split(path)
    return folder.endswith("/snapshots") and mark in name

files = []  # so far, of every snapshot that was written or deleted

def watch(event, arguments):
    if event == begin or event in steps:
        path = str(arguments[0])
        if event == begin and is_snapshot(path):
            if moment == "write" or os.path.isdir(path):
                files.append(0)
        elif event in steps and len(files) == int(wanted):
            if moment == "prune" or is_snapshot(os.path.dirname(path)):
                if files[-1] == int(file):
                    os.kill(os.getpid(), signal.SIGKILL)
                files[-1] += 1

sys.addaudithook(watch)
runpy.run_module("tools.train", run_name="__main__", alter_sys=True)
"""
MEASURED = ("time", "timing/", "memory/")  # differ from run to run
COMPARE = """
import json, sys
import tensorflow as tf

ours, theirs = (tf.train.load_checkpoint(p + "/weights") for p in sys.argv[1:])
names = sorted(ours.get_variable_to_shape_map())
def raw(reader, name):
    value = reader.get_tensor(name)
    return value if isinstance(value, bytes) else value.tobytes()
different = [n for n in names if raw(ours, n) != raw(theirs, n)]
different += set(names) ^ set(theirs.get_variable_to_shape_map())
print(json.dumps({"tensors": len(names), "different": different}))
"""


@dataclasses.dataclass
class Kill:
    moment: str  # a key of MOMENTS
    snapshot: int  # images of the newest one that can be seen
    fades: bool  # by the last row of metrics.jsonl
    hidden: list  # names of what it was writing or deleting

    def inside(self, mark):
        """Whether it was amid what leaves names with this in them."""
        return any(mark in name for name in self.hidden)


@dataclasses.dataclass
class Result:
    case: str
    seed: int
    snapshot_kimg: float
    kills: list = dataclasses.field(default_factory=list)
    faults: list = dataclasses.field(default_factory=list)
    tensors: int = 0  # compared at the end


class Trainings:
    """Starts trainings of one clone.

    Args:
        root: The clone, with its environment.
        output: Where the data and the runs are.
        images: How many a run is shown.
        python: The interpreter; by default the clone's.
    """

    def __init__(self, root, output, *, images=IMAGES, python=None):
        self._root, self._output, self.images = root, output, images
        self.python = python or str(root / ".venv" / "bin" / "python")
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(root),
            "PYTHONPYCACHEPREFIX": str(output / "bytecode"),
        }
        write_images(output / "data")

    def start(self, case, workdir, snapshot_kimg, death=None):
        """The process that trains, or goes on, in `workdir`.

        Args:
            case: A key of CASES.
            workdir: The run directory.
            snapshot_kimg: How often it writes a snapshot.
            death: Where it kills itself: a key of LEFT, which snapshot that
                is written or deleted, and which file of it.
        """
        file, fields = CASES[case]
        program = ["-m", "tools.train"]
        if death:
            program = ["-c", DIE, *map(str, death)]
        fields = {
            **COMMON,
            **fields,
            "data.path": self._output / "data",
            "training.snapshot_kimg": snapshot_kimg,
            "training.total_kimg": self.images / 1000,
        }
        with open(f"{workdir}.log", "w") as log:
            return subprocess.Popen(
                [
                    self.python,
                    *program,
                    f"--config={self._root / file}",
                    *(f"--config.{k}={v}" for k, v in fields.items()),
                    f"--workdir={workdir}",
                ],
                cwd=self._output,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def write_images(folder, count=64, side=8):
    """PNGs of random pixels."""
    draw = random.Random(0)
    folder.mkdir(parents=True, exist_ok=True)
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    for index in range(count):
        rows = b"".join(b"\0" + draw.randbytes(3 * side) for _ in range(side))
        data = b"\x89PNG\r\n\x1a\n"
        for kind, body in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        ):
            check = struct.pack(">I", zlib.crc32(kind + body))
            data += struct.pack(">I", len(body)) + kind + body + check
        (folder / f"{index:03d}.png").write_bytes(data)


def snapshots(workdir):
    """Names of the snapshots that can be seen, oldest first."""
    return sorted(path.name for path in workdir.glob("snapshots/[0-9]*"))


def hidden(workdir):
    """Names of what is, or was left, half-written."""
    return sorted(
        path.relative_to(workdir).as_posix()
        for path in workdir.rglob("*")
        if path.name.startswith(".")
    )


def stamps(workdir):
    """Pairs of a hidden name and when it was last written to."""
    found = set()
    for name in hidden(workdir):
        with contextlib.suppress(FileNotFoundError):
            found.add((name, (workdir / name).stat().st_mtime_ns))
    return found


def rows(workdir):
    """Rows of metrics.jsonl that are whole, without what was measured."""
    try:
        lines = (workdir / "metrics.jsonl").read_text().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        kept = [name for name in row if not name.startswith(MEASURED)]
        found.append({name: row[name] for name in kept})
    return found


def wait_for(moment, process, workdir, draw, startup):
    """Waits until a moment has come, or the training has ended.

    Args:
        moment: A key of MOMENTS.
        process: The training; its end ends the waiting.
        workdir: Its run directory.
        draw: A `random.Random`.
        startup: Seconds until a training's first row.
    """
    if moment in LEFT:
        process.wait()
        return
    if moment == "start":
        _wait(process, draw.uniform(0, startup))
        return
    mark = LEFT["write"] if moment == "save" else None
    wanted = draw.randint(1, 6)
    before = state = _watched(workdir, mark)
    while wanted:
        if process.poll() is not None:
            return
        state = _watched(workdir, mark)
        if state != before and state:
            wanted -= 1
        before = state
        time.sleep(0.0005)
    delay = {"train": 0.5, "save": 0.06}.get(moment, 0.0)
    _wait(process, draw.uniform(0, delay))


def _watched(workdir, mark):
    """What changes when a moment comes: a hidden name, or a file's size."""
    try:
        if mark is None:
            return os.stat(workdir / "metrics.jsonl").st_size
        names = os.listdir(workdir / "snapshots")
    except FileNotFoundError:
        return ""
    return "".join(name for name in names if mark in name)


def _wait(process, seconds):
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def left_to_do(moment, workdir, images, snapshot_kimg):
    """How many snapshots the run will write or delete, at least."""
    names = snapshots(workdir)
    done = int(names[-1]) if names else 0
    to_write = int((images - done) // (1000 * snapshot_kimg))
    if moment == "write":
        return to_write
    return max(to_write - max(KEPT - len(names), 0), 0)


def drawn(draw, deadline):
    """Yields moments as often as MOMENTS says, until the time is over."""
    while time.monotonic() < deadline:
        yield draw.choices([*MOMENTS], [*MOMENTS.values()])[0]


def campaign(trainings, case, workdir, *, seed, startup, deadline, moments=()):
    """Kills and resumes one run until its end; returns its `Result`.

    Args:
        trainings: The `Trainings`.
        case: A key of CASES.
        workdir: The run directory.
        seed: Of all that is drawn.
        startup: Seconds until a training's first row.
        deadline: Time after which nothing is killed.
        moments: Keys of MOMENTS; by default they are drawn.
    """
    draw = random.Random(seed)
    result = Result(case, seed, draw.choice(SNAPSHOT_KIMG))
    period = result.snapshot_kimg
    for moment in moments or drawn(draw, deadline):
        death = None
        if moment in LEFT:
            count = left_to_do(moment, workdir, trainings.images, period)
            death = moment, draw.randint(1, 3), draw.randrange(FILES)
            if death[1] > count:
                moment, death = "start", None
        before = stamps(workdir)
        process = trainings.start(case, workdir, period, death)
        wait_for(moment, process, workdir, draw, startup)
        process.kill()
        if process.wait() != -signal.SIGKILL:
            break  # it had ended before
        result.kills.append(_kill(moment, workdir, before))
        print(f"  killed {len(result.kills)}: {result.kills[-1]}", flush=True)
        if death and not result.kills[-1].inside(LEFT[moment]):
            result.faults.append(f"a kill at {moment} left nothing of it")
    else:  # the end is without a kill
        process = trainings.start(case, workdir, period)
        process.wait()
    if process.returncode:
        log = pathlib.Path(f"{workdir}.log").read_text().strip()
        end = log.splitlines()[-1] if log else ""
        result.faults.append(f"exit code {process.returncode}: {end}")
    return result


def _kill(moment, workdir, before):
    """The `Kill` that was, given the `stamps` before the training."""
    found, names = rows(workdir), snapshots(workdir)
    return Kill(
        moment,
        snapshot=int(names[-1]) if names else 0,
        fades=bool(found) and found[-1]["stage/alpha"] < 1,
        hidden=sorted(name for name, _ in stamps(workdir) - before),
    )


def check(trainings, result, workdir, whole):
    """Adds what differs from the run without a break to `result.faults`."""
    left = hidden(workdir)
    left += [LOCK] * (workdir / LOCK).exists()
    if left:
        result.faults.append(f"left half-written: {', '.join(left)}")
    ours, theirs = rows(workdir), rows(whole)
    positions = [row["images_seen"] for row in ours]
    expected = [row["images_seen"] for row in theirs]
    if positions != expected:
        result.faults.append(f"rows {positions} instead of {expected}")
    elif ours != theirs:
        result.faults.append("metrics.jsonl has other values")
    last = snapshots(whole)[-1]
    if last not in snapshots(workdir):
        result.faults.append(f"no snapshot {last}")
        return
    pictures = [sorted(x.glob("samples/*.png")) for x in (workdir, whole)]
    if len({tuple(p.read_bytes() for p in each) for each in pictures}) > 1:
        result.faults.append("samples differ")
    paths = [str(x / "snapshots" / last) for x in (workdir, whole)]
    answer = subprocess.run(
        [trainings.python, "-c", COMPARE, *paths],
        env=trainings.environment,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    compared = json.loads(answer.splitlines()[-1])
    result.tensors = compared["tensors"]
    if compared["different"]:
        result.faults.append(f"weights differ: {compared['different']}")


def summary(results):
    """Lines of figures and faults."""
    kills = [kill for result in results for kill in result.kills]
    moments = collections.Counter(kill.moment for kill in kills)
    inside = {
        moment: sum(kill.inside(mark) for kill in kills)
        for moment, mark in LEFT.items()
    }
    yield f"{len(results)} runs, {len(kills)} kills: " + ", ".join(
        f"{count} at {moment}" for moment, count in moments.items()
    )
    yield (
        f"{inside['write']} left a file half-written, {inside['prune']} half-"
        f"deleted, {sum(kill.fades for kill in kills)} were inside a fade"
    )
    for case in CASES:
        those = [result for result in results if result.case == case]
        good = sum(not result.faults for result in those)
        yield (
            f"{case}: {good} of {len(those)} runs as without a break, after "
            f"{sum(len(result.kills) for result in those)} kills"
        )
    for result in results:
        for fault in result.faults:
            yield f"FAULT {result.case}, seed {result.seed}: {fault}"


def main():
    """Runs campaigns until the time is over; 1 if any had a fault."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cases", default=",".join(CASES))
    options = parser.parse_args()
    output = options.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    trainings = Trainings(options.root.resolve(), output)
    cases, startup = options.cases.split(","), {}
    for case in cases:
        whole = output / f"{case}-whole"
        start = time.monotonic()
        process = trainings.start(case, whole, 0.016)
        while process.poll() is None and not rows(whole):
            time.sleep(0.1)
        startup[case] = time.monotonic() - start
        if process.wait():
            sys.exit(f"{case} fails without a kill; see {whole}.log")
        seconds = time.monotonic() - start
        print(f"{case}: {startup[case]:.1f} s to its first row, {seconds:.1f}")
    deadline = time.monotonic() + 60 * options.minutes
    results, seed = [], options.seed
    while time.monotonic() < deadline:
        case = cases[seed % len(cases)]
        workdir = output / f"{case}-{seed}"
        shutil.rmtree(workdir, ignore_errors=True)
        print(f"{case}, seed {seed}", flush=True)
        result = campaign(
            trainings,
            case,
            workdir,
            seed=seed,
            startup=startup[case],
            deadline=deadline,
        )
        check(trainings, result, workdir, output / f"{case}-whole")
        results.append(result)
        seed += 1
        text = json.dumps([dataclasses.asdict(r) for r in results], indent=1)
        (output / "results.json").write_text(text + "\n")
        print("\n".join(summary(results)), flush=True)
        if not result.faults:
            shutil.rmtree(workdir)
    return 1 if any(result.faults for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
