"""Figures of images: whole pixels, whole labels, the same bytes."""

import pathlib
import sys
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import pictures
from stylegan_tf.editing.figures import plate


def _images(*shape):
    return np.random.RandomState(0).randint(0, 256, shape).astype(np.uint8)


def _png(figure, folder):
    path = pathlib.Path(folder) / "a.png"
    plate.save(figure, path)
    return np.asarray(Image.open(path).convert("RGB"))


class PlateTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    @parameterized.parameters(
        (1, (300, 200, 3)),
        (3, (32, 32, 3)),
        (4, (8, 16, 1)),
        (5, (64, 32, 4)),
        (7, (28, 28, 2)),
        (40, (4, 4, 3)),
    )
    @pytest.mark.slow
    def test_every_pixel_is_a_square_of_whole_pixels(self, columns, shape):
        images = _images(2, columns, *shape)
        names = [str(number) for number in range(columns)]
        figure = plate.images(
            images, rows=["a", "bb"], columns=names, title="A title"
        )
        made = _png(figure, self.folder)
        shown = figure.axes[0].images
        self.assertLen(shown, 2 * columns)
        start, (height, _) = (
            figure.axes[0].get_xlim()[0],
            figure.axes[0].get_ylim(),
        )
        self.assertEqual(made.shape[0], height)
        for image, drawn in zip(images.reshape(-1, *shape), shown, strict=True):
            left, right, bottom, top = map(int, drawn.get_extent())
            factor = (bottom - top) // shape[0]
            self.assertGreaterEqual(factor, 1)
            self.assertEqual(right - left, factor * shape[1])
            left, right = left - int(start), right - int(start)
            np.testing.assert_array_equal(
                made[top:bottom, left:right],
                pictures.to_rgb(image).repeat(factor, 0).repeat(factor, 1),
            )

    def test_no_label_is_cut_off_or_over_another(self):
        images = _images(3, 4, 16, 16, 3)
        figure = plate.images(
            images,
            rows=["a", "a long name of a row", "two\nlines"],
            columns=["x", "a very long name of a column", "two\nlines", "y"],
            groups=[("the first two rows of all", 2), ("the last one", 1)],
            title="A title that is a good deal longer than all of its columns "
            "are wide, so that the page grows around it, by as much as needed",
        )
        page = figure.bbox
        texts = [
            text.get_window_extent(figure.canvas.get_renderer())
            for text in figure.axes[0].texts
        ]
        self.assertLen(texts, 3 + 4 + 2 + 1)
        for number, box in enumerate(texts):
            self.assertBetween(box.x0, 0, page.width)
            self.assertBetween(box.x1, 0, page.width)
            self.assertBetween(box.y0, 0, page.height)
            self.assertBetween(box.y1, 0, page.height)
            for other in texts[:number]:
                self.assertFalse(box.overlaps(other))

    def test_images_are_labels_too_and_places_may_be_empty(self):
        images = _images(6, 16, 16, 3)
        figure = plate.images(
            [[images[0], None], [images[1]]],
            rows=images[2:4],
            columns=images[4:],
            corner="B\nA",
        )
        self.assertLen(figure.axes[0].images, 6)
        self.assertLen(figure.axes[0].texts, 1)

    def test_smaller_images_are_shown_at_the_size_of_the_largest(self):
        small, large = np.zeros((4, 4, 1), np.uint8), _images(32, 32, 3)
        figure = plate.images([[small, large]])
        sizes = [np.ptp(i.get_extent()[:2]) for i in figure.axes[0].images]
        self.assertEqual(sizes[0], sizes[1])

    @parameterized.parameters("png", "PDF")
    def test_the_same_figure_is_the_same_bytes(self, suffix):
        written = []
        for name in "ab":
            figure = plate.images(_images(2, 2, 8, 8, 3), rows=["ψ", "−1"])
            path = self.folder / f"{name}.{suffix}"
            plate.save(figure, path)
            written.append(path.read_bytes())
        self.assertEqual(*written)
        starts = {"png": b"\x89PNG", "PDF": b"%PDF"}
        self.assertEqual(written[0][:4], starts[suffix])
        self.assertLen([*self.folder.iterdir()], 2)

    def test_another_suffix_is_refused(self):
        figure = plate.blank(1, 1)
        with self.assertRaisesRegex(ValueError, ".png or .pdf. Received: x"):
            plate.save(figure, "x.jpg")

    def test_without_matplotlib_it_says_how_to_get_it(self):
        with mock.patch.dict(sys.modules, {"matplotlib": None}):
            with self.assertRaisesRegex(ImportError, r"stylegan_tf\[figures\]"):
                plate.images(_images(1, 1, 8, 8, 3))


if __name__ == "__main__":
    tf.test.main()
