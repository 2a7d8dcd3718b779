"""Each fault of a data set is a row, and a sound one has none."""

import pathlib
import sys
import tarfile
from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import sources
from stylegan_tf.doctor import copies, datasets, findings, scan
from tests.helpers import data_sets


def _images(count, start=0, **shape):
    return {
        f"{index:04d}.png": data_sets.encode(_noise(index, **shape))
        for index in range(start, start + count)
    }


def _noise(seed, height=16, width=16, channels=3):
    """uint8 `[H, W, C]` of random patches, no two alike."""
    random = np.random.RandomState(seed)
    small = random.randint(0, 256, (4, 4, channels), np.uint8)
    return np.kron(small, np.ones((height // 4, width // 4, 1), np.uint8))


def _in_classes(counts):
    contents, start = {}, 0
    for name, count in counts.items():
        for file, data in _images(count, start).items():
            contents[f"{name}/{file}"] = data
        start += count
    return contents


class DatasetsTest(tf.test.TestCase, parameterized.TestCase):
    def _rows(self, contents, **options):
        """Findings by name."""
        folder = data_sets.folder(self.create_tempdir().full_path, contents)
        return self._rows_of(sources.open_source(folder), **options)

    def _rows_of(self, source, **options):
        look = scan.look(source, **options)
        first = copies.exact(look)
        near = None
        if look.hashes is not None:
            near = copies.near(look, first)
        rows = datasets.examine(source, look, first, near)
        self.rows = rows
        return {row.name: row for row in rows}

    def test_of_a_sound_set_only_its_smallness_is_told(self):
        rows = self._rows(_images(40))
        wrong = [name for name, row in rows.items() if row.mark != findings.OK]
        self.assertEqual(wrong, ["images"])
        self.assertStartsWith(rows["images"].value, "40 images in ")
        self.assertEqual(rows["size"].value, "all are 16x16 (width x height)")
        self.assertEqual(rows["colours"].value, "colour")
        self.assertEqual(rows["copies"].value, "no image is there twice")
        self.assertEqual(rows["near copies"].value, "no two look the same")
        self.assertEqual(rows["labels"].value, "none")

    def test_what_is_wrong_comes_first(self):
        contents = _images(8) | {"z.png": b"", "y.png": _images(1)["0000.png"]}
        self._rows(contents)
        marks = [row.mark for row in self.rows]
        order = [findings.FAIL, findings.WARN, findings.OK]
        self.assertEqual(marks, sorted(marks, key=order.index))
        self.assertEqual(self.rows[0].name, "broken")

    def test_sizes_that_differ_are_named(self):
        contents = _images(6) | {"odd.png": data_sets.encode(_noise(9, 8, 24))}
        row = self._rows(contents)["size"]
        self.assertEqual(row.mark, findings.FAIL)
        self.assertEqual(
            row.value, "2 sizes: 16x16 (6 images), others (1), such as odd.png"
        )

    def test_a_size_of_no_network_fails(self):
        row = self._rows(_images(4, height=52, width=100))["size"]
        self.assertEqual(row.mark, findings.FAIL)
        self.assertIn("100x52", row.value)

    def test_grey_saved_as_colour_is_told(self):
        grey = {
            f"{index}.png": data_sets.encode(
                np.repeat(_noise(index, channels=1), 3, axis=2)
            )
            for index in range(12)
        }
        row = self._rows(grey)["colours"]
        self.assertEqual(row.mark, findings.WARN)
        self.assertEqual(row.value, "all are grey, saved as colour")
        few = _images(12, 50) | {"x.png": grey["3.png"]}
        row = self._rows(few)["colours"]
        self.assertEqual(row.mark, findings.WARN)
        self.assertEqual(row.value, "colour, but 1 grey: x.png")
        self.assertEqual(
            self._rows(_images(9, channels=1))["colours"].mark, "ok"
        )

    def test_channels_that_differ_fail(self):
        mixed = _images(3) | _images(1, 7, channels=1)
        row = self._rows(mixed)["colours"]
        self.assertEqual(row.mark, findings.FAIL)
        self.assertEqual(
            row.value, "3 channels (3), 1 channels (1), such as 0007.png"
        )

    def test_alpha_that_hides_nothing_is_told(self):
        opaque = _noise(1, channels=4)
        opaque[..., 3] = 255
        clear = opaque.copy()
        clear[0, 0, 3] = 0
        row = self._rows({"a.png": data_sets.encode(opaque)})["alpha"]
        self.assertEqual(row.mark, findings.WARN)
        row = self._rows({"a.png": data_sets.encode(clear)})["alpha"]
        self.assertEqual(row.mark, findings.OK)
        self.assertIn("1 image", row.value)

    def test_copies_are_counted_and_named(self):
        contents = _images(5)
        contents |= {
            "a.png": contents["0001.png"],
            "b.png": contents["0001.png"],
        }
        row = self._rows(contents)["copies"]
        self.assertEqual(row.mark, findings.WARN)
        self.assertEqual(
            row.value,
            "2 images are copies: a.png = 0001.png, b.png = 0001.png",
        )

    def test_a_few_near_copies_of_many_are_no_fault(self):
        near = np.arange(300)
        near[7] = 3
        names = [f"{index}.png" for index in range(300)]
        look = mock.MagicMock(indices=np.arange(300))
        look.__len__.return_value = 300
        source = mock.MagicMock(names=names)
        row = datasets.near_copies(source, look, near)
        self.assertEqual(row.mark, findings.OK)
        self.assertIn("1 image looks", row.value)
        self.assertIn("7.png = 3.png", row.value)
        near[100:110] = 3
        row = datasets.near_copies(source, look, near)
        self.assertEqual(row.mark, findings.WARN)
        self.assertIn("11 images look", row.value)

    def test_without_imagehash_it_says_what_to_install(self):
        with mock.patch.dict(sys.modules, {"imagehash": None}):
            row = self._rows(_images(3))["near copies"]
        self.assertEqual(row.mark, findings.OK)
        self.assertIn("pip install 'stylegan_tf[data]'", row.value)

    def test_images_of_one_colour_are_named(self):
        contents = _images(9)
        for name, level in (("black", 0), ("white", 255), ("red", 90)):
            flat = np.full((16, 16, 3), level, np.uint8)
            contents[f"{name}.png"] = data_sets.encode(flat)
        row = self._rows(contents)["one colour"]
        self.assertEqual(row.mark, findings.WARN)
        self.assertIn("(1 black, 1 white)", row.value)
        self.assertIn("black.png, red.png, white.png", row.value)

    def test_odd_brightness_and_contrast_are_named(self):
        contents = _images(60)
        dark = _noise(3) // 20
        contents["dark.png"] = data_sets.encode(dark)
        rows = self._rows(contents)
        self.assertEqual(rows["brightness"].mark, findings.WARN)
        self.assertRegex(rows["brightness"].value, r": dark.png \(\d\)$")
        self.assertRegex(rows["contrast"].value, r": dark.png \(\d\)$")

    def test_classes_are_counted(self):
        rows = self._rows(_in_classes({"cats": 60, "dogs": 52}))
        self.assertEqual(rows["labels"].mark, findings.OK)
        self.assertEqual(
            rows["labels"].value,
            "2 classes: cats, dogs; the largest cats (60), the smallest dogs "
            "(52)",
        )
        rows = self._rows(_in_classes({"cats": 50, "dogs": 50}))
        self.assertEndsWith(rows["labels"].value, "dogs; 50 images each")
        rows = self._rows(_in_classes({"cats": 60, "dogs": 52, "eels": 3}))
        self.assertEqual(rows["labels"].mark, findings.WARN)
        self.assertIn("the smallest eels (3)", rows["labels"].value)
        self.assertIn("1 class", rows["labels"].remedy)

    def test_an_archive_of_no_order_fails(self):
        folder = data_sets.folder(self.create_tempdir().full_path, _images(3))
        path = pathlib.Path(self.create_tempdir().full_path, "a.tar.gz")
        with tarfile.open(path, "w:gz") as file:
            file.add(folder, "images")
        rows = self._rows_of(sources.open_source(path))
        self.assertEqual(rows["archive"].mark, findings.FAIL)

    def test_a_sample_is_called_one(self):
        row = self._rows(_images(12), max_images=5)["images"]
        self.assertIn("5 were looked at", row.value)

    def test_names_show_nothing_that_a_terminal_obeys(self):
        contents = {"\x1b[2J.png": b"", **_images(2)}
        self.assertNotIn(
            "\x1b", findings.lines(list(self._rows(contents).values()))
        )


if __name__ == "__main__":
    tf.test.main()
