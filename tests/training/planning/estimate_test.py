"""Estimates by sizes agree with what is traced."""

import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import ada, quickstart, tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training.planning import estimate, plan


def _config(**fields):
    """The quickstart's, with other fields, for one step of 8 images."""
    fields = {"training.batch_size": 8, **fields}
    return config_lib.changed(quickstart.get_config(), fields)


class EstimateTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        {},
        {"discriminator.architecture": "orig", "loss.pl_weight": 0.0},
        {"base_shape": (3, 4), "image_channels": 1, "loss.r2_gamma": 1.0},
    )
    @pytest.mark.slow
    def test_as_traced(self, **fields):
        config = _config(**fields)
        expected = plan.make(config)["train_flops_per_image"]
        found = estimate.train_flops_per_image(config)
        self.assertAllClose(found, expected, rtol=0.03)

    def test_of_auto_at_32_pixels(self):
        """106.67 GFLOPs an image, as `plan` counts them."""
        config = ada.get_config("cifarbaseline")
        found = estimate.train_flops_per_image(config)
        self.assertAllClose(found / 1e9, 106.67, rtol=0.01)

    def test_a_tiny_network_is_fast(self):
        rate = estimate.images_per_second(tiny.get_config())
        self.assertGreater(rate, 100)


if __name__ == "__main__":
    tf.test.main()
