"""Losses and gradients against the official code."""

import functools
import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.training import gradients
from tests.helpers import official, support

pytestmark = pytest.mark.slow


class PhasesTest(official.GoldenTest):
    """The four phases of stylegan2-ada-pytorch, every gradient."""

    def _networks(self, case):
        config, arrays, meta, (generator, discriminator) = official.load_torch(
            case
        )
        networks = types.SimpleNamespace(
            generator=generator,
            discriminator=discriminator,
            pl_mean=tf.Variable(meta["pl_mean_initial"], trainable=False),
        )
        g_arrays = support.golden(f"{case}.G")[0]
        d_arrays = support.golden(f"{case}.D")[0]
        config = official.with_loss(config, meta)
        config.training.batch_size = 4
        return config, networks, g_arrays, d_arrays

    @parameterized.parameters(*official.TORCH_CASES)
    def test_generator(self, case):
        config, networks, arrays, _ = self._networks(case)
        inputs = official.draws(arrays["in/z"][:4], arrays["in/c"][:4])
        grads, report = gradients.generator_loss(networks, config, inputs)
        expected = arrays["loss/Gmain/Loss/G/loss"]
        self.assert_near(report["loss/generator"], expected.mean(), 1e-5)
        self.assert_gradients(
            networks.generator, grads, arrays, "grad/Gmain", "torch", order=1
        )
        decay = config.generator.w_avg_decay
        w_avg = networks.generator.mapping.w_avg * decay
        w_avg += report["w_mean"] * (1 - decay)
        self.assert_near(w_avg, arrays["loss/Gmain/w_avg_after"], 1e-5)

    @parameterized.parameters(*official.TORCH_CASES)
    def test_path_length(self, case):
        config, networks, arrays, _ = self._networks(case)
        inputs = official.draws(arrays["in/z"][:2], arrays["in/c"][:2])
        y = tf.constant(support.nhwc(arrays["in/pl_noise_full"][:2]))
        grads, report = gradients.path_length_penalty(
            networks,
            config,
            functools.partial(gradients.path_lengths, networks),
            inputs,
            y,
        )
        penalty = arrays["loss/Greg/Loss/pl_penalty"].mean()
        self.assert_near(report["path_length/penalty"], penalty, 1e-5)
        mean = arrays["loss/Greg/pl_mean_after"]
        self.assert_near(report["path_length/mean"], mean, 1e-5)
        self.assert_gradients(
            networks.generator, grads, arrays, "grad/Greg", "torch", order=2
        )

    @parameterized.parameters(*official.TORCH_CASES)
    def test_discriminator(self, case):
        config, networks, g_arrays, arrays = self._networks(case)
        inputs = official.draws(arrays["in/gen_z"][:4], arrays["in/gen_c"][:4])
        reals = tf.constant(support.nhwc(arrays["in/img"][:4]))
        fakes, _ = gradients.make_fakes(networks, inputs)
        labels = arrays["in/c"][:4]
        grads, report = gradients.discriminator_loss(
            networks, config, reals, labels, fakes, inputs.labels
        )
        for name, key in (
            ("loss/discriminator", "Loss/D/loss"),
            ("scores/real", "Loss/scores/real"),
            ("scores/fake", "Loss/scores/fake"),
        ):
            expected = arrays[f"loss/Dmain/{key}"]
            error = abs(float(report[name]) - expected.mean())
            self.assertLessEqual(error, 1e-5 * np.abs(expected).max(), name)
        self.assert_gradients(
            networks.discriminator,
            grads,
            arrays,
            "grad/Dmain",
            "torch",
            order=1,
        )

    @parameterized.parameters(*official.TORCH_CASES)
    def test_r1(self, case):
        config, networks, _, arrays = self._networks(case)
        reals = tf.constant(support.nhwc(arrays["in/img"][:4]))
        grads, report = gradients.discriminator_penalty(
            networks, config, reals, arrays["in/c"][:4]
        )
        expected = arrays["loss/Dreg/Loss/r1_penalty"].mean()
        self.assert_near(report["penalty/r1"], expected, 1e-5)
        self.assert_gradients(
            networks.discriminator, grads, arrays, "grad/Dreg", "torch", order=2
        )


class TensorflowPhasesTest(official.GoldenTest):
    """Losses of the TensorFlow 1 StyleGAN2, every gradient."""

    def _networks(self, case):
        arrays, meta = support.golden(case)
        config = official.tensorflow_config(meta)
        config.loss.g_reg_interval_steps = 1
        config.loss.d_reg_interval_steps = 1
        config.training.batch_size = 4
        note = meta["loss_note"]
        config.loss.r1_gamma = float(note.split("gamma=")[1].split(";")[0])
        generator, discriminator = official.networks(
            config, arrays, "tensorflow"
        )
        networks = types.SimpleNamespace(
            generator=generator,
            discriminator=discriminator,
            pl_mean=tf.Variable(0.0, trainable=False),
        )
        return config, networks, arrays

    @parameterized.parameters(*official.TENSORFLOW_CASES)
    def test_generator(self, case):
        config, networks, arrays = self._networks(case)
        prefix = "loss/G_logistic_ns_pathreg/"
        inputs = official.draws(arrays["in/z"], arrays["in/c"])
        grads, report = gradients.generator_loss(networks, config, inputs)
        expected = arrays[prefix + "loss"].mean()
        self.assert_near(report["loss/generator"], expected, 1e-5)
        self.assert_gradients(
            networks.generator,
            grads,
            arrays,
            "grad/Gmain",
            "tensorflow",
            order=1,
        )
        inputs = official.draws(arrays["in/pl_z"], arrays["in/pl_c"])
        y = tf.constant(support.nhwc(arrays["in/pl_noise"]))
        grads, report = gradients.path_length_penalty(
            networks,
            config,
            functools.partial(gradients.path_lengths, networks),
            inputs,
            y,
        )
        for name, key in (
            ("path_length/length", "pl_lengths"),
            ("path_length/penalty", "pl_penalty"),
        ):
            expected = arrays[prefix + key].mean()
            self.assert_near(report[name], expected, 1e-5, key)
        self.assert_gradients(
            networks.generator,
            grads,
            arrays,
            "grad/Greg",
            "tensorflow",
            order=2,
        )

    @parameterized.parameters(*official.TENSORFLOW_CASES)
    def test_discriminator(self, case):
        config, networks, arrays = self._networks(case)
        prefix = "loss/D_logistic_r1/"
        inputs = official.draws(arrays["in/z"], arrays["in/real_c"])
        reals = tf.constant(support.nhwc(arrays["in/real"]))
        labels = arrays["in/real_c"]
        fakes, _ = gradients.make_fakes(networks, inputs)
        grads, report = gradients.discriminator_loss(
            networks, config, reals, labels, fakes, inputs.labels
        )
        expected = arrays[prefix + "loss"].mean()
        self.assert_near(report["loss/discriminator"], expected, 1e-5)
        self.assert_gradients(
            networks.discriminator,
            grads,
            arrays,
            "grad/Dmain",
            "tensorflow",
            order=1,
        )
        grads, report = gradients.discriminator_penalty(
            networks, config, reals, labels
        )
        expected = arrays[prefix + "gradient_penalty"].mean()
        self.assert_near(report["penalty/r1"], expected, 1e-5)
        self.assert_gradients(
            networks.discriminator,
            grads,
            arrays,
            "grad/Dreg",
            "tensorflow",
            order=2,
        )


if __name__ == "__main__":
    tf.test.main()
