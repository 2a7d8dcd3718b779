"""CIFAR-10, from an archive of the official layout to a sheet of classes.

The images are drawn here: the real ones are not on this machine.
"""

import pathlib
import pickle
import tarfile
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from stylegan_tf.data import sources
from tests.helpers import running

_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_TINY = (  # networks and a run of seconds
    "--config.generator.channel_base=128",
    "--config.discriminator.channel_base=128",
    "--config.generator.z_size=16",
    "--config.generator.w_size=16",
    "--config.training.batch_size=8",
    "--config.training.total_kimg=0.032",
    "--config.training.log_kimg=0.016",
)


def _batch(number):
    """Twenty images, two a class, each of a colour of its class."""
    labels = np.arange(20) % 10
    random = np.random.RandomState(number)
    noise = random.randint(0, 40, [20, 3, 32, 32])
    colours = np.stack([25 * labels, 255 - 25 * labels, 0 * labels], 1)
    pixels = (colours[..., None, None] * 0.8 + noise).clip(0, 255)
    return {
        b"batch_label": b"training batch",
        b"labels": labels.tolist(),
        b"data": pixels.astype(np.uint8).reshape(20, 3072),
        b"filenames": [b"x.png"] * 20,
    }


def _archive(path):
    """Writes cifar-10-python.tar.gz, as its page offers it."""
    files = {f"data_batch_{i}": _batch(i) for i in range(1, 6)}
    files["test_batch"] = _batch(6)
    files["batches.meta"] = {
        b"num_cases_per_batch": 20,
        b"label_names": [name.encode() for name in _CLASSES],
        b"num_vis": 3072,
    }
    folder = path.parent / "cifar-10-batches-py"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))
    (folder / "readme.html").write_text("<meta>")
    with tarfile.open(path, "w:gz") as tar:
        tar.add(folder, arcname=folder.name)


@pytest.mark.slow
class Cifar10Test(tf.test.TestCase):
    def run_tool(self, tool, *arguments):
        done = running.run(tool, *arguments)
        self.assertEqual(done.code, 0, done.errors)
        return done.output

    def test_the_archive_becomes_a_sheet_of_classes(self):
        root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        _archive(root / "cifar-10-python.tar.gz")
        data, run = root / "cifar10.zip", root / "run"
        self.run_tool(
            "prepare_dataset",
            f"--source={root}/cifar-10-python.tar.gz",
            f"--output={data}",
        )
        prepared = sources.open_source(data)
        self.assertEqual(prepared.image_shape, (32, 32, 3))
        self.assertEqual(prepared.class_names, list(_CLASSES))
        self.assertAllEqual(np.bincount(prepared.classes), [10] * 10)
        self.run_tool(
            "train",
            "--config=configs/cifar10.py",
            f"--config.data.path={data}",
            f"--workdir={run}",
            *_TINY,
        )
        self.run_tool(
            "generate",
            f"--network={run}",
            "--class=all",
            "--seeds=0-2",
            f"--output={root}/sheet.png",
        )
        with Image.open(root / "sheet.png") as sheet:
            self.assertGreaterEqual(sheet.height, 10 * 32)


if __name__ == "__main__":
    tf.test.main()
