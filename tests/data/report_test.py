"""The report's command, and its names, whatever the files are called."""

import os
import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import shapes, source, sources
from tests.helpers import data_sets, running


class ReportTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    @parameterized.parameters("out", "my out", "it's", b"caf\xe9", "\x1b[2J")
    def test_the_command_trains_on_what_was_written(self, name):
        source = data_sets.folder(
            self.root / "in", data_sets.files(2, height=12)
        )
        output = self.root / os.fsdecode(name)
        report, _ = data_sets.prepared(
            source, output, width=8, height=12, channels=1
        )
        given = running.parse(report.train_command())
        self.assertEqual(given["config.data.path"], str(output))
        self.assertEqual(tuple(given["config.base_shape"]), (6, 4))
        self.assertEqual(given["config.image_channels"], 1)
        self.assertLen(sources.open_source(given["config.data.path"]), 2)
        for line in report.lines():
            self.assertNotIn("\x1b", line)
            line.encode()

    def test_names_of_files_and_classes_are_escaped(self):
        image = data_sets.encode(data_sets.pixels(0))
        files = {
            "\x1b[31m/a\n.png": b"",
            "\x1b[31m/b.png": image,
            "plain/c.png": image,
            "no\x9bte.txt": b"x",
        }
        source = data_sets.folder(self.root / "in", files)
        report, _ = data_sets.prepared(source, self.root / "out")
        text = "\n".join(report.lines())
        self.assertEqual(text.count("\n"), len(list(report.lines())) - 1)
        for unfit in ("\x1b", "\x9b", "a\n"):
            self.assertNotIn(unfit, text)
        self.assertIn("2 classes: \\x1b[31m, plain", text)
        self.assertIn("other files: no\\x9bte.txt", text)
        self.assertIn("\\x1b[31m/a\\n.png: empty file", text)

    def test_a_narrow_network_has_a_command_of_its_own(self):
        source = data_sets.folder(self.root / "in", data_sets.files(2))
        report, _ = data_sets.prepared(source, self.root / "out")
        lines = list(report.lines())
        start = lines.index("to train a narrow network, on a CPU:")
        given = running.parse(lines[start + 1].strip())
        self.assertIn("ada.py:small", given["config"])
        self.assertEqual(given["config.data.path"], str(self.root / "out"))

    def test_labels_have_a_command_of_their_own(self):
        files = {
            f"{kind}/{i}.png": data_sets.encode(data_sets.pixels(i))
            for i, kind in enumerate(("a", "b"))
        }
        source = data_sets.folder(self.root / "in", files)
        report, _ = data_sets.prepared(source, self.root / "out")
        (line,) = [x for x in report.lines() if "conditioned on" in x]
        option = line.split()[-1]
        given = running.parse(f"{report.train_command()} {option}")
        self.assertTrue(given["config.data.use_labels"])
        self.assertEqual(given["config.data.path"], str(self.root / "out"))

    def test_photos_that_are_not_read_are_told(self):
        files = {**data_sets.files(2), "IMG_9.HEIC": b"x", "a.txt": b"y"}
        source = data_sets.folder(self.root / "in", files)
        report, _ = data_sets.prepared(source, self.root / "out")
        text = "\n".join(report.lines())
        self.assertIn("1 of a kind that is not read, such as IMG_9.HEIC", text)


class OtherSizeTest(tf.test.TestCase):
    def test_images_may_be_trained_at_their_own_size(self):
        root = pathlib.Path(self.create_tempdir().full_path)
        folder = data_sets.folder(root, data_sets.files(2, width=12, height=16))
        said = shapes.other_size(sources.open_source(folder), (64, 64, 3))
        option = "--config.resolution=16 --config.base_shape='(4, 3)'. Or: Prep"
        self.assertIn(f"Train networks of their shape with {option}", said)
        grey = shapes.other_size(sources.open_source(folder), (64, 64, 1))
        self.assertIn("--config.image_channels=3. Or: Prepare the images", grey)


class PrepareCommandTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    @parameterized.parameters("in", "my in/", "it's")
    def test_images_of_another_size_are_prepared_as_it_says(self, name):
        path = f"{self.root}/{name}"
        data_sets.folder(path, data_sets.files(2, height=12, width=10))
        source = sources.open_source(path)
        _, line = shapes.mismatch(source, 0, (8, 16, 3)).split("with: ")
        given = running.parse(line)
        self.assertEqual(given["source"], path)
        self.assertEqual(given["output"], f"{path.rstrip('/')}-prepared")
        words = running.words_of(line)
        place = words.index("tools.prepare_dataset")
        answer = running.run("prepare_dataset", *words[place + 1 :])
        self.assertEqual(answer.code, 0, answer.errors)
        made = sources.open_source(given["output"])
        self.assertEqual(made.image_shape, (8, 16, 3))

    @parameterized.parameters(
        ("photos.zip", "photos-prepared"),
        ("a/photos.tar.gz", "a/photos-prepared"),
        ("tfds:mnist", "mnist-prepared"),
        ("bundled", "bundled-prepared"),
    )
    def test_the_output_is_called_after_the_source(self, path, expected):
        made = source.of_arrays(path, np.zeros((1, 8, 8, 3), np.uint8))
        given = running.parse(made.prepare_command())
        self.assertEqual(given["output"], expected)


if __name__ == "__main__":
    tf.test.main()
