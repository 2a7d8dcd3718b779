"""Projects images into a folder: pictures, videos, w and noise; goes on.

Everything is written whole. What a started projection needs to go on is in
`unfinished`, which goes when all is done.
"""

import hashlib
import json
import pathlib
import time

import numpy as np

from stylegan_tf import files
from stylegan_tf.editing import latent_files, looks, records
from stylegan_tf.editing.projection import album, state_files
from stylegan_tf.editing.projection import projector as projector_lib
from stylegan_tf.features import detectors

LATENTS, RECORD, SHEET = "projected.npz", "projection.json", "projected.png"
LOCK = "projection.lock"  # while a process projects into the folder
TAKEN = (
    "Another process projects into {folder}: {holder}. Wait until it ends, or "
    "give another --output."
)
_UNFINISHED = "unfinished"
_SECONDS = 60  # between two saved states


def settings_of(projector, targets, detector, **more):
    """A dict of all that decides what a projection finds and shows.

    Args:
        projector: A `projector.Projector`.
        targets: `targets.Targets`.
        detector: The projector's.
        **more: What JSON can hold.
    """
    generator, digest = projector.generator, hashlib.sha256()
    digest.update(json.dumps(targets.names).encode())
    digest.update(np.ascontiguousarray(targets.images).tobytes())
    return {
        "network": str(pathlib.Path(generator.path).absolute()),
        "looks": looks.of(generator),
        "images_seen": generator.images_seen,
        "targets": digest.hexdigest(),
        "detector": detectors.describe(detector),
        "steps": projector.steps,
        "space": projector.space,
        "seed": projector.seed,
        **more,
    }


def finished(folder, settings):
    """The images' results in a folder, if it is done, else None.

    Raises:
        ValueError: If it holds a projection with other settings, or its record
            is damaged.
    """
    path = pathlib.Path(folder) / RECORD
    if not path.exists():
        return None
    record = records.read(path, ("settings",))
    if other := _differences(record["settings"], settings):
        raise ValueError(
            f"{folder} holds another projection, which differs in "
            f"{', '.join(other)}. Give another folder, or remove it."
        )
    return record.get("images")


def run(projector, targets, folder, settings, watch, *, batch_size, **shown):
    """Projects from where it is; returns a `projector.Found`.

    Args:
        projector: A `projector.Projector`.
        targets: `targets.Targets` of its network's size.
        folder: Where everything goes.
        settings: Of `settings_of`.
        watch: Called after every step with how many steps of all images are
            done, and the distances before it.
        batch_size: How many images at once.
        **shown: Of `album.Album`.
    """
    folder, parts = pathlib.Path(folder), []
    unfinished = folder / _UNFINISHED
    if not (folder / RECORD).exists():
        files.remove(unfinished)  # of nobody knows what
    _write_record(folder, settings)
    book = album.Album(folder, unfinished, projector, **shown)
    book.write_targets(targets)
    batches = projector_lib.batches(targets.images, batch_size)
    for index, batch in enumerate(batches):
        names = targets.names[index * batch_size :][:batch_size]
        before = index * batch_size * projector.steps

        def keep(state, goal, distances, names=names, before=before):
            book.write_step(names, state, goal)
            count = len(names)
            watch(before + count * state.step, distances[:count])

        path = unfinished / f"batch{index:04d}.npz"
        parts.append(_project(projector, batch, path, keep))
    found = projector_lib.joined(parts, len(targets.images))
    latent_files.write(folder / LATENTS, found.ws, found.noise, **settings)
    book.write_videos(targets)
    book.write_sheet(folder / SHEET, targets)
    return found


def finish(folder, settings, results):
    """Says what was found, a dict an image; removes what is needed no more."""
    folder = pathlib.Path(folder)
    _write_record(folder, settings, images=results)
    files.remove(folder / _UNFINISHED)


def _project(projector, batch, path, keep):
    """`projector.Found` of one batch, from where its file is."""
    goal, state = projector.goal(batch), projector.begin(len(batch))
    if path.exists():
        state = state_files.read(path)
    saved = time.monotonic()
    try:
        while state.step < projector.steps:
            moved, distances = projector.advance(state, goal)
            keep(moved, goal, distances)
            state = moved
            if time.monotonic() > saved + _SECONDS:
                state_files.write(path, state)
                saved = time.monotonic()
    finally:  # also where the user stops it
        state_files.write(path, state)
    return projector.found(state, goal)


def _differences(old, settings):
    """Names of settings that differ; of a network by its looks, too."""
    same = [n for n in settings if old.get(n) == settings[n]]
    if looks.is_same(old.get("looks", []), settings["looks"]):
        same.append("looks")
    names = [n for n in {**old, **settings} if n not in same]
    # What lies at the same path may have been replaced.
    return [*dict.fromkeys("network" if n == "looks" else n for n in names)]


def _write_record(folder, settings, **results):
    text = json.dumps({"settings": settings, **results}, indent=2)
    files.write(folder / RECORD, text + "\n")
