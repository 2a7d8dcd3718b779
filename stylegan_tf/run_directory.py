"""Names what a run directory holds; reads and writes its metrics.jsonl."""

import json
import os
import pathlib

from stylegan_tf import files

CONFIG = "config.json"  # of the run, and of each of its snapshots
DATA = "data.json"  # what the run was trained on
SNAPSHOTS = "snapshots"
BEST = "best"  # the snapshot where the first of the run's metrics was best
SAMPLES = "samples"
METRICS = "metrics.jsonl"
TENSORBOARD = "tensorboard"
METRICS_PREFIX = "metrics/"  # before the name of each measured number


def metrics_file(path):
    """metrics.jsonl of a run or an imported network, else beside the file.

    Args:
        path: A run directory, a snapshot, a file or a SavedModel.
    """
    path = pathlib.Path(path)
    if path.parent.name == SNAPSHOTS:
        return path.parents[1] / METRICS
    if path.is_dir() and not (path / "saved_model.pb").is_file():
        return path / METRICS
    return path.with_name(f"{path.name}.{METRICS}")


def append(path, rows):
    """Adds rows to a file of JSON lines, all or none; none make no file."""
    path = pathlib.Path(path)
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    size = path.stat().st_size if path.exists() else None
    try:
        with files.naming(path), path.open("a") as file:
            file.writelines(json.dumps(each) + "\n" for each in rows)
    except OSError:  # half a row would spoil the next one
        if size is None:
            path.unlink(missing_ok=True)
        elif path.stat().st_size > size:
            os.truncate(path, size)
        raise


def read(path, until=float("inf")):
    """The rows of a metrics.jsonl; one that was cut off is left out.

    Args:
        path: The file; one that is not there has no rows.
        until: `images_seen` of the last row.
    """
    path = pathlib.Path(path)
    lines = path.read_text().splitlines() if path.exists() else []
    rows = []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and "images_seen" in row:
            rows.append(row)
    return [row for row in rows if row["images_seen"] <= until]


def truncate(path, images_seen):
    """Drops the rows of a metrics.jsonl beyond `images_seen`, whole or not."""
    if path.exists():
        kept = read(path, images_seen)
        files.write(path, "".join(json.dumps(row) + "\n" for row in kept))


def measured(workdir, images_seen):
    """Names of the metrics that metrics.jsonl has of `images_seen`."""
    return {
        row["metric"]
        for row in read(pathlib.Path(workdir) / METRICS)
        if row["images_seen"] == images_seen and "metric" in row
    }


def numbers(row):
    """What a row tells of metrics, by their names without the prefix."""
    return {
        name.removeprefix(METRICS_PREFIX): value
        for name, value in row.items()
        if name.startswith(METRICS_PREFIX) and type(value) in (int, float)
    }
