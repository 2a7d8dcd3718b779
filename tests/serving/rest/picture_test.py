"""What `/image` takes, and how its answers are told apart."""

import types

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.serving import errors
from stylegan_tf.serving.rest import picture

_CARD = {
    "can_truncate": True,
    "noise_shapes": [[4, 4]],
    "num_ws": 8,
    "label_size": 0,
}
_LABELS = {**_CARD, "label_size": 3}
_PROGAN = {**_CARD, "can_truncate": False, "noise_shapes": []}


def _parse(query, card=_CARD):
    pairs = [each.partition("=")[::2] for each in query.split("&") if each]
    return picture.parse(pairs, card)


class PictureTest(tf.test.TestCase, parameterized.TestCase):
    def test_a_query_is_read(self):
        self.assertEqual(_parse("seed=5"), picture.Picture(5))
        self.assertEqual(
            _parse(
                "seed=4294967295&psi=-.5&cutoff=8&noise=none&class=2", _LABELS
            ),
            picture.Picture(2**32 - 1, -0.5, 8, 2, "none"),
        )

    def test_a_class_has_a_number_or_a_name(self):
        names = ["plain", "glasses", "glasses+hat"]
        card = {**_LABELS, "label_names": names}
        for text, number in (
            *(("1", 1), ("glasses", 1), ("glasses+hat", 2)),
            ("glasses hat", 2),
        ):
            found = _parse(f"seed=5&class={text}", card)
            self.assertEqual(found.chosen_class, number)
        self.assertEqual(picture.example(card), "/image?seed=0&class=0")
        self.assertEqual(picture.example(_CARD), "/image?seed=0")

    def test_the_noise_of_a_page_s_link_is_taken(self):
        self.assertEqual(_parse("seed=5&noise=0"), _parse("seed=5&noise=none"))

    @parameterized.parameters(
        ("", "seed is needed"),
        ("seed=", "Received: nothing"),
        ("seed=-1", "from 0 to 4294967295. Received: -1"),
        ("seed=4294967296", "from 0 to 4294967295"),
        ("seed=1.0", "whole number"),
        ("seed=1e3", "whole number"),
        ("seed=٣", "whole number"),
        ("seed=five", "Received: five"),
        ("seed=" + "9" * 9999, "whole number"),
        ("seed=1&seed=1", "each once"),
        ("seed=1&sed=1", "Received: sed"),
        ("seed=1&psi=nan", "psi must be a number"),
        ("seed=1&psi=inf", "psi must be a number"),
        ("seed=1&psi=1e9", "from -100 to 100"),
        ("seed=1&psi=1_0", "psi must be a number"),
        ("seed=1&psi=٣", "psi must be a number"),
        ("seed=1&psi=", "psi must be a number"),
        ("seed=1&cutoff=9", "from 0 to 8"),
        ("seed=1&cutoff=", "Received: nothing"),
        ("seed=1&cutoff=-1", "from 0 to 8"),
        ("seed=1&noise=random", "const or none"),
        ("seed=1&class=0", "no classes"),
        ("seed=1", "0 to 2", _LABELS),
        ("seed=1&class=3", "from 0 to 2", _LABELS),
        ("seed=1&psi=1", "no mean w", _PROGAN),
        ("seed=1&noise=none", "must be const", _PROGAN),
        ("seed=1&noise=0", "must be const", _PROGAN),
    )
    def test_an_odd_one_is_refused(self, query, words, card=_CARD):
        with self.assertRaisesRegex(errors.Invalid, words):
            _parse(query, card)

    def test_the_tag_is_of_the_picture_and_of_the_version(self):
        def tag(query, version=1, fingerprint="a", **more):
            servable = types.SimpleNamespace(
                version=version,
                fingerprint=fingerprint,
                card={**_CARD, **more},
            )
            return picture.etag(_parse(query), servable)

        tags = {
            tag("seed=1"),
            tag("seed=2"),
            tag("seed=1&psi=0.7"),
            tag("seed=1", version=2),
            tag("seed=1", images_seen=5),
            tag("seed=1", fingerprint="b"),
        }
        self.assertLen(tags, 6)
        self.assertEqual(tag("seed=1"), tag("psi=1.0&seed=1"))

    @parameterized.parameters(
        ('"a"', True), ('W/"a", "b"', True), ("*", True), ('"b"', False)
    )
    def test_if_none_match(self, header, expected):
        self.assertEqual(picture.is_known(header, 'W/"a"'), expected)


if __name__ == "__main__":
    tf.test.main()
