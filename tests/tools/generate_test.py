"""tools.generate: every seed its image, however many there are."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators, latents
from tests.helpers import running

_NETWORK = "tests/fixtures/quickstart"


class GenerateTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("const", "random")
    @pytest.mark.slow
    def test_seeds_beyond_a_batch_are_those_of_one_pass(self, noise):
        seeds = list(range(generators.BATCH_SIZE + 3))
        folder = pathlib.Path(self.create_tempdir().full_path)
        answer = running.run(
            "generate",
            f"--network={_NETWORK}",
            f"--seeds=0-{seeds[-1]}",
            f"--noise={noise}",
            f"--output={folder}",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        generator = generators.open(_NETWORK)
        inputs = noise
        if noise == "random":
            inputs = latents.noise_of_seeds(
                seeds,
                generator.noise_shapes,
                generator.config.generator.z_size,
            )
        ws = generator.map(generator.latents(seeds))
        expected = generator.images(ws, inputs)
        for seed in seeds:
            made = np.asarray(Image.open(folder / f"seed{seed:04d}.png"))
            np.testing.assert_array_equal(made, expected[seed])


if __name__ == "__main__":
    tf.test.main()
