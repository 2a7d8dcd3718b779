"""Who is let in."""

import base64

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving import tokens

_TOKEN = "söcret"  # noqa: S105


def _basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


class TokensTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("Bearer söcret", True),
        ("bearer söcret", True),
        (_basic("anybody:söcret"), True),
        ("Bearer söcre", False),
        ("Bearer", False),
        ("söcret", False),
        ("Digest söcret", False),
        (_basic("söcret"), False),
        ("Basic %%%", False),
        ("", False),
        (None, False),
    )
    def test_the_token_is_needed(self, header, expected):
        self.assertEqual(tokens.is_allowed(header, _TOKEN), expected)
        self.assertTrue(tokens.is_allowed(header, None))


if __name__ == "__main__":
    tf.test.main()
