"""PCA of W against NumPy's singular values."""

import numpy as np
import tensorflow as tf

from stylegan_tf.editing.directions import pca


class ComponentsTest(tf.test.TestCase):
    def test_they_are_those_of_the_singular_values(self):
        w = np.random.RandomState(0).randn(200, 6) * [1, 5, 2, 4, 3, 0.5]
        w = w + 7.0  # the mean is no direction
        found, fractions = pca.components(w, 4)
        _, sizes, axes = np.linalg.svd(w - w.mean(axis=0), full_matrices=False)
        self.assertAllClose(np.abs(found @ axes[:4].T), np.eye(4), atol=1e-9)
        self.assertAllClose(fractions, (sizes**2 / np.sum(sizes**2))[:4])
        self.assertAllClose(found @ found.T, np.eye(4), atol=1e-12)
        self.assertEqual(np.argmax(np.abs(found[0])), 1)
        self.assertAllGreater(found.max(axis=1) + found.min(axis=1), 0)


if __name__ == "__main__":
    tf.test.main()
