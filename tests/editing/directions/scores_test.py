"""Scores of images, by classifiers and by the labels of a data set."""

import types

import numpy as np
import tensorflow as tf

from stylegan_tf.data import source as source_lib
from stylegan_tf.editing.directions import scores

_CLASSIFIERS = types.SimpleNamespace(
    name="known",
    attributes=("glasses", "facial_hair", "smile"),
    logits=lambda images: images[:, 0, 0] * [1.0, 10.0, 100.0],
)
_PIXELS = types.SimpleNamespace(
    name="pixels", features=lambda images: images[:, 0, 0] / 255.0
)


def _source(**attributes):
    """Images of one colour each, and attributes of their channels."""
    images = np.random.RandomState(0).randint(256, size=(400, 1, 1, 3))
    images = np.tile(images.astype(np.uint8), (1, 4, 4, 1))
    named = {
        name: rule(images[:, 0, 0]).astype(int).tolist()
        for name, rule in attributes.items()
    }
    return source_lib.of_arrays("made", images, metadata={"attributes": named})


class ScoresTest(tf.test.TestCase):
    def test_classifiers_are_chosen_and_renamed(self):
        scorer = scores.of_classifiers(_CLASSIFIERS, "smile, beard=facial_hair")
        self.assertEqual(scorer.names, ("smile", "beard"))
        found = scorer.score(np.ones([2, 4, 4, 3]))
        self.assertAllEqual(found, [[100, 10]] * 2)
        everything = scores.of_classifiers(_CLASSIFIERS)
        self.assertEqual(everything.names, _CLASSIFIERS.attributes)
        with self.assertRaisesRegex(ValueError, "mean `glasses`.*It has: gl"):
            scores.of_classifiers(_CLASSIFIERS, "glases")

    def test_labels_are_told_by_a_plane_of_features(self):
        source = _source(
            red=lambda colour: colour[:, 0] > 150,
            blue=lambda colour: colour[:, 2] > colour[:, 1],
        )
        scorer, told = scores.of_labels(_PIXELS, source, "red,blue")
        self.assertEqual(scorer.names, ("red", "blue"))
        self.assertAllGreater(list(told.values()), 0.85)
        images = np.zeros([2, 1, 1, 3], np.uint8)
        images[0, 0, 0] = [255, 200, 0]
        images[1, 0, 0] = [0, 100, 200]
        found = scorer.score(images) > 0
        self.assertAllEqual(found, [[True, False], [False, True]])

    def test_labels_that_are_all_alike_are_refused(self):
        source = _source(
            red=lambda colour: colour[:, 0] > 150,
            odd=lambda colour: np.arange(len(colour)) == 399,
        )
        with self.assertRaisesRegex(ValueError, "are alike in `odd`"):
            scores.of_labels(_PIXELS, source, "odd", count=20)


if __name__ == "__main__":
    tf.test.main()
