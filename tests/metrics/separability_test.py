"""Linear separability: golden, known answers, bounds."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized
from sklearn import svm

from stylegan_tf.metrics import separability
from tests.helpers import support


class SeparabilityTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(("z", "ls_latents"), ("w", "ls_dlatents"))
    def test_it_is_that_of_the_official_code(self, space, name):
        arrays, _ = support.golden("k8_metrics")
        logits = [arrays[f"in/ls_logits{each}"] for each in range(3)]
        found = separability.from_logits(
            arrays[f"in/{name}"], np.concatenate(logits, axis=1), keep=0.5
        )
        for family in ("sg1", "sg2"):
            expected = float(arrays[f"f64/out/ls_{family}_{space}"])
            self.assertAllClose(found, expected, rtol=1e-4, atol=0)

    @parameterized.product(attribute=(0, 1, 2), is_w=(False, True))
    def test_the_planes_are_those_of_the_official_code(self, attribute, is_w):
        arrays, _ = support.golden("k8_metrics")
        latents = arrays["in/ls_dlatents" if is_w else "in/ls_latents"]
        logits = arrays[f"in/ls_logits{attribute}"][:, 0]
        kept = separability.most_confident(logits, 200)
        found = separability.predictions(latents[kept], logits[kept] >= 0)
        # The official runs are numbered z and w of attribute 0, of 1, of 2;
        # their class 0 is the attribute's presence.
        expected = arrays[f"out/ls_svm_pred_attr{2 * attribute + is_w}_z"] == 0
        self.assertAllEqual(found, expected)

    def test_the_planes_are_those_of_the_library_s_defaults(self):
        """Official code calls LinearSVC(); ours has a seed beside."""
        random = np.random.RandomState(0)
        latents = random.standard_normal((1000, 32))
        noise = 8 * random.standard_normal(1000)
        is_there = latents @ random.standard_normal(32) + noise > 0
        found = separability.predictions(latents, is_there)
        defaults = svm.LinearSVC()
        expected = defaults.fit(latents, is_there).predict(latents)
        self.assertAllEqual(found, expected)
        self.assertAllInRange(np.mean(found == is_there), 0.6, 0.9)
        ours = separability.linear_svm().get_params()
        self.assertEqual(ours.pop("random_state"), 0)
        self.assertContainsSubset(ours.items(), defaults.get_params().items())

    @parameterized.parameters(0, 1, 2, 3)
    def test_entropies_of_tables_are_those_of_the_official_code(self, case):
        arrays, _ = support.golden("k8_metrics")
        found = separability.conditional_entropy(arrays[f"in/ce_p{case}"])
        expected = float(arrays[f"f64/out/ce_{case}"])
        self.assertAllClose(found, expected, rtol=1e-6, atol=1e-7)

    def test_attributes_on_planes_are_separable(self):
        latents = support.normal(400, 6)
        planes = support.normal(6, 5, seed=1)
        logits = latents @ planes
        distances = np.abs(logits) / np.linalg.norm(planes, axis=0)
        far = np.all(distances > 0.1, axis=1)
        self.assertGreater(far.sum(), 200)
        found = separability.from_logits(latents[far], logits[far])
        self.assertEqual(found, 1.0)

    def test_attributes_of_nothing_reach_the_bound_of_the_entropy(self):
        """In the corners of a square, opposite ones alike: no plane helps."""
        corners = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]], float)
        latents = np.tile(corners, (50, 1))
        logits = np.tile([[3.0], [3.0], [-3.0], [-3.0]], (50, 1))
        found = separability.from_logits(latents, logits)
        self.assertAllClose(found, 2.0, rtol=1e-6)
        logits = np.repeat(logits, 3, axis=1)
        found = separability.from_logits(latents, logits)
        self.assertAllClose(found, 8.0, rtol=1e-6)

    def test_the_entropy_of_the_attributes_is_a_bound(self):
        random = np.random.RandomState(0)
        latents = random.standard_normal((3000, 4))
        chances = (0.5, 0.2, 0.05)
        logits = np.where(random.uniform(size=(3000, 3)) < chances, 1.0, -1.0)
        share = np.mean(logits > 0, axis=0)
        entropy = -share * np.log2(share) - (1 - share) * np.log2(1 - share)
        found = separability.entropies(latents, logits)
        self.assertAllLessEqual(found - entropy, 1e-9)
        self.assertAllClose(found, entropy, rtol=0.02)

    def test_the_least_confident_may_be_left_out(self):
        random = np.random.RandomState(0)
        latents = random.standard_normal((600, 4))
        sure = latents[:, :1]
        unsure = np.where(
            np.abs(sure) > np.median(np.abs(sure)),
            sure,
            1e-3 * random.standard_normal((600, 1)),
        )
        self.assertGreater(separability.from_logits(latents, unsure), 1.3)
        found = separability.from_logits(latents, unsure, keep=0.5)
        self.assertEqual(found, 1.0)

    def test_an_attribute_of_all_or_none_counts_as_told(self):
        logits = np.concatenate([np.ones((20, 1)), -np.ones((20, 1))], axis=1)
        found = separability.from_logits(support.normal(20, 4), logits)
        self.assertEqual(found, 1.0)

    def test_bad_arguments_are_refused(self):
        z, logits = support.normal(6, 3), np.ones((6, 2))
        with self.assertRaisesRegex(ValueError, r"\(6, 3\) and \(5, 2\)"):
            separability.from_logits(z, logits[:5])
        with self.assertRaisesRegex(ValueError, "keep=0"):
            separability.from_logits(z, logits, keep=0)
        with self.assertRaisesRegex(ValueError, "finite"):
            separability.from_logits(z, logits * np.nan)


if __name__ == "__main__":
    tf.test.main()
