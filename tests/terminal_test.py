"""Names that would be obeyed by a terminal are shown instead."""

import codecs
import os

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import terminal


class EscapedTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("plain name.png", "plain name.png"),
        ("Zoë 日本 👩‍🚀.png", "Zoë 日本 👩‍🚀.png"),
        ("a\\b", "a\\b"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("two\nlines\r\t", "two\\nlines\\r\\t"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("line\u2028separator", "line\\u2028separator"),
        ("exe.\u202egpj", "exe.\\u202egpj"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
        ("\ud800", "\\ud800"),
    )
    def test_only_what_is_unfit_is_replaced(self, text, expected):
        self.assertEqual(terminal.escaped(text), expected)
        self.assertEqual(terminal.escaped(expected), expected)
        terminal.escaped(text).encode()  # can be printed

    @parameterized.parameters(
        ("utf-8", os.fsdecode(b"caf\xe9"), b"caf\\xe9"),
        ("utf-8", "Zo\u00eb", "Zo\u00eb".encode()),
        # As Python reads "Zo\u00eb" where the locale is ASCII.
        ("ascii", "Zo\udcc3\udcab", b"Zo\\xc3\\xab"),
        ("ascii", "\u65e5", b"\\u65e5"),
    )
    def test_a_stream_escapes_in_the_same_way(self, encoding, text, expected):
        codecs.register_error("escaped", terminal.replaced)
        self.assertEqual(text.encode(encoding, "escaped"), expected)

    def test_one_is_singular(self):
        found = [terminal.counted(count, "step") for count in (0, 1, 12_000)]
        self.assertEqual(found, ["0 steps", "1 step", "12,000 steps"])


if __name__ == "__main__":
    tf.test.main()
