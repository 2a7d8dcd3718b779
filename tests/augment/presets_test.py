"""Names and contents of the presets."""

import dataclasses

import tensorflow as tf

from stylegan_tf.augment import presets
from stylegan_tf.config import fields
from tests.helpers import support


class PresetsTest(tf.test.TestCase):
    def test_switch_on_what_the_official_ones_do(self):
        _, meta = support.golden("k7_augment")
        for name in fields.PRESETS:
            chosen = dataclasses.asdict(presets.of(name))
            expected = dataclasses.asdict(presets.Transforms())
            expected |= dict(meta["cases"][name])
            self.assertEqual(chosen, expected)

    def test_an_unknown_name_is_refused(self):
        with self.assertRaisesRegex(ValueError, "bgc.*Received: 'all'"):
            presets.of("all")


if __name__ == "__main__":
    tf.test.main()
