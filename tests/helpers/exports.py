"""Small snapshots of several kinds, to be exported."""

import functools
import pathlib

from stylegan_tf import checkpoint, generators
from stylegan_tf.networks import build, growth
from tests.helpers import progressive, support

FADING = growth.Stage(8, 0.5)


@functools.cache
def snapshot(kind):
    """A shaken 16x16 network: skip, labels, resnet, msg, stylegan, progan or
    fading (stylegan, half faded in at 8x8)."""
    config = _config(kind)
    generator = support.shake(build.generator(config))
    return checkpoint.Snapshot(
        path=pathlib.Path(kind),
        config=config,
        images_seen=1000,
        ema_generator=generator,
        stage=FADING if kind == "fading" else growth.Stage(),
    )


def inputs(snapshot, count):
    """z of seeds, and labels of classes in turn or None."""
    generator = generators.of_snapshot(snapshot)
    seeds = range(count)
    return generator.latents(seeds), generator.labels(seeds)


def _config(kind):
    if kind in ("stylegan", "fading"):
        return progressive.small_config("stylegan")
    if kind == "progan":
        return progressive.small_config("progan", label_size=3)
    if kind == "labels":
        return support.small_config(label_size=3)
    pair = {"architecture": kind}
    other = pair if kind == "msg" else {}
    return support.small_config(pair, other)
