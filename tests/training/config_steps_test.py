"""Every variant of every config takes steps, ProGAN with labels too."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import progan, quickstart, stylegan, stylegan2
from stylegan_tf import config as config_lib
from stylegan_tf.networks import growth
from stylegan_tf.training import growing, state, step
from tests.helpers import batches

_LSUN = ("bedroom", "car", "cat", "church", "horse")
_VARIANTS = [
    (module, variant)
    for module in (progan, stylegan, stylegan2)
    for variant in module.VARIANTS
    if not variant.endswith(_LSUN)  # other sizes and lengths, the same steps
]
_BATCH = 4


def _config(module, variant, **fields):
    """A variant at 8x8, narrow; a progressive one fades in from 4x4."""
    config = module.get_config(variant)
    config.resolution = 8
    for network in (config.generator, config.discriminator):
        network.channel_base, network.channel_max = 64, 8
    config.discriminator.minibatch_group_size = 4
    config.generator.z_size = config.generator.w_size = 12
    config.generator.mapping_layers = min(config.generator.mapping_layers, 2)
    if config.is_progressive:
        config.growing.initial_resolution = 4
    config.growing.batch_sizes = config.growing.images_at_once = ""
    config.training.batch_size = _BATCH
    config.training.max_batch_per_replica = 0
    for name, value in fields.items():
        setattr(config, name, value)
    return config_lib.resolve(config)


def _reports(config, train_state, *, iterations=2, jit_compile=False):
    """Scalars of iterations amid the fade, or of any, per iteration."""
    middle = round(1000 * config.growing.stabilise_kimg)
    middle += round(500 * config.growing.fade_kimg)
    at_middle = growing.config_at(config, middle)
    traced = step.traced(
        train_state,
        tf.distribute.get_strategy(),
        config=at_middle,
        jit_compile=jit_compile,
    )
    random = np.random.RandomState(0)
    pixels = random.randint(0, 256, (_BATCH, *at_middle.image_shape))
    labels = tf.one_hot([0, 1, 2, 0], config.label_size)
    batch = batches.of(tf.constant(pixels, tf.uint8), labels)
    stage = growing.shown(config, middle)
    if not growth.is_grown(stage.alpha):
        stage = stage._replace(alpha=tf.constant(stage.alpha))
    for made in range(iterations):
        where = tf.constant(middle + made * _BATCH, tf.int64), stage
        report = {}
        for update in itertools.chain(*step.of_iteration(config, 0)):
            report |= traced[update](batch, *where)
        traced[step.update_average](tf.constant(0.9))
        yield report


@pytest.mark.slow
class ConfigStepsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        tf.config.run_functions_eagerly(True)  # no trace is faster here

    def tearDown(self):
        tf.config.run_functions_eagerly(False)
        super().tearDown()

    def assert_takes_steps(self, config):
        train_state = state.create(config)
        networks = train_state.generator, train_state.discriminator
        before = [network.get_weights() for network in networks]
        for report in _reports(config, train_state):
            for name, value in report.items():
                self.assertTrue(np.isfinite(value), name)
        for network, old in zip(networks, before, strict=True):
            kernels = [v for v in network.trainable_weights if v.ndim > 1]
            unchanged = [
                weight.path
                for weight, value in zip(network.weights, old, strict=True)
                if np.array_equal(weight, value)
            ]
            self.assertEmpty({v.path for v in kernels} & set(unchanged))
        return report

    @parameterized.parameters(*_VARIANTS)
    def test_takes_steps(self, module, variant):
        report = self.assert_takes_steps(_config(module, variant))
        penalty = "wgan_gp" if "penalty/wgan_gp" in report else "r1"
        self.assertGreater(report[f"penalty/{penalty}"], 0)
        is_regularised = module is stylegan2 and variant[0] not in "abc"
        self.assertEqual("path_length/length" in report, is_regularised)

    @parameterized.parameters((progan, "v1"), (stylegan, "f"), (stylegan2, "b"))
    def test_takes_steps_with_labels(self, module, variant):
        config = _config(module, variant, label_size=3)
        self.assert_takes_steps(config)

    @parameterized.parameters(
        (progan, "v2", 0.0), (progan, "v2", 1.0), (quickstart, "classes", 1.0)
    )
    def test_label_losses_reach_both_networks(self, module, variant, weight):
        """AC-GAN: with its weight at 0 the label logits are not trained."""
        config = _config(module, variant, label_size=3)
        config.loss.acgan_weight = weight
        train_state = state.create(config)
        out = train_state.discriminator.epilogue.out
        before = np.array(out.kernel)
        (report,) = _reports(config, train_state, iterations=1)
        moved = np.array(out.kernel) != before
        units = train_state.discriminator.score_units
        self.assertTrue(moved[:, :units].any(axis=0).all())
        self.assertEqual(moved[:, units:].any(), weight > 0)
        for network in ("generator", "discriminator"):
            found = report.get(f"loss/{network}_labels", 0.0)
            # Cross entropy of three classes, from logits near zero.
            self.assertEqual(found > 0.2, weight > 0)


@pytest.mark.slow
class CompiledTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (progan, "v1"),
        (stylegan, "f"),
        (stylegan2, "d"),  # grows
        (stylegan2, "f"),
        (stylegan2, "f", {"architecture": "msg"}),
    )
    def test_xla_computes_the_same(self, module, variant, networks=None):
        """Of families that grow, amid a fade; both updates, regularised."""
        config = _config(module, variant)
        for name, value in (networks or {}).items():
            setattr(config.generator, name, value)
            setattr(config.discriminator, name, value)
        config = config_lib.resolve(config)
        reports = []
        for jit_compile in (False, True):
            (report,) = _reports(
                config,
                state.create(config),
                iterations=1,
                jit_compile=jit_compile,
            )
            reports.append(report)
        self.assertAllClose(*reports, rtol=1e-4, atol=1e-4)


if __name__ == "__main__":
    tf.test.main()
