"""Small snapshots of several kinds, to be exported, and their exports."""

import atexit
import functools
import pathlib
import shutil
import tempfile

import keras

from stylegan_tf import checkpoint, generators
from stylegan_tf.networks import build, growth
from tests.helpers import progressive, support

QUICKSTART = pathlib.Path(__file__).parents[1] / "fixtures" / "quickstart"
FADING = growth.Stage(8, 0.5)


@functools.cache
def snapshot(kind):
    """A shaken 16x16 network: skip, labels, resnet, msg, stylegan, progan,
    fading (stylegan, half faded in at 8x8), grey (8x16, one channel) or rgba
    (four channels, no noise)."""
    keras.utils.set_random_seed(0)  # whatever test is the first to ask
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


@functools.cache
def folder(kind="quickstart"):
    """The folder `KIND` with version 1, made once a process, to be read only.

    Args:
        kind: "quickstart", or one of `snapshot`.
    """
    from stylegan_tf.export import saved_model

    path = pathlib.Path(tempfile.mkdtemp(prefix="exports-"), kind)
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    is_bundled = kind == "quickstart"
    found = checkpoint.load(QUICKSTART) if is_bundled else snapshot(kind)
    saved_model.write(found, path)
    return path


def _config(kind):
    if kind in ("stylegan", "fading"):
        return progressive.small_config("stylegan")
    if kind == "progan":
        return progressive.small_config("progan", label_size=3)
    if kind == "labels":
        return support.small_config(label_size=3)
    if kind == "grey":
        return support.small_config(image_channels=1, base_shape=(2, 4))
    if kind == "rgba":
        return support.small_config({"use_noise": False}, image_channels=4)
    pair = {"architecture": kind}
    other = pair if kind == "msg" else {}
    return support.small_config(pair, other)
