"""Seconds on a CPU at 32x32: for tests and for trying a change.

python -m tools.train --config=configs/tiny.py --workdir=runs/tiny
"""

from stylegan_tf import config as config_lib
from stylegan_tf import recipes


def get_config(variant=None):
    """The only variant."""
    config = config_lib.Config(name="tiny", resolution=32)
    recipes.both(config, channel_base=128, channel_max=8)
    generator, loss = config.generator, config.loss
    generator.z_size = generator.w_size = 16
    generator.mapping_layers = 2
    loss.d_reg_interval_steps = loss.g_reg_interval_steps = 2
    training = config.training
    training.total_kimg = 0.064
    training.batch_size = 8
    training.log_kimg = 0.016
    training.sample_kimg = 0.032
    training.sample_grid = (2, 4)
    training.snapshot_kimg = 0.032
    return config
