"""MNIST's and Fashion-MNIST's files are read with their labels."""

import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf.data import sources
from tests.data import making


class IdxTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir()) / "mnist"
        random = np.random.RandomState(0)
        self.images = random.randint(0, 256, [12, 28, 28]).astype(np.uint8)
        self.labels = (np.arange(12) % 10).astype(np.uint8)
        for split, first in (("train", 0), ("t10k", 10)):
            making.idx(
                self.root / f"{split}-images-idx3-ubyte.gz",
                self.images[first:],
            )
            making.idx(
                self.root / f"{split}-labels-idx1-ubyte.gz",
                self.labels[first:],
            )

    def test_the_folder_means_its_training_images(self):
        source = sources.open_source(self.root)
        self.assertLen(source, 12)
        self.assertEqual(source.image_shape, (28, 28, 1))
        self.assertAllEqual(source.image(7)[..., 0], self.images[7])
        self.assertAllEqual(source.labels.argmax(1), self.labels)
        self.assertEqual(source.labels.shape, (12, 10))

    def test_one_file_can_be_named(self):
        source = sources.open_source(self.root / "t10k-images-idx3-ubyte.gz")
        self.assertLen(source, 2)
        self.assertAllEqual(source.image(0)[..., 0], self.images[10])

    def test_labels_may_be_absent(self):
        (self.root / "train-labels-idx1-ubyte.gz").unlink()
        self.assertIsNone(sources.open_source(self.root).labels)

    def test_damage_is_told(self):
        labels = self.root / "train-labels-idx1-ubyte.gz"
        making.idx(labels, self.labels[:5])
        with self.assertRaisesRegex(ValueError, "has 5 labels for the 12"):
            sources.open_source(self.root)
        images = self.root / "train-images-idx3-ubyte.gz"
        whole = images.read_bytes()
        images.write_bytes(whole[: len(whole) // 2])
        with self.assertRaisesRegex(ValueError, "is damaged"):
            sources.open_source(self.root)
        making.idx(images, self.labels)
        with self.assertRaisesRegex(ValueError, "magic number 0x803"):
            sources.open_source(self.root)
