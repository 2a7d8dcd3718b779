"""What visitors type: right values pass, wrong ones are a sentence."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.studio import typed


class TypedTest(tf.test.TestCase, parameterized.TestCase):
    def test_right_values_pass(self):
        self.assertEqual(typed.number(0.5, "psi", -1, 1), 0.5)
        self.assertEqual(typed.seed(2**32 - 1), 2**32 - 1)
        self.assertIsInstance(typed.seed(5.0), int)
        self.assertEqual(typed.seeds(" 1, 5 9,1"), [1, 5, 9, 1])
        self.assertEqual(typed.choice("a", "Letter", ["a", "b"]), "a")
        self.assertEqual(typed.choices([], "Letters", ["a"]), [])
        self.assertEqual(typed.choices(["a"], "Letters", ["a"]), ["a"])

    @parameterized.parameters(
        -1,
        2**32,
        1.5,
        None,
        "",
        "5",
        "abc",
        True,
        float("nan"),
        ([5],),
        1e300,
        10**400,
    )
    def test_a_wrong_seed_is_a_sentence(self, value):
        with self.assertRaisesRegex(typed.Mistake, "^Seed must be .*Received"):
            typed.seed(value)

    @parameterized.parameters(
        ("", "2 to 12 seeds"),
        (None, "2 to 12 seeds"),
        ("5", "Received: 1"),
        (", ".join(["1"] * 13), "Received: 13"),
        ("1, x", "whole numbers"),
        ("1, -2", "whole numbers"),
        ("1, 4294967296", "4,294,967,295"),
        ("1, " + "9" * 5000, "4,294,967,295"),
        ("1, ²", "whole numbers"),
        (7, "Received: 1"),
    )
    def test_wrong_seeds_of_a_walk_are_a_sentence(self, text, reason):
        with self.assertRaisesRegex(typed.Mistake, reason):
            typed.seeds(text)

    @parameterized.parameters("c", None, 5, (["a"],))
    def test_what_is_no_choice_is_a_sentence(self, value):
        with self.assertRaisesRegex(typed.Mistake, "must be one of a, b"):
            typed.choice(value, "Letter", ["a", "b"])
        with self.assertRaisesRegex(typed.Mistake, "must be one of a, b"):
            typed.choices([value], "Letter", ["a", "b"])

    def test_what_is_long_is_cut(self):
        with self.assertRaises(typed.Mistake) as caught:
            typed.seed("x" * 10_000)
        self.assertLess(len(str(caught.exception)), 120)


if __name__ == "__main__":
    tf.test.main()
