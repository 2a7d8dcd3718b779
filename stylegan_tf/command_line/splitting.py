"""Splits the classes of a data set as the flags of a tool ask for."""

import pathlib

import tqdm

from stylegan_tf import checkpoint
from stylegan_tf.data import prepare
from stylegan_tf.features import (
    class_classifier,
    custom,
    discriminators,
    offline,
    splitting,
    thumbnails,
)

OFFLINE, PIXELS = "offline", "pixels"


def split(source, target, *, parts, features, seed, **settings):
    """`source` with split classes, see `splitting.split`.

    Args:
        source: A `Source`.
        target: The `convert.Target` of the images that are looked at.
        parts: How many sub-classes a class gets.
        features: "offline", "pixels", a file or folder that `custom` reads,
            a classifier of classes, or a network whose discriminator looks.
        seed: Of k-means.
        **settings: Of `prepare.converted`.
    """
    detector = _detector(features)
    skip, most = settings["skip_images"], settings["max_images"]
    total = prepare.how_many(source, skip, most)
    results = prepare.converted(source, target, **settings)
    with tqdm.tqdm(
        results, total=total, desc="features", unit="image", disable=None
    ) as bar:
        indices, found = splitting.features_of_results(bar, detector)
    return splitting.split(
        source, indices, found, parts=parts, seed=seed, by=detector.name
    )


def _detector(features):
    if features == OFFLINE:
        return offline.load()
    if features == PIXELS:
        return thumbnails.Thumbnails()
    path = pathlib.Path(features).expanduser()
    if custom.is_readable(path):
        return custom.load(path)
    if class_classifier.is_there(path):
        network = class_classifier.load(path).network
    else:
        network = checkpoint.load(features).discriminator
    if network is None:
        raise ValueError(
            f"{features} holds no discriminator, whose features would split "
            'classes. Give a run, a network of yours, "offline" or "pixels".'
        )
    return discriminators.Discriminator(network, name=f"D of {path.name}")
