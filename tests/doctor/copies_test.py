"""Copies are found, exact and changed ones, and different images are not."""

import io
from unittest import mock

import numpy as np
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image, ImageEnhance

from stylegan_tf import images
from stylegan_tf.data import source as source_lib
from stylegan_tf.data import sources
from stylegan_tf.doctor import copies, scan


def _resized(image, share):
    width, height = (round(share * side) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _jpeg(image, quality):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


CHANGES = {
    "enlarged": lambda image: _resized(image, 1.5),
    "shrunk": lambda image: _resized(image, 0.75),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.05),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.9),
    "contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.1),
    "jpeg": lambda image: _jpeg(image, 90),
}


def _look(found):
    return scan.look(source_lib.of_arrays("made", found))


class CopiesTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bundled = sources.open_source("bundled")
        cls.faces = [bundled.image(index) for index in range(300)]

    def test_exact_copies_point_to_the_first(self):
        a, b, c = self.faces[:3]
        self.assertAllEqual(
            copies.exact(_look([a, b, a, c, b, a])), [0, 1, 0, 3, 1, 0]
        )

    def test_different_drawings_are_no_copies(self):
        look = _look(self.faces)
        rows = np.arange(len(self.faces))
        self.assertAllEqual(copies.exact(look), rows)
        self.assertAllEqual(copies.near(look, rows), rows)

    @parameterized.parameters(*CHANGES)
    def test_changed_copies_are_found(self, change):
        # JPEG blurs a drawing of 32 pixels beyond recognition.
        scale = 4 if change == "jpeg" else 1
        faces = [
            np.asarray(_resized(images.to_pil(face), scale))
            for face in self.faces[:60]
        ]
        changed = [
            np.asarray(CHANGES[change](images.to_pil(face))) for face in faces
        ]
        look = _look(faces + changed)
        near = copies.near(look, copies.exact(look))
        self.assertAllEqual(near[:60], np.arange(60))
        self.assertGreaterEqual(np.mean(near[60:] == np.arange(60)), 0.95)

    def test_blocks_of_rows_find_what_one_block_finds(self):
        changed = [CHANGES["darker"](images.to_pil(f)) for f in self.faces[:9]]
        twice = [CHANGES["shrunk"](image) for image in changed]
        look = _look(self.faces[:20] + [np.asarray(i) for i in changed + twice])
        first = copies.exact(look)
        whole, seen = copies.near(look, first), []
        self.assertAllEqual(whole[20:], [*range(9), *range(9)])
        with mock.patch.object(copies, "_ROWS", 4):
            self.assertAllEqual(copies.near(look, first, seen.append), whole)
        self.assertEqual(sum(seen), copies.count(first))

    def test_exact_copies_are_no_near_ones(self):
        a = self.faces[0]
        darker = np.asarray(CHANGES["darker"](images.to_pil(a)))
        look = _look([a, a, darker, a])
        first = copies.exact(look)
        self.assertAllEqual(copies.near(look, first), [0, 1, 0, 3])


if __name__ == "__main__":
    tf.test.main()
