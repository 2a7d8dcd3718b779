"""StyleGAN on TensorFlow and Keras 3."""

__version__ = "0.1.0"


def load(path):
    """Networks of a run directory or of one snapshot, in float32.

    Args:
        path: What `tools.train` wrote, or one of its snapshots.

    Returns:
        A `stylegan_tf.checkpoint.Snapshot`: `ema_generator` is the one to
        use; `generator` and `discriminator` where the snapshot holds them.
    """
    from stylegan_tf import checkpoint  # TensorFlow is slow to import

    return checkpoint.load(path)
