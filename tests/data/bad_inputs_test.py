"""Every kind of bad input is named with its reason, skipped or fatal."""

import os
import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from stylegan_tf.data import convert, sources
from tests.helpers import data_sets


def bad_files():
    """`{name: (bytes, reason)}`, one of each kind of bad input."""
    frames = [Image.fromarray(data_sets.pixels(i)) for i in range(2)]
    animated = data_sets.encode(
        frames[0], "GIF", save_all=True, append_images=frames[1:]
    )
    noise = np.random.RandomState(0).randint(0, 256, [64, 64, 3])
    jpeg = data_sets.encode(noise.astype(np.uint8), "JPEG")
    clear = data_sets.pixels(0, channels=4)
    clear[..., 3] = 7
    return {
        "animated.gif": (animated, "animated or multi-page (2 frames)"),
        "cut.jpg": (jpeg[:900], "truncated or damaged JPEG"),
        "empty.png": (b"", "empty file (0 bytes)"),
        "glass.png": (data_sets.encode(clear), "has transparent pixels"),
        "text.png": (b"hello", "not an image: it starts with b'hello'"),
        "page.jpg": (b"<!DOCTYPE html>", "not an image: it starts with b'<!DO"),
        "script.png": (b"%!PS-Adobe-3.0 E", "not an image: it starts with b'%"),
    }


class BadInputsTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir())

    def test_every_bad_input_is_named_and_skipped(self):
        bad = bad_files()
        files = {name: data for name, (data, _) in bad.items()}
        files |= {
            f"good{i}.png": data_sets.encode(data_sets.pixels(i))
            for i in (0, 1)
        }
        files |= {".hidden.png": b"", "readme.md": b"x", "sub/.x/y.png": b""}
        data_sets.folder(self.root / "in", files)
        report, path = data_sets.prepared(
            self.root / "in", self.root / "out", size=8
        )
        self.assertLen(sources.open_source(path), 2)
        found = dict(report.skipped)
        self.assertLen(found, len(bad))
        text = "\n".join(report.lines())
        for name, (_, reason) in bad.items():
            file = f"{self.root / 'in'}/{name}"
            self.assertStartsWith(found[file], reason)
            self.assertIn(f"  {file}: {reason}", text)
        self.assertIn("1 other files: readme.md", text)

    def test_every_bad_input_can_stop_the_work(self):
        for name, (data, reason) in bad_files().items():
            files = {"a.png": data_sets.encode(data_sets.pixels(0)), name: data}
            data_sets.folder(self.root / name / "in", files)
            with self.assertRaises(ValueError) as context:
                data_sets.prepared(
                    self.root / name / "in",
                    self.root / f"{name}/out",
                    size=8,
                    on_bad="fail",
                )
            self.assertIn(f"in/{name}: {reason}", str(context.exception))
            self.assertLen(list((self.root / name).iterdir()), 1)

    def test_names_that_are_no_text_are_printed(self):
        folder = data_sets.folder(self.root / "in", data_sets.files(2))
        (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(b"")
        report, path = data_sets.prepared(folder, self.root / "out")
        self.assertIn("caf\\xe9.png: empty", "\n".join(report.lines()))
        self.assertLen(sources.open_source(path), 2)

    def test_skipped_images_take_their_labels_along(self):
        files = data_sets.files(4)
        files["00000/img00000001.png"] = b"broken"
        labels = dict(zip(files, [0, 1, 2, 3], strict=True))
        more = data_sets.metadata(labels, attributes={"age": [5, 6, 7, 8]})
        data_sets.folder(self.root / "in", files | more)
        for format in ("records", "folder"):
            _, path = data_sets.prepared(
                self.root / "in", self.root / format, format=format
            )
            source = sources.open_source(path)
            self.assertAllEqual(source.labels.argmax(1), [0, 2, 3])
            self.assertEqual(source.attributes, {"age": [5, 7, 8]})

    def test_nothing_usable_is_an_error(self):
        data_sets.folder(self.root / "in", {"a.png": b"", "b.png": b""})
        with self.assertRaisesRegex(ValueError, r"a\.png: empty file"):
            data_sets.prepared(self.root / "in", self.root / "out", size=8)
        with self.assertRaisesRegex(
            ValueError,
            r"None of the first 2 images of .*in can be read, so the size is "
            r"not known. .*in/a\.png: empty file",
        ):
            data_sets.prepared(self.root / "in", self.root / "out")
        self.assertFalse((self.root / "out").exists())

    def test_an_unforeseen_error_is_the_reason_of_one_image(self):
        data_sets.folder(self.root / "in", data_sets.files(3))
        original = convert.convert
        answers = [MemoryError("large"), original, original]

        def sometimes(*arguments):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer(*arguments)

        with mock.patch.object(convert, "convert", sometimes):
            report, _ = data_sets.prepared(self.root / "in", self.root / "out")
        self.assertEqual(report.kept, [1, 2])
        self.assertIn("cannot be converted", report.skipped[0][1])

    @pytest.mark.slow
    def test_a_killed_worker_is_told_and_nothing_is_left(self):
        data_sets.folder(self.root / "in", data_sets.files(3))
        with mock.patch.object(convert, "convert", lambda *_: os._exit(9)):
            with self.assertRaisesRegex(OSError, "fewer --processes"):
                data_sets.prepared(
                    self.root / "in", self.root / "out", processes=2
                )
        self.assertEqual(os.listdir(self.root), ["in"])
