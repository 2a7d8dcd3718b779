"""Uploads of every sort, and what a visitor sees of a projection."""

import io
import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators
from stylegan_tf.studio import looks, making, projecting, typed
from tests.helpers import exports


def _png(size, mode="RGB"):
    buffer = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(buffer, "PNG")
    return buffer.getvalue()


def _floats():
    buffer = io.BytesIO()
    Image.fromarray(np.full((8, 8), 0.5, np.float32)).save(buffer, "TIFF")
    return buffer.getvalue()


class ProjectingTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ((40, 20), "RGB", (16, 16, 3)),
        ((1, 1), "RGB", (16, 16, 3)),
        ((300, 300), "L", (16, 16, 3)),
        ((20, 20), "RGBA", (16, 16, 3)),
        ((20, 20), "RGB", (16, 16, 1)),
        ((20, 20), "RGB", (8, 16, 4)),
    )
    def test_an_upload_takes_the_networks_size(self, size, mode, shape):
        path = self.create_tempfile(content=_png(size, mode)).full_path
        made = projecting.target(path, shape)
        self.assertEqual((made.shape, made.dtype), (shape, np.uint8))

    @parameterized.parameters(
        (b"", "empty file"),
        (b"no image at all", r"not an image\.$"),
        (_png((64, 64))[:60], "damaged"),
        (_png((8000, 7000), "1"), "8000x7000 pixels"),
        (_floats(), "range is not known\\.$"),
    )
    def test_a_bad_upload_is_a_sentence(self, content, reason):
        path = pathlib.Path(self.create_tempdir().full_path, "upload.png")
        path.write_bytes(content)
        with self.assertRaisesRegex(typed.Mistake, reason):
            projecting.target(path, (16, 16, 3))

    @parameterized.parameters("", "/no/such/file.png")
    def test_no_upload_is_a_sentence(self, path):
        with self.assertRaisesRegex(typed.Mistake, "Give an image"):
            projecting.target(path, (16, 16, 3))

    @pytest.mark.slow
    def test_a_projection_is_watched_to_its_end(self):
        generator = generators.of_snapshot(exports.snapshot("skip"))
        network = making.network(generator)
        target = making.picture(network, making.styles(network, 5))
        work = projecting.Projecting(network)
        moments = [*work.run(target, steps=60, space="w+")]
        first, last = moments[0], moments[-1]
        self.assertEqual((last.step, last.steps), (60, 60))
        self.assertLen(last.distances, len(moments))
        self.assertLess(last.distances[-1], first.distances[0])
        again = making.picture(network, *last.found)
        difference = np.abs(again.astype(int) - last.image)
        self.assertLessEqual(difference.max(), 1)
        (other,) = work.run(target, steps=1, space="w+")
        self.assertEqual((other.step, other.steps), (1, 1))
        self.assertEqual(list(work._compiled), [("w+", None)])

    def test_progress_says_where_it_is(self):
        made = looks.progress(50, 200, [0.5, 0.25])
        self.assertIn("Step 50 of 200 · distance 0.250", made)
        self.assertIn('points="0.0,1.0 75.0,24.0"', made)
        self.assertNotIn("svg", looks.progress(0, 200, []))


if __name__ == "__main__":
    tf.test.main()
