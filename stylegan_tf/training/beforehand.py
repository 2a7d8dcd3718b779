"""What can be refused before data are opened and hours pass."""

from stylegan_tf.training import accumulation, devices, experimental


def refuse(config, replicas):
    """Raises `ValueError` or `OSError` for what would fail later.

    Args:
        config: A run's `stylegan_tf.config.Config`.
        replicas: How many share a batch.
    """
    config = devices.resolve(config)
    accumulation.refuse_misfits(config, replicas)
    experimental.refuse_small_batches(config, replicas)
    experimental.refuse_missing(config)
