"""Seconds on a CPU at 32x32: for tests and for trying a change.

python -m tools.train --config=configs/tiny.py --workdir=runs/tiny
"""

from stylegan_tf import config as config_lib


def get_config(variant=None):
    """The only variant."""
    config = config_lib.Config(name="tiny", resolution=32)
    for network in (config.generator, config.discriminator):
        network.channel_base = 128
        network.channel_max = 8
    config.generator.z_size = 16
    config.generator.w_size = 16
    config.generator.mapping_layers = 2
    config.loss.d_reg_interval_steps = 2
    config.loss.g_reg_interval_steps = 2
    training = config.training
    training.total_kimg = 0.064
    training.batch_size = 8
    training.log_kimg = 0.016
    training.sample_kimg = 0.032
    training.sample_grid = (2, 4)
    training.snapshot_kimg = 0.032
    return config
