"""Configs that several tests of training share."""

from configs import tiny
from stylegan_tf import config as config_lib

BATCH = 8


def experimental_config(architecture="skip", **loss):
    """8x8, batches of `BATCH`, the offline extractor."""
    config = tiny.get_config()
    config.resolution = 8
    config.training.batch_size = BATCH
    config.metrics.features = "offline"
    for network in (config.generator, config.discriminator):
        network.architecture = architecture
    for name, value in loss.items():
        setattr(config.loss, name, value)
    return config_lib.resolve(config)
