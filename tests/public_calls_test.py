"""What programs call keeps its names: they are promised to users."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from configs import progan, stylegan, tiny
from stylegan_tf import config as config_lib
from stylegan_tf.metrics import fid, kid, precision_recall, separability
from stylegan_tf.networks import build
from tests.helpers import running


def _narrow(config, labels=0):
    config.resolution, config.label_size = 16, labels
    for settings in (config.generator, config.discriminator):
        settings.channel_base, settings.channel_max = 64, 8
    return config_lib.resolve(config)


class NetworksTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.named_parameters(
        ("progan", progan.get_config("v2")),
        ("stylegan", stylegan.get_config("f")),
        ("stylegan2", tiny.get_config()),
    )
    @pytest.mark.slow
    def test_every_family_takes_the_same_calls(self, config):
        config = _narrow(config)
        generator = build.generator(config)
        discriminator = build.discriminator(config)
        z = np.random.RandomState(5).randn(2, config.generator.z_size)
        ws = generator.map(z, labels=None, truncation_psi=1.0)
        self.assertLen(ws.shape, 3)
        images = generator.synthesize(ws, noise="const")
        self.assertEqual(images.shape, (2, 16, 16, 3))
        again = generator(z, None, truncation_psi=1.0, noise="const")
        self.assertAllClose(images, again, atol=1e-5)
        self.assertEqual(discriminator(images, None).shape, (2, 1))
        if generator.mapping.track_mean:
            generator.map(z, truncation_psi=0.7, truncation_cutoff=2)
            generator.synthesize(ws, noise="none")
        if config.is_progressive:
            small = generator.synthesize(ws, resolution=8, alpha=0.5)
            self.assertEqual(small.shape, (2, 8, 8, 3))
            discriminator(small, None, resolution=8, alpha=0.5)

    def test_progan_classifies(self):
        discriminator = build.discriminator(_narrow(progan.get_config(), 3))
        logits = discriminator.classify(np.zeros((2, 16, 16, 3), np.float32))
        self.assertEqual(logits.shape, (2, 3))

    def test_load_gives_keras_models(self):
        path = running.ROOT / "tests/fixtures/quickstart"
        snapshot = stylegan_tf.load(str(path))
        self.assertIsInstance(snapshot.ema_generator, keras.Model)
        for name in ("generator", "discriminator"):
            network = getattr(snapshot, name)
            self.assertIsInstance(network, keras.Model | None)


class MetricsTest(tf.test.TestCase):
    def test_metrics_take_arrays(self):
        random = np.random.RandomState(0)
        real, generated = random.randn(40, 5), random.randn(50, 5) + 1
        self.assertIsInstance(fid.from_features(real, generated), float)
        self.assertIsInstance(kid.from_features(real, generated), float)
        precision, recall = precision_recall.from_features(
            real, generated, neighbourhood=3
        )
        self.assertBetween(precision, 0, 1)
        self.assertBetween(recall, 0, 1)
        logits = random.randn(40, 2)
        found = separability.from_logits(real, logits, keep=1.0)
        self.assertBetween(found, 1, 4)
        with self.assertRaisesRegex(ValueError, "must be"):
            fid.from_features(real, generated[:, :4])


if __name__ == "__main__":
    tf.test.main()
