"""Batches go on from any position, labels come from the data."""

import numpy as np
import tensorflow as tf

from configs import tiny
from stylegan_tf.training import inputs


def _batches(config, source, images_seen, count):
    batches = inputs.batches(
        config, source, tf.distribute.get_strategy(), images_seen
    )
    return [
        [np.array(tensor) for tensor in next(batches)] for _ in range(count)
    ]


class InputsTest(tf.test.TestCase):
    def test_labels_of_the_data_size_the_networks(self):
        config = tiny.get_config()
        config.data.use_labels = True
        source, config = inputs.open_data(config)
        self.assertEqual(config.label_size, 4)
        whole = _batches(config, source, 0, 4)
        rest = _batches(config, source, 16, 2)
        for expected, actual in zip(whole[2:], rest, strict=True):
            for a, b in zip(expected, actual, strict=True):
                np.testing.assert_array_equal(a, b)
        images, labels, fake_labels = whole[0]
        self.assertEqual(images.shape, (8, 32, 32, 3))
        self.assertAllEqual(labels.sum(axis=1), np.ones(8))
        self.assertAllEqual(fake_labels.sum(axis=1), np.ones(8))
        self.assertNotAllEqual(labels, fake_labels)

    def test_unconditional_labels_are_empty(self):
        source, config = inputs.open_data(tiny.get_config())
        ((_, labels, fake_labels),) = _batches(config, source, 0, 1)
        self.assertEqual(labels.shape, (8, 0))
        self.assertEqual(fake_labels.shape, (8, 0))


if __name__ == "__main__":
    tf.test.main()
