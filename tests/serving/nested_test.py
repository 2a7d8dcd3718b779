"""Nested lists become arrays, in memory and time of what they are."""

import tracemalloc

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving import errors, nested


class ArrayTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ([], (0,)),
        ([[], []], (2, 0)),
        ([[1, 2, 3], [4, 5, 6]], (2, 3)),
        ([[[1]], [[2]]], (2, 1, 1)),
        (7, ()),
    )
    def test_values_are_kept(self, value, shape):
        self.assertEqual(nested.shape(value), shape)
        for dtype in ("float32", "int32"):
            made = nested.array("x", dtype, value)
            self.assertEqual((made.shape, made.tolist()), (shape, value))

    def test_numbers_are_of_64_bits(self):
        made = nested.array("x", "float32", [1, 2.5, 2**63])
        self.assertEqual(made.dtype, np.float64)
        self.assertEqual(made.tolist(), [1, 2.5, 2.0**63])
        made = nested.array("x", "int32", [2**62])
        self.assertEqual((made.dtype, made[0]), (np.int64, 2**62))

    @parameterized.parameters(
        ("float32", [[1], [2, 3]], "different lengths"),
        ("float32", [[1], 2], "different lengths"),
        ("float32", [1, [2]], "lists of lists"),
        ("float32", [1, True], "booleans"),
        ("float32", [1, None], "what are no numbers"),
        ("float32", [1, "1"], "strings"),
        ("float32", [10**400], "no 64-bit numbers"),
        ("int32", [1, 2.0], "float64"),
        ("int32", [2**63], "no 64-bit numbers"),
        ("string", ["a", 1], "int"),
    )
    def test_others_are_refused(self, dtype, value, words):
        with self.assertRaisesRegex(errors.Invalid, f"Received: .*{words}"):
            nested.array("x", dtype, value)

    def test_a_long_text_makes_no_room_for_others(self):
        value = ["x" * 10**5] + [""] * 10**4  # 4 GB as NumPy's own text
        tracemalloc.start()
        made = nested.array("x", "string", value)
        with self.assertRaises(errors.Invalid):
            nested.array("x", "float32", value)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertEqual(made.tolist(), value)
        self.assertLess(peak, 2**20)

    def test_depth_is_bounded(self):
        value = 0.0
        for _ in range(5000):
            value = [value]
        self.assertEqual(nested.shape(value), (1,) * 9)
        with self.assertRaisesRegex(errors.Invalid, "lists of lists"):
            nested.array("x", "float32", value)


if __name__ == "__main__":
    tf.test.main()
