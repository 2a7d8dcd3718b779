"""Contrast is what instance normalisation takes away, and batch does not."""

import keras
import pytest
import tensorflow as tf

from stylegan_tf import images as images_lib
from stylegan_tf.data import pipeline, sources
from stylegan_tf.editing.toys import contrast


def _faces(count):
    source = sources.open_source("bundled")
    return pipeline.read(source, range(count), source.image_shape)[0]


class ContrastTest(tf.test.TestCase):
    def test_contrast_changes_deviations_and_no_mean(self):
        faces = images_lib.to_float(_faces(2))
        factors = [0.5, 0.1]
        found = contrast.with_contrasts(faces, factors)
        self.assertAllClose(found.mean((1, 2, 3)), faces.mean((1, 2, 3)))
        self.assertAllClose(
            found.std((1, 2, 3)), faces.std((1, 2, 3)) * factors
        )

    @pytest.mark.slow
    def test_only_instance_normalisation_does_not_see_it(self):
        face = images_lib.to_float(_faces(1))
        inputs = contrast.with_contrasts(face.repeat(2, 0), [1.0, 0.2])
        made = {}
        for norm in contrast.NORMS:
            keras.utils.set_random_seed(0)
            made[norm] = contrast.build(norm)(inputs).numpy()
        self.assertAllClose(*made["instance"], atol=0.02)
        self.assertNotAllClose(*made["batch"], atol=0.2)


@pytest.mark.slow
class TrainTest(tf.test.TestCase):
    def test_instance_normalisation_learns_faster(self):
        style = _faces(6)[5]
        losses = {}
        for norm in contrast.NORMS:
            _, losses[norm] = contrast.train(norm, style, steps=60)
        end = {norm: values[-20:].mean() for norm, values in losses.items()}
        self.assertLess(end["instance"], end["batch"])
        self.assertLess(end["batch"], losses["batch"][:5].mean() / 2)

    def test_the_same_seed_gives_the_same_losses(self):
        style = _faces(1)[0]
        (_, one), (_, other) = (
            contrast.train("batch", style, steps=2) for _ in range(2)
        )
        self.assertAllEqual(one, other)


if __name__ == "__main__":
    tf.test.main()
