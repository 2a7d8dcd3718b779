"""Folders, zips and tar archives open alike, with their labels."""

import concurrent.futures
import io
import pathlib
import sys
import tarfile
import types
import zipfile
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.data import sources
from tests.helpers import data_sets


class SourcesTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.get_temp_dir())

    def tarred(self, name, contents):
        with tarfile.open(self.root / name, "w:gz") as tar:
            for file, data in contents.items():
                info = tarfile.TarInfo(f"./{file}")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return self.root / name

    def opened(self, contents):
        """The same files as folder, zip and tar."""
        number = len(list(self.root.iterdir()))
        yield sources.open_source(
            data_sets.folder(self.root / f"{number}f", contents)
        )
        for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            path = self.root / f"{number}{compression}.zip"
            data_sets.zipped(path, contents, compression)
            yield sources.open_source(path)
        yield sources.open_source(self.tarred(f"{number}.tar.gz", contents))

    def test_images_come_sorted_whatever_holds_them(self):
        images = {f"{i}.png": data_sets.pixels(i) for i in range(5)}
        files = {
            name: data_sets.encode(image) for name, image in images.items()
        }
        for source in self.opened(files):
            self.assertLen(source, 5)
            self.assertEqual(source.image_shape, (8, 8, 3))
            self.assertIsNone(source.labels)
            self.assertEqual(source.attributes, {})
            for index, image in enumerate(images.values()):
                self.assertAllEqual(source.image(index), image)

    def test_zip_order_is_by_name(self):
        names = ["b.png", "a.png", "c.png"]
        files = {name: data_sets.encode(data_sets.pixels(0)) for name in names}
        source = sources.open_source(
            data_sets.zipped(self.root / "z.zip", files)
        )
        self.assertEqual(source.names, sorted(names))
        self.assertEqual(source.name, "z")

    def test_hidden_files_are_ignored_and_others_told(self):
        files = data_sets.files(2) | {
            ".DS_Store": b"x",
            ".git/a.png": b"x",
            "__MACOSX/._a.png": b"x",
            "Thumbs.db": b"x",
            "notes.txt": b"x",
        }
        for source in self.opened(files):
            self.assertLen(source, 2)
            self.assertEqual(list(source.others), ["notes.txt"])

    def test_images_without_a_suffix_are_known_by_their_first_bytes(self):
        images = {f"{i:04x}": data_sets.pixels(i) for i in range(3)}
        files = {
            name: data_sets.encode(image) for name, image in images.items()
        }
        for source in self.opened(files | {"LICENSE": b"x", "empty": b""}):
            self.assertEqual(source.names, list(images))
            self.assertEqual(sorted(source.others), ["LICENSE", "empty"])
            self.assertAllEqual(source.image(2), images["0002"])

    def test_an_unreadable_file_without_suffix_is_counted(self):
        path = data_sets.folder(self.root / "in", data_sets.files(2))
        (path / "odd").symlink_to("/dev/zero")
        source = sources.open_source(path)
        self.assertEqual(
            source.unread,
            [(f"{path}/odd", "cannot be read (a device, not a regular file)")],
        )
        self.assertEqual(source.others, [])

    def test_sub_folders_are_classes(self):
        image = data_sets.encode(data_sets.pixels(0))
        names = ["dogs/b.png", "cats/persian/c.png", "cats/a.png"]
        for prefix in ("", "data/pets/"):
            for source in self.opened({prefix + n: image for n in names}):
                self.assertEqual(source.class_names, ["cats", "dogs"])
                ids = ["dogs" in name for name in source.names]
                self.assertAllEqual(source.labels[:, 1], ids)

    def test_folders_that_split_a_long_list_are_no_classes(self):
        for source in self.opened(data_sets.files(6)):
            self.assertIsNone(source.labels)

    def test_dataset_json_gives_labels_and_attributes(self):
        files = data_sets.files(4)
        names = list(files)[::-1]  # not in the order of the images
        labels = dict(zip(names, [0, 2, 2, 0], strict=True))
        files |= data_sets.metadata(
            labels,
            class_names=["x", "y", "z", "unused"],
            attributes={"smile": [3, 2, 1, 0], "too short": [1]},
        )
        for source in self.opened(files):
            self.assertAllEqual(source.labels.argmax(1), [0, 2, 2, 0])
            self.assertEqual(source.labels.shape, (4, 4))
            self.assertEqual(source.labels.dtype, np.float32)
            self.assertEqual(source.attributes, {"smile": [0, 1, 2, 3]})

    def test_label_vectors_are_kept(self):
        files = data_sets.files(2)
        vectors = [[0.5, -1], [2, 0.25]]
        files |= data_sets.metadata(dict(zip(files, vectors, strict=True)))
        source = sources.open_source(data_sets.folder(self.root / "v", files))
        self.assertAllEqual(source.labels, vectors)
        self.assertFalse(source.is_classes)
        self.assertEqual(sources.describe_labels(source), "vectors of 2")

    def test_null_labels_win_over_sub_folders(self):
        image = data_sets.encode(data_sets.pixels(0))
        files = {"a/1.png": image, "b/2.png": image}
        files["dataset.json"] = b'{"labels": null}'
        source = sources.open_source(data_sets.folder(self.root / "n", files))
        self.assertIsNone(source.labels)

    def test_broken_label_files_say_what_is_wrong(self):
        images = data_sets.files(2)
        first, second = images
        cases = {
            "not valid JSON": b'{"labels": [',
            "must hold an object": b"[]",
            "list of pairs": b'{"labels": [1, 2]}',
            "no label for 1 of 2 images": data_sets.metadata({first: 0}),
            r"has, for .*: \[1.0\]": data_sets.metadata(
                {first: 0, second: [1.0]}
            ),
            "all lists of the same": data_sets.metadata(
                {first: [1], second: [1, 2]}
            ),
            "has, for .*: -1": data_sets.metadata({first: 0, second: -1}),
        }
        for number, (message, broken) in enumerate(cases.items()):
            if isinstance(broken, bytes):
                broken = {"dataset.json": broken}
            path = data_sets.folder(self.root / str(number), images | broken)
            with self.assertRaisesRegex(ValueError, message):
                sources.open_source(path)

    def test_nothing_to_read_is_told(self):
        with self.assertRaisesRegex(FileNotFoundError, "no data set at"):
            sources.open_source(self.root / "absent")
        data_sets.folder(self.root / "texts", {"a.txt": b"x"})
        with self.assertRaisesRegex(ValueError, "No images found.*a.txt"):
            sources.open_source(self.root / "texts")
        data_sets.folder(
            self.root, {"a.xyz": b"x", "b.zip": b"x", "c.tar": b"x"}
        )
        for name, message in (
            ("a.xyz", "no known kind"),
            ("b.zip", "not a zip"),
            ("c.tar", "not a tar archive"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                sources.open_source(self.root / name)

    def test_bad_images_are_named(self):
        files = {"a.png": b"", "b.png": data_sets.encode(data_sets.pixels(0))}
        for source in self.opened(files):
            with self.assertRaisesRegex(ValueError, r"a\.png.*empty file"):
                source.image(0)
            self.assertAllEqual(source.image(1), data_sets.pixels(0))

    def test_damage_inside_a_zip_is_named(self):
        path = data_sets.zipped(self.root / "d.zip", data_sets.files(1))
        data = bytearray(path.read_bytes())
        data[60] ^= 255
        path.write_bytes(data)
        with self.assertRaisesRegex(ValueError, "unreadable in the zip"):
            sources.open_source(path).image(0)

    def test_many_threads_read_one_zip(self):
        files = data_sets.files(40)
        path = data_sets.zipped(
            self.root / "t.zip", files, zipfile.ZIP_DEFLATED
        )
        source = sources.open_source(path)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            found = list(pool.map(source.image, list(range(40)) * 5))
        for index, image in enumerate(found):
            self.assertAllEqual(image, data_sets.pixels(index % 40))

    @pytest.mark.slow
    def test_unused_labels_are_mentioned(self):
        source = sources.open_source("bundled")
        note = sources.unused_labels_note(source, False)
        self.assertIn("4 classes: plain, glasses", note)
        self.assertIn("15 attributes (glasses, eyewear, facial_hair", note)
        self.assertIn("--config.data.attributes=glasses.", note)
        self.assertIsNone(sources.unused_labels_note(source, True))

    def test_bundled_faces_are_complete(self):
        source = sources.open_source("bundled")
        self.assertLen(source, 12000)
        self.assertEqual(source.image_shape, (32, 32, 3))
        self.assertEqual(source.labels.shape, (12000, 4))
        self.assertLen(source.attributes["smile"], 12000)

    def test_links_to_folders_are_followed_once(self):
        path = data_sets.folder(self.root / "l", data_sets.files(2))
        (path / "loop").symlink_to(path)
        self.addCleanup((path / "loop").unlink)
        self.assertLen(sources.open_source(path), 2)


class TfdsTest(tf.test.TestCase):
    def test_the_missing_package_is_named(self):
        with mock.patch.dict(sys.modules, {"tensorflow_datasets": None}):
            with self.assertRaisesRegex(ValueError, "pip install tensorflow-d"):
                sources.open_source("tfds:mnist")

    def test_images_and_labels_are_read(self):
        """Against a stand-in, as the package is not one of ours."""
        images = [data_sets.encode(data_sets.pixels(i)) for i in range(3)]
        labels = [2, 0, 1]
        rows = [
            {"image": i, "label": x}
            for i, x in zip(images, labels, strict=True)
        ]
        label = types.SimpleNamespace(names=["a", "b", "c"])
        info = types.SimpleNamespace(
            splits={"test": types.SimpleNamespace(num_examples=3)},
            features={"image": None, "label": label},
        )
        builder = types.SimpleNamespace(
            info=info,
            download_and_prepare=lambda: None,
            as_dataset=lambda **_: rows,
        )
        module = types.SimpleNamespace(
            builder=lambda name: builder,
            decode=types.SimpleNamespace(SkipDecoding=object),
            as_numpy=iter,
        )
        with mock.patch.dict(sys.modules, {"tensorflow_datasets": module}):
            source = sources.open_source("tfds:tiny:test")
            self.assertAllEqual(source.labels.argmax(1), labels)
            self.assertEqual(source.class_names, ["a", "b", "c"])
            for index in (0, 1, 2, 1):
                self.assertAllEqual(
                    source.image(index), data_sets.pixels(index)
                )
