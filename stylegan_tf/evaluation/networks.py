"""Opens whatever holds a generator, for `metrics.network.Network`."""

import dataclasses
import pathlib

from stylegan_tf import checkpoint, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.evaluation import saved_model
from stylegan_tf.metrics import network


@dataclasses.dataclass
class Opened:
    """A generator, and where it is from."""

    network: network.Network
    config: config_lib.Config
    path: pathlib.Path
    images_seen: int  # 0 of imported networks
    metrics_file: pathlib.Path  # where its results belong


def open_network(source, *, batch_size=network.BATCH_SIZE):
    """The `Opened` averaged generator of `source`.

    Args:
        source: A SavedModel of tools.export, or what `checkpoint.load`
            takes; made under the current strategy.
        batch_size: Images at once on every replica.
    """
    path = pathlib.Path(source)
    if saved_model.is_here(path):
        generator, stage = saved_model.SavedGenerator(path), {}
        images_seen = generator.images_seen
    else:
        snapshot = checkpoint.load(source)
        generator, stage = snapshot.ema_generator, snapshot.stage
        path, images_seen = snapshot.path, snapshot.images_seen
    return Opened(
        network=network.Network(generator, stage, batch_size=batch_size),
        config=generator.config,
        path=path,
        images_seen=images_seen,
        metrics_file=run_directory.metrics_file(path),
    )
