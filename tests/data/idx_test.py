"""MNIST's and Fashion-MNIST's files are read with their labels."""

import gzip
import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf.data import sources
from tests.helpers import data_sets


class IdxTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir()) / "mnist"
        random = np.random.RandomState(0)
        self.images = random.randint(0, 256, [12, 28, 28]).astype(np.uint8)
        self.labels = (np.arange(12) % 10).astype(np.uint8)
        for split, first in (("train", 0), ("t10k", 10)):
            data_sets.idx(
                self.root / f"{split}-images-idx3-ubyte.gz",
                self.images[first:],
            )
            data_sets.idx(
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

    def test_classes_of_fashion_mnist_have_names(self):
        self.assertIsNone(sources.open_source(self.root).class_names)
        folder = self.root.with_name("Fashion-MNIST")
        self.root.rename(folder)
        names = sources.open_source(folder).class_names
        self.assertLen(names, 10)
        self.assertEqual(names[:2], ["T-shirt/top", "Trouser"])
        self.assertEqual(names[-1], "Ankle boot")
        (folder / "train-labels-idx1-ubyte.gz").unlink()
        self.assertIsNone(sources.open_source(folder).class_names)

    def test_other_programs_unpack_to_another_name(self):
        for kind, rank in (("images", 3), ("labels", 1)):
            file = self.root / f"train-{kind}-idx{rank}-ubyte.gz"
            data = gzip.decompress(file.read_bytes())
            file.unlink()
            file = self.root / "dotted" / f"train-{kind}.idx{rank}-ubyte"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        source = sources.open_source(self.root / "dotted")
        self.assertLen(source, 12)
        self.assertAllEqual(source.labels.argmax(1), self.labels)

    def test_files_that_are_too_short_or_long_are_told(self):
        path = self.root / "short-images-idx3-ubyte"
        header = b"\0\0\x08\3"
        size = np.array([2, 8, 8], ">u4").tobytes()
        for data, message in (
            (b"", "Received: 0x0"),
            (header + b"\0\0", "expected a header of 16 bytes. Received: 6"),
            (header + size, "expected 128 values. Received: 0"),
            (header + size + bytes(129), "expected 128 values. Received: 129"),
            (header + b"\xff" * 12, "expected 79228162458924105385300197375"),
            (header + b"\0\0\0\1" + bytes(8), "images without pixels"),
        ):
            path.write_bytes(data)
            with self.assertRaisesRegex(ValueError, f"{path}.*{message}"):
                sources.open_source(path)

    def test_files_beside_it_are_told(self):
        source = sources.open_source(self.root)
        self.assertEqual(
            source.others,
            ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"],
        )

    def test_damage_is_told(self):
        labels = self.root / "train-labels-idx1-ubyte.gz"
        data_sets.idx(labels, self.labels[:5])
        with self.assertRaisesRegex(ValueError, "has 5 labels for the 12"):
            sources.open_source(self.root)
        images = self.root / "train-images-idx3-ubyte.gz"
        whole = images.read_bytes()
        images.write_bytes(whole[: len(whole) // 2])
        with self.assertRaisesRegex(ValueError, "is damaged"):
            sources.open_source(self.root)
        data_sets.idx(images, self.labels)
        with self.assertRaisesRegex(ValueError, "magic number 0x803"):
            sources.open_source(self.root)
