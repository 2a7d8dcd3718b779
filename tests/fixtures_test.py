"""The trained network in tests/fixtures makes faces."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

import stylegan_tf
from stylegan_tf import generators
from stylegan_tf.data import pipeline, sources

_FIXTURE = pathlib.Path(__file__).parent / "fixtures" / "quickstart"


class FixtureTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_images_are_closer_to_faces_than_noise_is(self):
        snapshot = stylegan_tf.load(_FIXTURE)
        self.assertIsNone(snapshot.discriminator)
        fakes = generators.of_snapshot(snapshot).samples(range(64))
        reals, _ = pipeline.fixed_batch(
            sources.open_source("bundled"),
            64,
            image_shape=snapshot.config.image_shape,
            label_size=0,
        )
        mean_face = reals.mean(axis=0).ravel()
        likeness = np.corrcoef(mean_face, fakes.mean(axis=0).ravel())[0, 1]
        noise = np.random.RandomState(0).randint(0, 256, fakes.shape)
        chance = np.corrcoef(mean_face, noise.mean(axis=0).ravel())[0, 1]
        self.assertGreater(likeness, 0.8)
        self.assertLess(abs(chance), 0.1)
        self.assertGreater(np.std(fakes, axis=0).mean(), 20)


if __name__ == "__main__":
    tf.test.main()
