"""Data sets are told apart by what they show, not by where they are."""

import pathlib
import shutil

import numpy as np
import tensorflow as tf

from stylegan_tf import images, run_directory
from stylegan_tf.data import sources
from stylegan_tf.training import trained_on


class TrainedOnTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def _data(self, name, seed, count=4):
        folder = self.folder / name
        random = np.random.RandomState(seed)
        for index in range(count):
            pixels = random.randint(0, 256, (8, 8, 3), np.uint8)
            place = folder / f"class{index % 2}"
            place.mkdir(parents=True, exist_ok=True)
            images.write_png(place / f"{index}.png", pixels)
        return folder

    def _describe(self, path, label_size=0):
        return trained_on.describe(sources.open_source(path), label_size)

    def test_the_same_images_elsewhere_are_no_change(self):
        here = self._data("here", seed=0)
        shutil.make_archive(str(self.folder / "there"), "zip", here)
        trained_on.remember(self.folder, self._describe(here))
        there = self._describe(self.folder / "there.zip")
        self.assertEqual(trained_on.change(self.folder, there), "")

    def test_other_images_or_fewer_are_told_in_one_line(self):
        here = self._data("here", seed=0)
        trained_on.remember(self.folder, self._describe(here))
        for other in (
            self._data("other", seed=1),
            self._data("fewer", seed=0, count=3),
        ):
            line = trained_on.change(self.folder, self._describe(other))
            self.assertIn(f"4 images of 8x8x3 from {here}", line)
            self.assertIn(f"images of 8x8x3 from {other}", line)
            self.assertNotIn("\n", line)

    def test_labels_count_where_they_are_used(self):
        here, there = self._data("here", seed=0), self._data("there", seed=0)
        (there / "class0").rename(there / "class2")  # comes last
        trained_on.remember(self.folder, self._describe(here, 2))
        change = trained_on.change(self.folder, self._describe(there, 2))
        self.assertNotEmpty(change)

    def test_nothing_is_said_of_runs_that_tell_nothing(self):
        now = self._describe(self._data("here", seed=0))
        self.assertEqual(trained_on.change(self.folder, now), "")
        (self.folder / run_directory.DATA).write_text("")
        self.assertEqual(trained_on.change(self.folder, now), "")


if __name__ == "__main__":
    tf.test.main()
