"""Configs of progressive architectures: what they settle and refuse."""

import json

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib


class FamiliesTest(tf.test.TestCase, parameterized.TestCase):
    def test_progan_settles_what_it_has_no_choice_about(self):
        config = _resolve("progan", label_size=3)
        self.assertEqual(config.loss.style_mixing_prob, 0.0)
        generator, discriminator = config.generator, config.discriminator
        self.assertFalse(generator.use_styles or generator.use_noise)
        self.assertFalse(generator.const_input)
        self.assertEqual(generator.w_size, generator.z_size + 3)
        self.assertEqual(generator.pixel_norm, "on")
        self.assertEqual(generator.instance_norm, "off")
        self.assertEqual(discriminator.label_mode, "classify")
        for network in (generator, discriminator):
            self.assertEqual(network.blur_filter, ())
            self.assertEqual(network.fused_scale, "on")
        self.assertEqual((config.num_ws, config.noise_shapes), (1, []))

    @parameterized.parameters((True, "off", "on"), (False, "on", "off"))
    def test_norms_follow_the_styles(self, use_styles, pixel, instance):
        config = _resolve("stylegan", {"use_styles": use_styles})
        self.assertEqual(config.generator.pixel_norm, pixel)
        self.assertEqual(config.generator.instance_norm, instance)

    def test_what_is_said_is_kept(self):
        config = _resolve("stylegan", {"pixel_norm": "on"})
        self.assertEqual(config.generator.pixel_norm, "on")
        config = _resolve("progan", {"fused_scale": "off"})
        self.assertEqual(config.generator.fused_scale, "off")
        self.assertEqual(config.discriminator.fused_scale, "on")

    @parameterized.parameters("progan", "stylegan", "revised", "skip")
    def test_resolving_twice_changes_nothing(self, architecture):
        config = _resolve(architecture, label_size=3)
        again = config_lib.resolve(config)
        self.assertEqual(again, config)
        text = config_lib.to_json(config)
        read = config_lib.from_dict(json.loads(text))
        self.assertEqual(read, config)

    def test_stylegan2_is_left_alone(self):
        config = _resolve("skip")
        self.assertEqual(config.generator.pixel_norm, "auto")
        self.assertEqual(config.discriminator.label_mode, "projection")
        self.assertEqual(
            config.noise_shapes,
            [(4, 4), (8, 8), (8, 8), (16, 16), (16, 16)],
        )

    @parameterized.parameters(
        ("skip", {"use_styles": False}, "use_styles.*progan and stylegan"),
        ("revised", {"pixel_norm": "on"}, "pixel_norm.*progan and stylegan"),
        ("stylegan", {"pixel_norm": "yes"}, "must be one of auto, on, off"),
        ("stylegan", {"fused_scale": "maybe"}, "fused_scale"),
        ("style", {}, "Did you mean `stylegan`"),
    )
    def test_bad_values_are_refused(self, architecture, fields, message):
        with self.assertRaisesRegex(ValueError, message):
            _resolve(architecture, fields)

    def test_networks_grow_together_or_not_at_all(self):
        config = config_lib.Config(resolution=16)
        config.generator.architecture = "stylegan"
        with self.assertRaisesRegex(ValueError, "grow together"):
            config_lib.resolve(config)


def _resolve(architecture, fields=None, **options):
    fields = {"architecture": architecture, **(fields or {})}
    return config_lib.resolve(
        config_lib.Config(
            resolution=16,
            generator=config_lib.GeneratorConfig(**fields),
            discriminator=config_lib.DiscriminatorConfig(
                architecture=architecture
            ),
            **options,
        )
    )


if __name__ == "__main__":
    tf.test.main()
