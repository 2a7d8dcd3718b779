"""Small versions of images: hand-made means, official levels, keeping."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import images
from stylegan_tf.data import shrunk, sources
from tests.helpers import data_sets


class ShrunkTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.pixels = np.random.RandomState(0).randint(
            0, 256, (3, 8, 8, 3), np.uint8
        )
        for index, image in enumerate(self.pixels):
            images.write_png(self.folder / f"{index}.png", image)
        self.source = sources.open_source(self.folder)

    def test_boxes_become_their_rounded_means(self):
        image = np.array([[[1], [2]], [[2], [2]]], np.uint8)  # mean 1.75
        self.assertAllEqual(shrunk.shrink(image, 2), [[[2]]])
        image = np.array([[[0], [1]], [[0], [1]]], np.uint8)  # 0.5 to even
        self.assertAllEqual(shrunk.shrink(image, 2), [[[0]]])

    def test_images_are_shrunk_in_one_go(self):
        small = shrunk.at_resolution(self.source, 2)
        self.assertEqual(small.image_shape, (2, 2, 3))
        self.assertLen(small, 3)
        for index, image in enumerate(self.pixels):
            means = image.reshape(2, 4, 2, 4, 3).mean((1, 3))
            self.assertAllEqual(small.image(index), np.rint(means))

    def test_an_image_is_read_once(self):
        small = shrunk.at_resolution(self.source, 4)
        before = small.image(1)
        (self.folder / "1.png").unlink()
        self.assertAllEqual(small.image(1), before)

    def test_the_full_resolution_is_the_source_itself(self):
        self.assertIs(shrunk.at_resolution(self.source, 8), self.source)

    @parameterized.parameters(3, 5, 16)
    def test_other_sizes_are_refused_with_the_command(self, resolution):
        with self.assertRaisesRegex(
            ValueError,
            f"0.png is 8x8x3; expected {resolution}x{resolution}x3.*"
            f"--resolution={resolution} --channels=3$",
        ):
            shrunk.at_resolution(self.source, resolution)

    def test_official_records_give_their_own_level(self):
        levels = {2: self.pixels[:, :4, :4], 3: self.pixels}
        data_sets.official_records(self.folder / "levels", levels)
        source = sources.open_source(self.folder / "levels")
        small = shrunk.at_resolution(source, 4)
        self.assertAllEqual(small.image(2), self.pixels[2, :4, :4])

    def test_a_damaged_image_is_skipped_at_the_full_resolution(self):
        levels = {2: self.pixels[:, :4, :4], 3: self.pixels}
        folder = data_sets.official_records(self.folder / "levels", levels)
        file = folder / "faces-r02.tfrecords"
        data_sets.flip(file, file.stat().st_size - 9)
        (self.folder / "2.png").write_bytes(b"no image")
        for path in (self.folder, folder):
            small = shrunk.at_resolution(sources.open_source(path), 4)
            with self.assertRaises(ValueError) as context:
                small.image(2)
            message = str(context.exception)
            self.assertEndsWith(message, " --resolution=8 --channels=3")
            self.assertEqual(message.count("prepare_dataset"), 1)

    def test_an_image_of_another_size_is_named(self):
        images.write_png(self.folder / "3.png", np.zeros((4, 4, 3), np.uint8))
        small = shrunk.at_resolution(sources.open_source(self.folder), 4)
        with self.assertRaisesRegex(ValueError, "3.png is 4x4x3"):
            small.image(3)


if __name__ == "__main__":
    tf.test.main()
