"""CIFAR's pickles are read, and pickles that could act are refused."""

import io
import os
import pathlib
import pickle
import struct
import tarfile

import numpy as np
import tensorflow as tf

from stylegan_tf.data import sources
from tests.helpers import data_sets


def batch(seed, key=b"labels"):
    random = np.random.RandomState(seed)
    pixels = random.randint(0, 256, [3, 3072]).astype(np.uint8)
    return {b"data": pixels, key: [seed, 0, 1]}


def _of_python_2(pixels, labels):
    """A batch as the real files have it: texts and bytes are one type."""
    dtype = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"
    dtype += b"(K\x03U\x01|NNN" + b"J\xff\xff\xff\xff" * 2 + b"K\x00tb"
    content = pixels.tobytes()
    return (
        b"\x80\x02}q\x01(U\x04dataq\x02"
        b"cnumpy.core.multiarray\n_reconstruct\nq\x03"
        b"cnumpy\nndarray\nK\x00\x85U\x01b\x87Rq\x04"
        b"(K\x01K"
        + bytes([len(pixels)])
        + b"M\x00\x0c\x86"
        + dtype
        + b"\x89T"
        + struct.pack("<I", len(content))
        + content
        + b"tbU\x06labelsq\x05]q\x06("
        + b"".join(b"K" + bytes([label]) for label in labels)
        + b"eu."
    )


class Act:
    def __reduce__(self):
        return os.system, ("touch acted",)


class CifarTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir())

    def write(self, name, batches):
        folder = self.root / name
        folder.mkdir()
        for file, content in batches.items():
            (folder / file).write_bytes(pickle.dumps(content, protocol=2))
        return folder

    def cifar10(self, name):
        return self.write(
            name,
            {
                "data_batch_1": batch(1),
                "data_batch_2": batch(2),
                "test_batch": batch(3),
                "batches.meta": {b"label_names": [b"cat", b"dog", b"owl"]},
            },
        )

    def check(self, source):
        self.assertLen(source, 6)  # the test batch is left out
        expected = batch(2)[b"data"][1].reshape(3, 32, 32).transpose(1, 2, 0)
        self.assertAllEqual(source.image(4), expected)
        self.assertAllEqual(source.labels.argmax(1), [1, 0, 1, 2, 0, 1])
        self.assertEqual(source.class_names, ["cat", "dog", "owl"])

    def test_cifar_10_folder(self):
        self.check(sources.open_source(self.cifar10("cifar")))

    def test_cifar_10_archive(self):
        path = self.root / "cifar-10-python.tar.gz"
        with tarfile.open(path, "w:gz") as tar:
            tar.add(self.cifar10("packed"), arcname="cifar-10-batches-py")
        self.check(sources.open_source(path))

    def test_cifar_100_has_fine_labels(self):
        source = sources.open_source(
            self.write(
                "cifar100",
                {
                    "train": batch(1, b"fine_labels"),
                    "test": batch(2, b"fine_labels"),
                    "meta": {b"fine_label_names": [b"elm", b"oak"]},
                },
            )
        )
        self.assertLen(source, 3)
        self.assertEqual(source.class_names, ["elm", "oak"])

    def test_pickles_of_python_2_are_read(self):
        path = self.cifar10("old")
        expected = batch(2)
        content = _of_python_2(expected[b"data"], expected[b"labels"])
        (path / "data_batch_2").write_bytes(content)
        self.check(sources.open_source(path))

    def test_files_of_like_names_are_left_alone(self):
        path = self.cifar10("copies")
        for name in ("data_batch_1 (copy)", "._data_batch_1", "training.txt"):
            (path / name).write_bytes(b"x")
        source = sources.open_source(path)
        self.check(source)
        self.assertEqual(
            source.others,
            ["data_batch_1 (copy)", "test_batch", "training.txt"],
        )

    def test_folders_of_such_names_are_folders(self):
        for name in ("train", "test", "meta"):
            data_sets.folder(self.root / "in" / name, data_sets.files(1))
        self.assertLen(sources.open_source(self.root / "in"), 3)

    def test_a_damaged_archive_is_refused(self):
        path = self.root / "cifar.tar"
        folder = self.cifar10("cut")
        with tarfile.open(path, "w") as tar:
            for name in ("batches.meta", "data_batch_1", "data_batch_2"):
                tar.add(folder / name, arcname=f"cifar/{name}")
        path.write_bytes(path.read_bytes()[:15000])
        with self.assertRaisesRegex(
            ValueError, "should be CIFAR's.*2 members could be read, the rest"
        ):
            sources.open_source(path)

    def test_as_many_labels_as_images(self):
        path = self.cifar10("short")
        few = batch(1) | {b"labels": [1]}
        (path / "data_batch_1").write_bytes(pickle.dumps(few, protocol=2))
        with self.assertRaisesRegex(ValueError, "4 labels, 6 images"):
            sources.open_source(path)

    def test_pickles_that_act_are_refused(self):
        path = self.cifar10("evil")
        for content in (Act(), {b"data": Act()}, {b"data": np.array([{}])}):
            data = pickle.dumps(content, protocol=2)
            (path / "data_batch_1").write_bytes(data)
            with self.assertRaisesRegex(ValueError, "is refused"):
                sources.open_source(path)
        self.assertFalse(os.path.exists("acted"))

    def test_damage_is_told(self):
        path = self.cifar10("cut")
        whole = (path / "data_batch_1").read_bytes()
        (path / "data_batch_1").write_bytes(whole[:100])
        with self.assertRaisesRegex(ValueError, "data_batch_1 is refused"):
            sources.open_source(path)
        (path / "data_batch_1").write_bytes(pickle.dumps({b"x": io.SEEK_SET}))
        with self.assertRaisesRegex(ValueError, "does not hold CIFAR"):
            sources.open_source(path)
