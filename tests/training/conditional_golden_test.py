"""Whole conditional steps of the configs against the official losses.

What a step does with the labels that it is handed is the point: each loss
has a draw of its own, and whose labels D's fakes have is the generation's.
"""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import progan, stylegan, stylegan2
from stylegan_tf import config as config_lib
from stylegan_tf.networks import growth
from stylegan_tf.ops import scaling
from stylegan_tf.training import draws, inputs, state, step
from tests.helpers import official, progressive, support

pytestmark = pytest.mark.slow


class _Recorded:
    """Latents and noise of a golden file; labels are those handed in."""

    def __init__(self, arrays):
        self._arrays = arrays

    def generator_inputs(self, config, labels, purpose, position):
        lengths = purpose == draws.Purpose.PATH_LENGTH
        z = self._arrays["in/pl_z" if lengths else "in/z"]
        return official.draws(z, labels.numpy())

    def image_noise(self, config, count, purpose, position):
        return tf.constant(support.nhwc(self._arrays["in/pl_noise"]))

    def mixing_factors(self, config, count, purpose, position):
        names = "in/mixing_factors", "in/wgan_gp_mixing_factors"
        (name,) = (each for each in names if each in self._arrays)
        return tf.constant(self._arrays[name])


class ConditionalStepsTest(official.GoldenTest):
    def setUp(self):
        super().setUp()
        tf.config.run_functions_eagerly(True)

    def tearDown(self):
        tf.config.run_functions_eagerly(False)
        super().tearDown()

    def _run(self, case, recipe, **loss):
        """Reports and gradients of both steps, and the arrays.

        Args:
            case: Of the golden file.
            recipe: The config whose losses are used.
            **loss: Where the recorded losses differ from it.
        """
        arrays, meta = support.golden(case)
        if case.startswith("k3"):
            config = official.tensorflow_config(meta)
        else:
            config = progressive.config_of(case, meta)
        config.loss = recipe.loss
        config.loss.style_mixing_prob = 0.0
        for name, value in loss.items():
            setattr(config.loss, name, value)
        config.training.batch_size = 4
        config = config_lib.resolve(config)
        networks = official.networks(config, arrays, "tensorflow")
        train_state = state.create(config)
        train_state.generator, train_state.discriminator = networks
        self.gradients = {}
        for name in ("generator", "discriminator"):
            self._record(getattr(train_state, f"{name}_optimizer"), name)
        traced = step.traced(
            train_state, tf.distribute.get_strategy(), draw=_Recorded(arrays)
        )
        real_labels = tf.constant(arrays["in/real_c"])
        fake = inputs.given(
            config,
            inputs.FakeLabels(
                tf.constant(arrays["in/c"]),
                tf.constant(np.tile(arrays.get("in/pl_c", [[0]]), (2, 1))),
                tf.roll(real_labels, 1, axis=1),  # none is right
            ),
            real_labels,
        )
        alpha = tf.constant(1 - float(arrays.get("in/loss_lod", 0.0)))
        reals = _before_the_fade(support.nhwc(arrays["in/real"]), alpha)
        batch = inputs.Batch(reals, real_labels, fake)
        report = {}
        for update in itertools.chain(*step.of_iteration(config, 0)):
            report |= traced[update](
                batch, tf.constant(0, tf.int64), _stage(config, alpha)
            )
        return report, train_state, arrays

    def _record(self, optimizer, name):
        """Keeps what is applied, and leaves the weights alone."""
        self.gradients[name] = []
        optimizer.apply = self.gradients[name].append

    def test_stylegan2(self):
        case = "k3_tf1sg2_32_cond3_skip_resnet"
        recipe = stylegan2.get_config("f")
        report, train_state, arrays = self._run(case, recipe)
        g, d = "loss/G_logistic_ns_pathreg/", "loss/D_logistic_r1/"
        for name, key in (
            ("loss/generator", f"{g}loss"),
            ("path_length/length", f"{g}pl_lengths"),
            ("loss/discriminator", f"{d}loss"),
            ("penalty/r1", f"{d}gradient_penalty"),
        ):
            self.assert_near(report[name], arrays[key].mean(), 1e-5, key)
        for name, interval, keys in (
            ("generator", 4, ("Gmain", "Greg")),
            ("discriminator", 16, ("Dmain", "Dreg")),
        ):
            main, lazy = self.gradients[name]
            # The recorded R1 has a gamma of its own, the recipe's is 10.
            gamma = 10.0 / _gamma(case) if name == "discriminator" else 1.0
            lazy = [gradient / (interval * gamma) for gradient in lazy]
            for order, grads in enumerate((main, lazy), 1):
                self.assert_gradients(
                    getattr(train_state, name),
                    grads,
                    arrays,
                    f"grad/{keys[order - 1]}",
                    "tensorflow",
                    order=order,
                )

    @parameterized.parameters(
        ("f", {"r2_gamma": 3.0}, "logistic_nonsaturating", "logistic_simplegp"),
        ("celebahq", {}, "wgan", "wgan_gp"),
    )
    def test_stylegan(self, variant, loss, generator_key, discriminator_key):
        recipe = stylegan.get_config(variant)
        report, _, arrays = self._run("k4_sg1_32_cond3", recipe, **loss)
        self._assert_losses(
            report, arrays, f"G_{generator_key}", f"D_{discriminator_key}"
        )

    def test_progan(self):
        case = "k5_pgan_32_cond3_notfused"
        report, _, arrays = self._run(case, progan.get_config("v2"))
        self._assert_losses(report, arrays, "G_wgan_acgan", "D_wgangp_acgan")

    def _assert_losses(self, report, arrays, generator_key, discriminator_key):
        """The recorded losses hold penalties, with their weights."""
        expected = arrays[f"loss/{generator_key}"].mean()
        total = report["loss/generator"]
        total += report.get("loss/generator_labels", 0.0)
        self.assert_near(total, expected, 1e-5)
        total = report["loss/discriminator"]
        total += report.get("loss/discriminator_labels", 0.0)
        for name, weight in (("r1", 5.0), ("r2", 1.5), ("wgan_gp", 10.0)):
            total += weight * report.get(f"penalty/{name}", 0.0)
        expected = arrays[f"loss/{discriminator_key}"].mean()
        self.assert_near(total, expected, 1e-5)


def _before_the_fade(images, alpha):
    """What the step's fade of the reals turns into `images`."""
    blocks = scaling.upscale2d(scaling.downscale2d(images, 2), 2)
    return blocks + (images - blocks) / alpha


def _stage(config, alpha):
    if not config.is_progressive:
        return growth.GROWN
    return growth.Stage(config.resolution, alpha)


def _gamma(case):
    _, meta = support.golden(case)
    return float(meta["loss_note"].split("gamma=")[1].split(";")[0])


if __name__ == "__main__":
    tf.test.main()
