"""Progressive networks against the official ones: images and scores."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import weights
from tests.helpers import official, progressive, support

pytestmark = pytest.mark.slow

_LODS = (0.0, 0.5, 1.0, 1.3, 2.0, 2.75, 3.0)


class ProgressiveTest(official.GoldenTest):
    """What all three families have in common."""

    def assert_stages(self, case, find_image, find_scores, find_reals):
        """Compares every lod of a case and returns those there were."""
        config, arrays, _, (generator, discriminator) = progressive.load(case)
        z, labels = arrays["in/z"], arrays["in/c"]
        reals = support.nhwc(arrays["in/real"])
        compared = []
        for lod in _LODS:
            if find_image(lod) not in arrays:
                continue
            stage = progressive.stage(config, lod)
            images = generator(z, labels, **stage)
            self.assertEqual(images.shape[1], stage["resolution"])
            self.assert_near(
                progressive.enlarge(images, lod),
                support.nhwc(arrays[find_image(lod)]),
                1e-5,
                find_image(lod),
            )
            scores = discriminator(
                progressive.shrink(reals, lod), arrays["in/real_c"], **stage
            )
            expected = arrays[find_reals(lod)]
            self.assert_near(scores, expected, 1e-5, find_reals(lod))
            if find_scores(lod) in arrays:
                scores = discriminator(images, labels, **stage)
                expected = arrays[find_scores(lod)]
                self.assert_near(scores, expected, 1e-5, find_scores(lod))
            compared.append(lod)
        return compared


class StyleganTest(ProgressiveTest):
    @parameterized.parameters(*progressive.STYLEGAN_CASES)
    def test_every_stage(self, case):
        compared = self.assert_stages(
            case,
            find_image=lambda lod: f"out/lod{lod:g}/img",
            find_scores=lambda lod: f"out/lod{lod:g}/logits_fake",
            find_reals=lambda lod: f"out/lod{lod:g}/logits_real",
        )
        _, meta = support.golden(case)
        self.assertEqual(compared, meta["lods"])

    @parameterized.parameters(*progressive.STYLEGAN_CASES)
    def test_grown_networks(self, case):
        _, arrays, _, (generator, discriminator) = progressive.load(case)
        z, labels = arrays["in/z"], arrays["in/c"]
        ws = generator.map(z, labels)
        self.assert_near(ws, arrays["out/dlatents"], 1e-5)
        for key, psi, cutoff in (
            ("out/img_psi1", 1.0, None),
            ("out/img_psi0.7_cutoff8", 0.7, 8),
            ("out/img_psi0.5_cutoff3", 0.5, 3),
        ):
            images = generator(
                z, labels, truncation_psi=psi, truncation_cutoff=cutoff
            )
            self.assert_near(images, support.nhwc(arrays[key]), 1e-5, key)
        images = generator.synthesize(ws)
        for key in ("out/img_of_dlatents", "out/fixed/img"):
            self.assert_near(images, support.nhwc(arrays[key]), 1e-5, key)
        scores = discriminator(images, labels)
        self.assert_near(scores, arrays["out/logits_fake"], 1e-5)

    @parameterized.parameters(*progressive.STYLEGAN_CASES)
    def test_gradient_at_real_images(self, case):
        _, arrays, _, (_, discriminator) = progressive.load(case)
        reals = tf.constant(support.nhwc(arrays["in/real"]))
        with tf.GradientTape() as tape:
            tape.watch(reals)
            scores = discriminator(reals, arrays["in/real_c"])
        for key in ("out/logits_real", "out/fixed/logits_real"):
            self.assert_near(scores, arrays[key], 1e-5, key)
        gradient = tape.gradient(scores, reals)
        expected = support.nhwc(arrays["out/r1_grad"])
        self.assert_near(gradient, expected, 1e-4)


class ProganTest(ProgressiveTest):
    @parameterized.parameters(*progressive.PROGAN_CASES)
    def test_every_stage(self, case):
        compared = self.assert_stages(
            case,
            find_image=lambda lod: f"out/lod{lod:g}/img",
            find_scores=lambda lod: f"out/lod{lod:g}/scores_fake",
            find_reals=lambda lod: f"out/lod{lod:g}/scores_real",
        )
        _, meta = support.golden(case)
        self.assertEqual(compared, meta["lods"])

    def test_label_logits(self):
        case = "k5_pgan_32_cond3_notfused"
        config, arrays, meta, (generator, discriminator) = progressive.load(
            case
        )
        reals = support.nhwc(arrays["in/real"])
        for lod in meta["lods"]:
            stage = progressive.stage(config, lod)
            fakes = generator(arrays["in/z"], arrays["in/c"], **stage)
            for key, images in (
                ("labels_real", progressive.shrink(reals, lod)),
                ("labels_fake", fakes),
            ):
                _, logits = discriminator.scores_and_logits(images, **stage)
                expected = arrays[f"out/lod{lod:g}/{key}"]
                self.assert_near(logits, expected, 1e-5, key)


class RevisedTest(ProgressiveTest):
    """The networks of StyleGAN2's configs B-D."""

    @parameterized.parameters("linear", "recursive")
    def test_every_stage(self, structure):
        compared = self.assert_stages(
            progressive.REVISED_CASE,
            find_image=lambda lod: f"out/lod{lod:g}/{structure}/img",
            find_scores=lambda lod: f"out/lod{lod:g}/{structure}/logits_fake",
            find_reals=lambda lod: f"out/lod{lod:g}/{structure}/logits_real",
        )
        self.assertEqual(compared, [0.0, 0.5, 1.0, 1.3, 2.0, 2.75])

    def test_grown_networks(self):
        _, arrays, _, (generator, discriminator) = progressive.load(
            progressive.REVISED_CASE
        )
        z = arrays["in/z"]
        ws = generator.map(z)
        self.assert_near(ws, arrays["out/dlatents_psi1"], 1e-5)
        for key, psi, cutoff in (
            ("out/img_psi1", 1.0, None),
            ("out/img_psi0.5", 0.5, None),
            ("out/img_psi0.5_cutoff3", 0.5, 3),
        ):
            images = generator(z, truncation_psi=psi, truncation_cutoff=cutoff)
            self.assert_near(images, support.nhwc(arrays[key]), 1e-5, key)
        images = generator.synthesize(ws)
        for key in ("out/img_of_dlatents_psi1", "out/fixed/img"):
            self.assert_near(images, support.nhwc(arrays[key]), 1e-5, key)
        scores = discriminator(images)
        self.assert_near(scores, arrays["out/logits_fake"], 1e-5)


class RoundTripTest(official.GoldenTest):
    @parameterized.parameters(
        *progressive.STYLEGAN_CASES,
        *progressive.PROGAN_CASES,
        progressive.REVISED_CASE,
    )
    def test_official_arrays_come_back_unchanged(self, case):
        _, arrays, _, pair = progressive.load(case)
        for network, prefix in zip(pair, ("G/", "D/"), strict=True):
            exported = weights.arrays(network, "tensorflow")
            recorded = {
                key.removeprefix(prefix)
                for key in arrays
                if key.startswith(prefix) and not key.endswith("lod")
            }
            self.assertEqual(set(exported), recorded)
            for name, array in exported.items():
                np.testing.assert_allclose(
                    array, arrays[prefix + name], atol=1e-6
                )


if __name__ == "__main__":
    tf.test.main()
