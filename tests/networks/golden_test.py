"""StyleGAN2 against the official networks: images, scores, gradients."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import losses
from stylegan_tf.interop import weights
from tests.helpers import official, support


class TorchTest(official.GoldenTest):
    @parameterized.parameters(*official.TORCH_CASES)
    @pytest.mark.slow
    def test_generator_outputs(self, case):
        config, arrays, meta, (generator, discriminator) = official.load_torch(
            case
        )
        z, labels = arrays["in/z"], arrays["in/c"]
        ws = generator.map(z, labels)
        self.assert_near(ws, arrays["out/ws_psi1"], 1e-5)
        half = generator.map(z, labels, truncation_psi=0.5)
        self.assert_near(half, arrays["out/ws_psi0.5"], 1e-5)
        cut = generator.map(
            z,
            labels,
            truncation_psi=0.5,
            truncation_cutoff=meta["truncation_cutoff"],
        )
        self.assert_near(cut, arrays["out/ws_psi0.5_cutoff3"], 1e-5)
        for key, styles, noise in (
            ("out/img_psi1_const", ws, "const"),
            ("out/img_psi0.5_const", half, "const"),
            ("out/img_psi1_none", ws, "none"),
        ):
            images = generator.synthesize(styles, noise=noise)
            self.assert_near(images, support.nhwc(arrays[key]), 1e-5, key)
        images = generator(z, labels)
        self.assert_near(
            discriminator(images, labels),
            arrays["out/D_logits_of_img_psi1"],
            1e-5,
        )

    @parameterized.parameters(*official.TORCH_CASES)
    @pytest.mark.slow
    def test_intermediate_features_and_images(self, case):
        config, arrays, _, (generator, discriminator) = official.load_torch(
            case
        )
        blocks = generator.synthesis.blocks
        outputs = generator.synthesis.outputs(arrays["out/ws_psi1"])
        for block, (x, image) in zip(blocks, outputs, strict=True):
            for suffix, value in (("x", x), ("img", image)):
                key = f"out/block/{block.name}.{suffix}"
                # The last x is not used; D's file has keys of its own.
                if value is not None and key in arrays and key in _keys(case):
                    expected = support.nhwc(arrays[key])
                    self.assert_near(value, expected, 1e-5, key)
        images = support.nhwc(arrays["in/img"])
        d_arrays, _ = support.golden(f"{case}.D")
        blocks = [*discriminator.blocks, discriminator.epilogue]
        outputs = discriminator.outputs(images)
        for block, (x, _) in zip(blocks, outputs, strict=True):
            key = f"out/block/{block.name}.x"
            if key in d_arrays:
                expected = support.nhwc(d_arrays[key])
                self.assert_near(x, expected, 1e-5, key)
        # The epilogue alone, before the labels' projection.
        if config.label_size == 0:
            self.assert_near(x, d_arrays["out/block/b4.out"], 1e-5)

    @parameterized.parameters(*official.TORCH_CASES)
    @pytest.mark.slow
    def test_scores_r1_and_path_lengths(self, case):
        _, arrays, _, (generator, discriminator) = official.load_torch(case)
        images = tf.constant(support.nhwc(arrays["in/img"]))
        labels = support.golden(f"{case}.D")[0]["in/c"]
        with tf.GradientTape() as tape:
            tape.watch(images)
            scores = discriminator(images, labels)
        self.assert_near(scores, arrays["out/logits"], 1e-5)
        gradient = tape.gradient(scores, images)
        expected = support.nhwc(arrays["out/r1_grad"])
        self.assert_near(gradient, expected, 1e-4)
        norms = losses.squared_gradient_norm(
            lambda images: discriminator(images, labels), images
        )
        self.assert_near(norms, arrays["out/r1_sqnorm"], 1e-5)
        lengths = losses.path_lengths(
            generator.synthesize,
            tf.constant(arrays["out/ws_psi1"]),
            tf.constant(support.nhwc(arrays["in/pl_noise_full"])),
        )
        self.assert_near(lengths, arrays["out/pl_lengths"], 1e-4)


def _keys(case):
    return support.golden(f"{case}.G")[0]


class TensorflowTest(official.GoldenTest):
    @parameterized.parameters(*official.TENSORFLOW_CASES)
    @pytest.mark.slow
    def test_outputs(self, case):
        arrays, meta = support.golden(case)
        config = official.tensorflow_config(meta)
        generator, discriminator = official.networks(
            config, arrays, "tensorflow"
        )
        z, labels = arrays["in/z"], arrays["in/c"]
        ws = generator.map(z, labels)
        self.assert_near(ws, arrays["out/dlatents_psi1"], 1e-5)
        for key, psi, cutoff in (
            ("out/img_psi1", 1.0, None),
            ("out/img_psi0.5", 0.5, None),
            ("out/img_psi0.5_cutoff3", 0.5, 3),
        ):
            images = generator(
                z, labels, truncation_psi=psi, truncation_cutoff=cutoff
            )
            self.assert_near(images, support.nhwc(arrays[key]), 1e-5, key)
        fakes = generator(z, labels)
        scores = discriminator(fakes, labels)
        self.assert_near(scores, arrays["out/logits_fake"], 1e-5)
        reals = support.nhwc(arrays["in/real"])
        scores = discriminator(reals, arrays["in/real_c"])
        self.assert_near(scores, arrays["out/logits_real"], 1e-5)


class RoundTripTest(official.GoldenTest):
    @parameterized.parameters(
        ("k1_sg2_32_cond3_skip_resnet", "torch"),
        ("k3_tf1sg2_32_cond3_skip_resnet", "tensorflow"),
    )
    @pytest.mark.slow
    def test_official_arrays_come_back_unchanged(self, case, convention):
        if convention == "torch":
            _, arrays, _, pair = official.load_torch(case)
        else:
            arrays, meta = support.golden(case)
            config = official.tensorflow_config(meta)
            pair = official.networks(config, arrays, convention)
        for network, prefix in zip(pair, ("G/", "D/"), strict=True):
            exported = weights.arrays(network, convention)
            self.assertNotEmpty(exported)
            for name, array in exported.items():
                np.testing.assert_allclose(
                    array, arrays[prefix + name], atol=1e-6
                )


if __name__ == "__main__":
    tf.test.main()
