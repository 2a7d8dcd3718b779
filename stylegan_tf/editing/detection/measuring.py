"""Detection of generated images: how far their projections stay from them.

A network makes its own images again nearly, and real ones less so, even those
it was trained on. `measure` projects a sample of either kind; `verdicts` finds
the distance that divides them.

Reference: https://arxiv.org/abs/1912.04958, section 5
"""

import json
import pathlib

import numpy as np

from stylegan_tf import files, latents
from stylegan_tf.data import (
    convert,
    decode,
    pipeline,
    regular,
    shapes,
    shrunk,
    sources,
)
from stylegan_tf.editing import looks, records
from stylegan_tf.features import detectors

KINDS = ("real", "generated")
DISTANCES = "distances.json"  # in the folder of a detector
LOCK = "detection.lock"  # while a process measures into the folder
TAKEN = (
    "Another process measures into {folder}: {holder}. Wait until it ends, or "
    "give another --output."
)
_JPEG = b"\xff\xd8\xff"


def settings(
    projector, detector, *, dataset, images, truncation_psi, batch_size
):
    """A dict of all that the distances depend on.

    Args:
        projector: A `projector.Projector`.
        detector: The network of features that it has.
        dataset: Path of the real images.
        images: How many these are.
        truncation_psi: Of the generated images.
        batch_size: How many are projected at once.
    """
    generator = projector.generator
    return {
        "network": str(pathlib.Path(generator.path).absolute()),
        "looks": looks.of(generator),
        "image_shape": list(generator.image_shape),
        "distance": detectors.describe(detector),
        "steps": projector.steps,
        "space": projector.space,
        "dataset": str(dataset),
        "images": images,
        "truncation_psi": truncation_psi,
        "seed": projector.seed,
        "batch_size": batch_size,
    }


def open_reals(path, generator):
    """The `Source` of real images, in the size that the network makes."""
    config = generator.config
    source = sources.open_source(path, config.resolution)
    source.wanted_shape = config.image_shape
    if source.image_shape != config.image_shape:
        raise ValueError(
            "The real images must be of the size of the network's. "
            + shapes.mismatch(source, 0, config.image_shape)
        )
    return shrunk.at_resolution(source, max(generator.image_shape[:2]))


def sets(generator, source, *, count, seed=0, truncation_psi=1.0):
    """What `measure` takes: images of both kinds, by slices.

    The real ones are taken in a random order, none twice. The generated ones
    are those of tools.generate with --noise=random, of the seeds from `seed`
    on: every seed has its own noise, as in the official code's experiment.
    Classes come in turn.

    Args:
        generator: A `generators.Bound`.
        source: As of `open_reals`.
        count: How many of each kind.
        seed: Of the order, and the first of the generated ones.
        truncation_psi: Of the generated ones; 1 for no truncation.
    """
    order = np.random.RandomState(seed).permutation(len(source))
    maps, z_size = generator.noise_shapes, generator.config.generator.z_size

    def real(rows):
        return pipeline.read(source, order[rows], generator.image_shape)[0]

    def generated(rows):
        numbers = np.arange(rows.start, rows.stop)
        z = generator.latents(seed + numbers)
        ws = generator.map(z, generator.labels(numbers), truncation_psi)
        noise = "none"
        if maps:
            noise = latents.noise_of_seeds(seed + numbers, maps, z_size)
        return generator.images(ws, noise)

    return {"real": (count, real), "generated": (count, generated)}


def measure(projector, sets, path, settings, *, report=lambda images: None):
    """Distances by kind, lists of floats; those at `path` are not made again.

    Args:
        projector: A `projector.Projector`.
        sets: From `sets`: by each of `KINDS`, how many images, and a function
            of a slice to uint8 `[N, H, W, C]`.
        path: Where distances are kept, whole batches at a time.
        settings: From `settings`.
        report: Called with how many images were measured, or were there.

    Raises:
        ValueError: If what is at `path` was measured with other settings.
    """
    found = read(path, settings)
    report(sum(min(len(found[kind]), sets[kind][0]) for kind in KINDS))
    size = settings["batch_size"]
    for first in range(0, max(count for count, _ in sets.values()), size):
        for kind in KINDS:  # in turn: what is interrupted has both
            count, images = sets[kind]
            rows = slice(max(first, len(found[kind])), min(first + size, count))
            if rows.start < rows.stop:
                made = distances(projector, images(rows), size)
                found[kind] += made
                files.write(path, json.dumps({**found, "settings": settings}))
                report(len(made))
    return {kind: found[kind][: sets[kind][0]] for kind in KINDS}


def distances(projector, images, batch_size, *, report=lambda images: None):
    """How far the projections of images stay from them, a list of floats.

    Args:
        projector: A `projector.Projector`.
        images: uint8 or float, `[N, H, W, C]`.
        batch_size: How many at once.
        report: Called with how many were measured.
    """
    images, found = np.asarray(images), []
    for first in range(0, len(images), batch_size):
        rows = slice(first, first + batch_size)
        made = projector.project(images[rows], batch_size).distances
        found += made.tolist()
        report(len(made))
    return found


def read_image(path, image_shape):
    """One image of a file, and what was changed about it.

    Args:
        path: Of an image of any kind that data sets may hold.
        image_shape: (H, W, C) that it shall have: its middle is taken.

    Returns:
        uint8 `[H, W, C]`, and a list of words: JPEG, enlarged, ...
    """
    height, width, channels = image_shape
    data = regular.read(path)
    try:
        found = convert.convert(
            data, convert.Target(height, width, channels, alpha="white")
        )
    except decode.BadImage as error:
        raise ValueError(f"{path} cannot be used: {error}") from error
    changes = [*found.notes]
    if found.size != f"{width}x{height}":
        changes.insert(0, f"{found.size} made {width}x{height}")
    if data.startswith(_JPEG):
        changes.insert(0, "JPEG")
    return decode.pixels(found.data), changes


def read(path, settings):
    """What `measure` left at `path`; nothing where nothing is."""
    if not pathlib.Path(path).exists():
        return {kind: [] for kind in KINDS}
    kept = records.read(path, (*KINDS, "settings"))
    theirs = kept.pop("settings")
    if not {*settings} <= {*theirs}:
        raise ValueError(records.damaged(path))
    others = [
        key
        for key, value in settings.items()
        if key not in ("network", "looks") and theirs[key] != value
    ]
    if not looks.is_same(theirs["looks"], settings["looks"]):
        others.insert(0, "network")
    if others:
        raise ValueError(
            f"{path} was measured with other settings: {', '.join(others)}. "
            "Remove it, or give another folder."
        )
    return kept
