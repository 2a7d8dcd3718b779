"""StyleGAN on TensorFlow and Keras 3."""

from stylegan_tf.version import __version__ as __version__


def load(path):
    """Networks of a run directory, a snapshot or a file, in float32.

    Args:
        path: What `tools.train` or `tools.import_network` wrote, a file of
            official networks (.pkl; rosinality's .pt), one of ours (.npz,
            .keras, .weights.h5), or the name of a published network, such as
            "stylegan2-ffhq-config-f", which is downloaded once.

    Returns:
        A `stylegan_tf.checkpoint.Snapshot`: `ema_generator` is the one to
        use; `generator` and `discriminator` where they are there too.
    """
    import os

    from stylegan_tf import checkpoint  # TensorFlow is slow to import

    return checkpoint.load(os.path.expanduser(path))
