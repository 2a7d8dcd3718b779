"""What makes two networks incompatible, and what the refusal advises."""

import tensorflow as tf
from absl.testing import parameterized

from configs import progan, stylegan2
from stylegan_tf import config as config_lib
from stylegan_tf.config import differences
from tests.helpers import running, support


class DifferencesTest(tf.test.TestCase, parameterized.TestCase):
    def test_they_name_the_field(self):
        ours, theirs = config_lib.Config(), config_lib.Config()
        theirs.generator.mapping_layers = 2
        theirs.training.batch_size = 16
        row = ("generator.mapping_layers", 8, 2)
        self.assertEqual(differences.differences(ours, theirs), [row])
        self.assertEqual(
            differences.all_differences(ours, theirs),
            [row, ("training.batch_size", 32, 16)],
        )

    def test_what_no_weight_depends_on_is_none(self):
        ours, theirs = config_lib.Config(), config_lib.Config(name="other")
        theirs.generator.w_avg_decay = 0.9
        theirs.discriminator.conv_clamp = 256.0
        self.assertEmpty(differences.differences(ours, theirs))
        self.assertLen(differences.all_differences(ours, theirs), 3)

    @parameterized.parameters(
        (3, 0, "Leave out --config.data.use_labels=true and"),
        (0, 3, "Take data with labels of size 3, and --config.data.use_labels"),
        (2, 3, "Take data with labels of size 3, and --config.data.use_labels"),
    )
    def test_other_labels_are_advised_what_was_not_typed(
        self, ours, theirs, advice
    ):
        ours, theirs = (
            support.small_config(label_size=n) for n in (ours, theirs)
        )
        with self.assertRaises(ValueError) as context:
            differences.refuse_other("x", ours, theirs, "Train from the start")
        *_, last = str(context.exception).splitlines()
        self.assertStartsWith(last, advice)
        self.assertEndsWith(last, "Or: Train from the start.")
        self.assertNotIn("--init_from", last)

    def test_what_is_advised_gives_the_snapshot_s_values(self):
        ours, theirs = support.small_config(), support.small_config()
        theirs.resolution, theirs.base_shape = 32, (4, 2)
        theirs.generator.architecture = "resnet"
        with self.assertRaises(ValueError) as context:
            differences.refuse_other("x", ours, theirs)
        *_, last = str(context.exception).splitlines()
        advice, other = last.split(" Or: ")
        self.assertEqual(other, "Train under a new --workdir.")
        overrides = advice.removeprefix("Add ").removesuffix(".")
        given = running.parse(
            f"tools.train --config=configs/tiny.py {overrides}"
        )
        self.assertEqual(given["config.resolution"], 32)
        self.assertEqual(tuple(given["config.base_shape"]), (4, 2))
        self.assertEqual(given["config.generator.architecture"], "resnet")

    def test_another_family_is_advised_its_config(self):
        ours = config_lib.resolve(stylegan2.get_config("f"))
        theirs = config_lib.resolve(progan.get_config("v2"))
        with self.assertRaisesRegex(ValueError, "Take the --config that the"):
            differences.refuse_other("x", ours, theirs)


if __name__ == "__main__":
    tf.test.main()
