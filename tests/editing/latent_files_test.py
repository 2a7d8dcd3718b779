"""Files of styles and noise: written, read, and refused in one line."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators
from stylegan_tf.editing import latent_files

_NETWORK = "tests/fixtures/quickstart"


class LatentFilesTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.generator = generators.open(_NETWORK)

    def setUp(self):
        super().setUp()
        self.path = pathlib.Path(self.create_tempdir().full_path) / "a.npz"

    def test_what_is_written_is_read_again(self):
        ws = np.random.RandomState(0).randn(3, 8, 128).astype(np.float32)
        noise = [
            np.full((3, *shape, 1), layer, np.float32)
            for layer, shape in enumerate(self.generator.noise_shapes)
        ]
        latent_files.write(self.path, ws, noise, steps=1000)
        found = latent_files.fitting(self.path, self.generator)
        self.assertAllEqual(found.ws, ws)
        self.assertLen(found.noise, len(noise))
        for a, b in zip(found.noise, noise, strict=True):
            self.assertAllEqual(a, b)
        latent_files.write(self.path, ws)
        self.assertEqual(latent_files.read(self.path).noise, "const")

    @parameterized.parameters(
        ("w", (2, 8, 128)), ("dlatents", (2, 8, 128)), ("w", (2, 1, 128)),
        ("ws", (2, 128)),
    )  # fmt: skip
    def test_official_files_and_w_for_all_layers(self, name, shape):
        ws = np.random.RandomState(0).randn(*shape).astype(np.float32)
        np.savez(self.path, **{name: ws})
        found = latent_files.fitting(self.path, self.generator).ws
        self.assertEqual(found.shape, (2, 8, 128))
        self.assertAllEqual(found[:, 0], ws.reshape(2, -1, 128)[:, 0])

    @parameterized.parameters(
        ({"ws": np.zeros([1, 18, 512])}, r"not of this network: .*8, 128"),
        ({"z": np.zeros([1, 128])}, "holds no styles: expected one of ws"),
        ({"ws": np.full([1, 8, 128], np.nan)}, "NaN or infinite"),
        (
            {"ws": np.zeros([1, 8, 128]), "noise_00": np.zeros([1, 4, 4, 1])},
            "The noise in .* is not of this network",
        ),
    )
    def test_other_files_are_refused(self, arrays, message):
        np.savez(self.path, **arrays)
        with self.assertRaisesRegex(ValueError, message):
            latent_files.fitting(self.path, self.generator)

    @parameterized.parameters(b"", b"no zip", b"PK\x03\x04 cut off")
    def test_what_is_no_npz_is_refused(self, content):
        self.path.write_bytes(content)
        message = "as an npz file of styles"
        with self.assertRaisesRegex(ValueError, message) as caught:
            latent_files.read(self.path)
        self.assertNotIn("pickle", str(caught.exception))

    def test_one_array_is_refused(self):
        with self.path.open("wb") as file:
            np.save(file, np.zeros([1, 8, 128]))
        with self.assertRaisesRegex(ValueError, "it is one array"):
            latent_files.read(self.path)


if __name__ == "__main__":
    tf.test.main()
