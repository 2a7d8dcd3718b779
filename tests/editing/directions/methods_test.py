"""Directions of made-up samples, conditioned and orthogonal."""

import types

import numpy as np
import tensorflow as tf

from stylegan_tf.editing.directions import methods

_LAYERS = (1, 4)


class ByScoresTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.w = np.random.RandomState(0).randn(4_000, 4) * [1, 2, 1, 1]
        self.smile = self.w[:, 1]

    def test_names_layers_and_spreads(self):
        scores = np.stack([self.smile, self.w[:, 0]], axis=1)
        smile, hat = methods.by_scores(
            self.w, scores, ("smile", "hat"), _LAYERS
        )
        self.assertEqual((smile.name, hat.name), ("smile", "hat"))
        self.assertEqual((smile.first, smile.last), _LAYERS)
        self.assertAllClose([smile.spread, hat.spread], [2, 1], rtol=0.05)

    def test_an_attribute_given_another_is_fitted_where_that_is_there(self):
        """Entry 2 makes a beard of men, entry 3 of others; 0 tells men."""
        is_man = self.w[:, 0] > 0
        beard = np.where(is_man, self.w[:, 2], self.w[:, 3])
        scores = np.stack([beard, self.w[:, 0]], axis=1)
        names = ("beard", "man")
        for wanted, entry in ((True, 2), (False, 3)):
            beard, man = methods.by_scores(
                self.w, scores, names, _LAYERS, given={"man": wanted}
            )
            self.assertGreater(beard.vector[entry], 0.99)
            self.assertGreater(man.vector[0], 0.99)  # of all images
            beard, _ = methods.made_orthogonal([beard, man], self.w, ["man"])
            self.assertAllClose(beard.vector @ man.vector, 0.0, atol=1e-12)
            spread = np.std(self.w @ beard.vector)
            self.assertAllClose(beard.spread, spread)

    def test_what_can_not_be_fitted_is_named(self):
        with self.assertRaisesRegex(ValueError, "hat: .* all alike"):
            methods.by_scores(self.w, np.ones([4_000, 1]), ("hat",), _LAYERS)

    def test_pca_of_z_is_refused(self):
        settings = types.SimpleNamespace(mapping_layers=0)
        config = types.SimpleNamespace(generator=settings)
        generator = types.SimpleNamespace(config=config)
        with self.assertRaisesRegex(ValueError, "no principal components"):
            methods.by_pca(generator, self.w, _LAYERS, 2)


if __name__ == "__main__":
    tf.test.main()
