"""Batches that tests hand to updates."""

from stylegan_tf.training import inputs


def of(images, labels, fake_labels=None):
    """An `inputs.Batch` whose fakes have these labels for every loss."""
    fake = labels if fake_labels is None else fake_labels
    return inputs.Batch(images, labels, inputs.FakeLabels(fake, fake, fake))
