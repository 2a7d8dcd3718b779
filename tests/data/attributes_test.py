"""Labels made of attributes: questions, numbers, kinds, what is refused."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.data import attributes, sources
from stylegan_tf.data import source as source_lib

_ATTRIBUTES = {
    "glasses": [0, 1, 1, 0],
    "smile": [True, False, True, False],
    "hair": [0, 1, 2, 3],
    "colour": ["red", "blue", "red", None],
    "age": [0.5, 1.5, 2.0, -3.0],
    "style": [-1, 2, 5, 7],
    "same": [1, 1, 1, 1],
    "height": [1.5, 2.0, None, 1.0],
    "spots": [[1], [2], [3], [4]],
}


def _source(**fields):
    images = np.zeros((4, 8, 8, 3), np.uint8)
    metadata = {"attributes": _ATTRIBUTES}
    return source_lib.of_arrays("faces", images, metadata=metadata, **fields)


class LabelledTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        ("glasses", ["no glasses", "glasses"], [0, 1, 1, 0]),
        ("hair", ["hair_0", "hair_1", "hair_2", "hair_3"], [0, 1, 2, 3]),
        ("long=hair:2|3", ["no long", "long"], [0, 0, 1, 1]),
        (
            "colour",
            ["colour_blue", "colour_red", "colour_unknown"],
            [1, 0, 1, 2],
        ),
        ("warm=colour:red", None, None),
        (
            "style",
            ["style_2", "style_5", "style_7", "style_unknown"],
            [3, 0, 1, 2],
        ),
    )
    def test_one_attribute_makes_classes(self, text, names, classes):
        if names is None:
            with self.assertRaisesRegex(ValueError, "1 of 4 images do not"):
                attributes.labelled(_source(), text)
            return
        found = attributes.labelled(_source(), text)
        self.assertEqual(found.class_names, names)
        self.assertTrue(found.is_classes)
        self.assertAllEqual(found.labels.argmax(1), classes)

    def test_several_attributes_make_a_vector_of_named_columns(self):
        found = attributes.labelled(
            _source(), "glasses, long=hair:2|3,age,hair"
        )
        self.assertEqual(
            found.class_names,
            ["glasses", "long", "age", "hair_0", "hair_1", "hair_2", "hair_3"],
        )
        self.assertFalse(found.is_classes)
        expected = np.concatenate(
            [
                [[0, 0, 0.5], [1, 0, 1.5], [1, 1, 2.0], [0, 1, -3.0]],
                np.eye(4),
            ],
            axis=1,
        )
        self.assertAllEqual(found.labels, expected.astype(np.float32))
        self.assertEqual(
            sources.describe_labels(found),
            "vectors of 7: glasses, long, age, hair_0, ...",
        )

    def test_no_attributes_leave_the_labels(self):
        source = _source(given_labels=np.array([0, 1, 0, 1]))
        self.assertIs(attributes.labelled(source, ""), source)

    @parameterized.parameters(
        ("glases", "no attribute `glases`. Did you mean `glasses`"),
        ("same", "`same` that can not be used, since it is the same for all"),
        ("height", "`height` that can not be used.* without a number"),
        ("spots", "`spots` that can not be used.* is a list"),
        ("glases", "asked for by --config.data.attributes=glases; without la"),
        ("a=hair:7", "with values of 0, 1, 2, 3"),
        ("a=age:7", "with values of no number"),
    )
    def test_what_is_not_there_is_named(self, text, message):
        with self.assertRaisesRegex(ValueError, message):
            attributes.labelled(_source(), text)

    def test_a_number_is_no_question(self):
        with self.assertRaisesRegex(ValueError, "`age` .* is a number, and no"):
            attributes.answers(_source(), "age")

    def test_texts_become_questions(self):
        found = attributes.answers(_source(), "colour,b=colour:blue")
        self.assertEqual([*found], ["colour_blue", "colour_red", "b"])
        self.assertAllEqual(found["colour_red"], [1, 0, 1, -1])
        self.assertAllEqual(found["b"], [0, 1, 0, -1])

    @parameterized.parameters(
        ([[1, 2], [1], [2], []],),  # ragged, as landmarks may be
        ([[1, 2], [3, 4], [5, 6], [7, 8]],),
        ([0, -1, 0, -1],),  # no, or unknown
        ([1, None, 1, None],),
        ([None, None, None, None],),
        ([{"x": 1}, 0, 1, 0],),
    )
    def test_what_makes_no_label_leaves_the_others_be(self, values):
        given = {"glasses": [0, 1, 1, 0], "other": values}
        source = _source()
        source.metadata = {"attributes": given}
        self.assertEqual(attributes.names(source), ["glasses"])
        self.assertAllEqual(
            attributes.answers(source)["glasses"], given["glasses"]
        )

    @parameterized.parameters(
        ([1, None, 0, 1], {"x": [1, -1, 0, 1]}),
        ([True, False, None, True], {"x": [1, 0, -1, 1]}),
        ([-1, 1, 1, -1], {"x": [0, 1, 1, 0]}),  # CelebA's
        ([3, 7, 3, 7], {"x_3": [1, 0, 1, 0], "x_7": [0, 1, 0, 1]}),
    )
    def test_none_is_unknown_and_only_1_is_a_yes(self, values, expected):
        source = _source()
        source.metadata = {"attributes": {"x": values}}
        found = attributes.answers(source)
        self.assertEqual(found.keys(), expected.keys())
        for name, each in expected.items():
            self.assertAllEqual(found[name], each)

    @parameterized.parameters("a,b", "x=y", "x:y|z")
    def test_names_may_have_signs_of_the_grammar(self, name):
        source = _source()
        source.metadata = {
            "attributes": {name: [0, 1, 1, 0], "glasses": [1, 1, 0, 0]}
        }
        self.assertEqual(
            attributes.labelled(source, name).class_names, [f"no {name}", name]
        )
        self.assertEqual([*attributes.answers(source)], [name, "glasses"])

    def test_two_labels_of_one_name_are_refused(self):
        with self.assertRaisesRegex(ValueError, "twice: glasses"):
            attributes.labelled(_source(), "glasses,age,glasses")
