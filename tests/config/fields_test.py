"""The schema: what is refused, what depends on what, JSON."""

import json

import tensorflow as tf
from absl.testing import parameterized

from configs import quickstart, stylegan2, tiny
from stylegan_tf import config as config_lib


class ConfigTest(tf.test.TestCase, parameterized.TestCase):
    def test_json_brings_back_the_same_config(self):
        config = config_lib.resolve(config_lib.Config(base_shape=(3, 4)))
        text = config_lib.to_json(config)
        self.assertEqual(config_lib.from_dict(json.loads(text)), config)

    def test_sizes_follow_the_base_shape(self):
        config = config_lib.Config(resolution=512, base_shape=(3, 4))
        self.assertEqual(config.image_shape, (384, 512, 3))
        self.assertEqual(config.num_ws, 16)
        self.assertEqual(config_lib.resolutions(config)[:2], [4, 8])

    def test_unknown_fields_are_refused_with_the_closest(self):
        with self.assertRaisesRegex(ValueError, "loss.r1_gama.*`r1_gamma`"):
            config_lib.from_dict({"loss": {"r1_gama": 1.0}})

    def test_a_removed_field_loads_where_it_did_nothing(self):
        values = config_lib.to_dict(config_lib.Config())
        values["loss"]["experimental_ppl_weight"] = 0.0
        self.assertEqual(config_lib.from_dict(values), config_lib.Config())
        values["loss"]["experimental_ls_weight"] = 0.5
        with self.assertRaisesRegex(ValueError, "ls_weight.*experiments.md"):
            config_lib.from_dict(values)

    @parameterized.parameters(
        ({"resolution": 48}, "resolution=48"),
        ({"resolution": 4}, "resolution=4"),
        ({"image_channels": 5}, "image_channels=5"),
        ({"generator": {"architecture": "skp"}}, "Did you mean `skip`"),
        ({"loss": {"adversarial": "wgn"}}, "Did you mean `wgan`"),
        ({"loss": {"g_reg_interval_steps": 0}}, "g_reg_interval_steps=0"),
        ({"discriminator": {"channel_base": 8}}, "channel_base=8"),
        ({"training": {"precision": "int8"}}, "precision"),
        ({"generator": {"architecture": "msg"}}, "msg or neither.*'resnet'"),
        ({"discriminator": {"architecture": "msg"}}, "msg or neither.*'skip'"),
        (
            {
                "generator": {"architecture": "msg"},
                "discriminator": {
                    "architecture": "msg",
                    "minibatch_channels": 2,
                },
            },
            "0 or 1.*Received: 2",
        ),
    )
    def test_bad_values_are_refused(self, values, message):
        config = config_lib.from_dict(values)
        with self.assertRaisesRegex(ValueError, message):
            config_lib.resolve(config)

    def test_dependent_fields_are_filled_after_overrides(self):
        config = config_lib.Config()
        config.generator.w_size = 64
        config.training.precision = "bfloat16"
        config = config_lib.resolve(config)
        self.assertEqual(config.generator.mapping_width, 64)
        self.assertEqual(config.discriminator.label_width, 512)
        self.assertEqual(config.generator.conv_clamp, 256.0)

    def test_every_config_file_resolves(self):
        for module in (quickstart, tiny):
            config_lib.resolve(module.get_config())
        for variant in stylegan2.VARIANTS:
            config = stylegan2.get_config(variant)
            size = config.resolution  # the papers': see configs_test
            self.assertEqual(config_lib.resolve(config).resolution, size)


if __name__ == "__main__":
    tf.test.main()
