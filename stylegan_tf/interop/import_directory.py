"""Writes an imported network as a directory like a snapshot of a run."""

import pathlib

from stylegan_tf import snapshot_files, version


def write(snapshot, path):
    """Writes the directory `path` of an imported network.

    It is whole or not there. Loading it needs nothing but what loading a
    snapshot of a run needs.

    Args:
        snapshot: A `stylegan_tf.checkpoint.Snapshot` with provenance.
        path: Where to.

    Raises:
        FileExistsError: If there is anything but this import at `path`.
    """
    path = pathlib.Path(path)
    _refuse_other(path, snapshot.provenance["sha256"])
    info = {
        "images_seen": snapshot.images_seen,
        "stage": snapshot.stage.as_dict(),
        "provenance": {
            **snapshot.provenance,
            "stylegan_tf": version.__version__,
        },
    }
    snapshot_files.write(
        path, snapshot.networks(), config=snapshot.config, info=info
    )


def _refuse_other(path, sha256):
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    held = "something else"
    if snapshot_files.is_snapshot(path):
        provenance = snapshot_files.read_info(path).get("provenance", {})
        if provenance.get("sha256") == sha256:
            return
        held = f"another network, {provenance.get('source', 'of a run')}"
    raise FileExistsError(
        f"{path} holds {held}. Remove it, or give another --output."
    )
