"""Trained variants of one family: their figures and samples."""

import gc

from stylegan_tf import checkpoint, generators
from stylegan_tf.comparison import runs

NOT_TRAINED = "is not trained yet"


def collect(workdirs, problems, *, seeds, truncation_psi=1.0):
    """Figures and samples of every variant, read one after the other.

    Args:
        workdirs: Run directories by variant.
        problems: What went wrong, by variant; such a run is not read.
        seeds: Of the samples.
        truncation_psi: Of the samples.

    Returns:
        A `runs.Run` of every variant, and pairs of a variant's name and its
        samples, uint8 `[N, H, W, C]`, of those that have a snapshot.
    """
    rows, samples = [], []
    for variant, workdir in workdirs.items():
        problem = problems.get(variant)
        if problem is None and not checkpoint.snapshots(workdir):
            problem = NOT_TRAINED
        if problem is None:
            try:
                run, tiles = _read(variant, workdir, seeds, truncation_psi)
            except (OSError, ValueError) as error:
                problem = f"can not be read: {error}"
        if problem is not None:
            rows.append(runs.Run(variant, problem))
            continue
        rows.append(run)
        samples.append((variant, tiles))
    return rows, samples


def _read(variant, workdir, seeds, truncation_psi):
    """A variant's `Run` and samples; its networks are freed."""
    snapshot = checkpoint.load(workdir)
    run = runs.describe(variant, workdir, snapshot)
    tiles = generators.of_snapshot(snapshot).samples(seeds, truncation_psi)
    del snapshot
    gc.collect()  # Keras models hold themselves
    return run, tiles
