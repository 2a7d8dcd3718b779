"""What the doctor says of hours and memory."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import rules
from stylegan_tf.command_line import advice
from stylegan_tf.doctor import costs, proposal

_GIB = 2**30


def _proposal(hours=5.0, prepare=""):
    choices = [
        rules.Choice("data.mirror", True, "alike"),
        rules.Choice("loss.r1_gamma", 0.50, "measured"),
    ]
    taken = costs.Costs(12.345, "from steps", 0.5, 1.0)
    return proposal.Proposal(prepare, "T", choices, taken, hours, ["A note."])


class AdviceTest(tf.test.TestCase, parameterized.TestCase):
    def test_commands_come_first_and_reasons_last(self):
        self.assertEqual(
            advice.text(_proposal(prepare="P")).split("\n"),
            [
                "Make a copy that can be trained on:",
                "  P",
                "Then train:",
                "  T",
                "",
                "It takes about 5.0 hours on this machine (12.3 images a "
                "second, from steps) and 2.7 GiB of memory.",
                "A note.",
                "",
                "What the command stands for, and why (--config.FIELD=VALUE "
                "changes any of it):",
                "  data.mirror    true  alike",
                "  loss.r1_gamma  0.5   measured",
            ],
        )

    @parameterized.parameters(
        (0.001, "1 minute"),
        (0.5, "30 minutes"),
        (47, "47.0 hours"),
        (480, "20.0 days"),
    )
    def test_how_long(self, hours, words):
        self.assertIn(f"about {words} on", advice.text(_proposal(hours)))

    def test_too_little_memory_is_told(self):
        text = advice.text(_proposal(), available=2 * _GIB)
        self.assertIn("Only 2.0 GiB are free", text)
        self.assertIn("--config.training.max_batch_per_replica=4", text)
        text = advice.text(_proposal(), available=4 * _GIB)
        self.assertNotIn("Only", text)


if __name__ == "__main__":
    tf.test.main()
