"""tools.generate: every seed its image, however many there are."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

import stylegan_tf
from stylegan_tf import sampling
from tests.helpers import running

_NETWORK = "tests/fixtures/quickstart"


class GenerateTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("const", "random")
    def test_seeds_beyond_a_batch_are_those_of_one_pass(self, noise):
        seeds = list(range(sampling.BATCH_SIZE + 3))
        folder = pathlib.Path(self.create_tempdir().full_path)
        answer = running.run(
            "generate",
            f"--network={_NETWORK}",
            f"--seeds=0-{seeds[-1]}",
            f"--noise={noise}",
            f"--output={folder}",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        snapshot = stylegan_tf.load(_NETWORK)
        size = snapshot.config.generator.z_size
        inputs = noise
        if noise == "random":
            shapes = snapshot.ema_generator.synthesis.noise_shapes
            inputs = sampling.random_noise(seeds, shapes, size)
        sampler = sampling.Sampler(snapshot.ema_generator)
        expected = sampler(sampling.latents(seeds, size), None, inputs)
        for seed in seeds:
            made = np.asarray(Image.open(folder / f"seed{seed:04d}.png"))
            np.testing.assert_array_equal(made, expected[seed])


if __name__ == "__main__":
    tf.test.main()
