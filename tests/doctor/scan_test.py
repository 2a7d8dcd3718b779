"""What a look at images finds, against values computed by hand."""

import pathlib
import sys
import tarfile
from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import source as source_lib
from stylegan_tf.data import sources
from stylegan_tf.doctor import scan
from tests.helpers import data_sets


def _look(*images, **options):
    made = source_lib.of_arrays("made", list(images))
    return scan.look(made, **options)


class ScanTest(tf.test.TestCase, parameterized.TestCase):
    def test_brightness_and_contrast_are_those_of_grey(self):
        image = np.zeros((4, 8, 1), np.uint8)
        image[:, 4:] = 100
        found = _look(image)
        self.assertAllClose(found.means, [50])
        self.assertAllClose(found.deviations, [50])
        self.assertAllEqual(found.shapes, [[4, 8, 1]])

    def test_grey_and_opaque_are_seen(self):
        grey = np.full((8, 8, 3), 70, np.uint8)
        colour = grey.copy()
        colour[0, 0, 2] = 71  # one pixel is enough
        clear = np.full((8, 8, 4), 255, np.uint8)
        clear[0, 0, 3] = 254
        found = _look(grey, colour, clear, np.full((8, 8, 2), 255, np.uint8))
        self.assertAllEqual(found.is_grey, [True, False, True, True])
        self.assertAllEqual(found.is_opaque, [True, True, False, True])

    def test_the_same_pixels_have_one_digest_whatever_the_file(self):
        pixels = data_sets.pixels(1)
        contents = {
            "a.png": data_sets.encode(pixels),
            "b.bmp": data_sets.encode(pixels, "BMP"),
            "c.png": data_sets.encode(data_sets.pixels(2)),
            "d.png": data_sets.encode(pixels[:, :, :1]),
        }
        folder = data_sets.folder(self.create_tempdir().full_path, contents)
        digests = scan.look(sources.open_source(folder)).digests
        self.assertAllEqual(digests[0], digests[1])
        self.assertLen(np.unique(digests, axis=0), 3)

    def test_what_can_not_be_read_is_told_and_the_rest_is_seen(self):
        contents = data_sets.files(40)
        names = sorted(contents)
        contents[names[3]] = contents[names[3]][:60]
        contents[names[35]] = b""
        folder = data_sets.folder(self.create_tempdir().full_path, contents)
        found = scan.look(sources.open_source(folder))
        self.assertEqual([index for index, _ in found.bad], [3, 35])
        self.assertIn("truncated", found.bad[0][1])
        self.assertIn("empty", found.bad[1][1])
        self.assertLen(found, 38)
        self.assertNotIn(3, found.indices)

    def test_an_archive_that_is_read_front_to_back(self):
        folder = data_sets.folder(
            self.create_tempdir().full_path, data_sets.files(5)
        )
        path = pathlib.Path(self.create_tempdir().full_path, "a.tar.gz")
        with tarfile.open(path, "w:gz") as file:
            file.add(folder, "images")
        self.assertLen(scan.look(sources.open_source(path)), 5)

    def test_a_sample_is_spread_evenly(self):
        images = [np.full((8, 8, 1), index, np.uint8) for index in range(10)]
        seen = []
        found = _look(*images, max_images=4, watch=seen.append)
        self.assertAllEqual(found.indices, [0, 2, 5, 7])
        self.assertFalse(found.is_all)
        self.assertEqual(sum(seen), 4)
        self.assertTrue(_look(*images, max_images=99).is_all)

    @parameterized.parameters((8, 3), (16, 1))
    def test_of_large_images_fewer_are_looked_at(self, side, count):
        made = source_lib.of_arrays("x", np.zeros((3, side, side, 1), np.uint8))
        with mock.patch.object(scan, "_MOST_PIXELS", 3 * 8 * 8):
            self.assertLen(scan.sample(made), count)

    def test_without_imagehash_there_are_no_hashes(self):
        image = np.zeros((8, 8, 3), np.uint8)
        self.assertEqual(_look(image).hashes.shape, (1, 2))
        with mock.patch.dict(sys.modules, {"imagehash": None}):
            self.assertIsNone(_look(image).hashes)

    def test_nothing_but_bad_files_is_an_empty_look(self):
        folder = data_sets.folder(
            self.create_tempdir().full_path, {"a.png": b"", "b.png": b"x"}
        )
        found = scan.look(sources.open_source(folder))
        self.assertEmpty(found)
        self.assertLen(found.bad, 2)


if __name__ == "__main__":
    tf.test.main()
