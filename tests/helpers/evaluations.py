"""Small networks and data sets for the tests of evaluation."""

import json

import numpy as np

from stylegan_tf import checkpoint, images
from stylegan_tf.networks import build
from tests.helpers import support

SIDE = 16


def faces(folder, count=40, seed=0, labels=0, side=SIDE):
    """A folder of random smooth images; returns its path as text."""
    random = np.random.RandomState(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        small = random.randint(256, size=(4, 4, 3)).astype(np.uint8)
        image = images.enlarge(small[None], side // 4)[0]
        images.write_png(folder / f"{index:03d}.png", image)
    if labels:
        pairs = [[f"{i:03d}.png", i % labels] for i in range(count)]
        (folder / "dataset.json").write_text(json.dumps({"labels": pairs}))
    return str(folder)


def run(folder, data, **fields):
    """A run directory with one snapshot, and its averaged generator."""
    config = support.small_config(**fields)
    config.data.path = data
    networks = {
        "ema_generator": build.generator(config, name="ema_generator"),
        "generator": build.generator(config),
        "discriminator": build.discriminator(config),
    }
    for each in networks.values():
        support.shake(each)
    checkpoint.save(folder, networks, config=config, images_seen=1000)
    return networks["ema_generator"]
