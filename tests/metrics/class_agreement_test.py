"""Agreement: what names of classes ask of classifiers, by hand."""

import numpy as np
import tensorflow as tf

from stylegan_tf.metrics import class_agreement

_ATTRIBUTES = ("glasses", "beard", "smile")


class ClassAgreementTest(tf.test.TestCase):
    def test_names_say_what_is_there_and_what_is_not(self):
        names = ("plain", "glasses", "beard", "glasses+beard")
        asked = class_agreement.of_names(names, _ATTRIBUTES)
        self.assertAllEqual(asked.columns, [0, 1])  # no class is of smiles
        self.assertAllEqual(asked.there, [[0, 0], [1, 0], [0, 1], [1, 1]])
        logits = np.array(
            [[-1, -2, 5], [3, -1, 0], [3, 1, 0], [3, 1, -9], [-1, 1, 0]], float
        )
        found = class_agreement.agrees(
            asked, np.eye(4)[[0, 1, 1, 3, 3]], logits
        )
        self.assertAllEqual(found, [True, True, False, True, False])

    def test_of_a_classifier_for_each_class_the_surest_decides(self):
        asked = class_agreement.of_names(
            ("beard", "smile", "glasses"), _ATTRIBUTES
        )
        self.assertTrue(asked.is_surest)
        logits = np.array([[-3.0, -1.0, -2.0], [2.0, 1.0, 3.0]])
        found = class_agreement.agrees(asked, np.eye(3)[[0, 2]], logits)
        self.assertAllEqual(found, [True, False])

    def test_classifiers_of_all_classes_go_before_those_of_parts(self):
        names = ("a", "b", "a+b")
        asked = class_agreement.of_names(names, names)
        self.assertTrue(asked.is_surest)
        self.assertAllEqual(asked.there, np.eye(3, dtype=bool))

    def test_a_question_is_two_classes(self):
        names = ("no smile", "smile")
        asked = class_agreement.of_names(names, _ATTRIBUTES)
        found = class_agreement.agrees(
            asked, np.eye(2), np.array([[0, 0, -1.0], [0, 0, -1.0]])
        )
        self.assertAllEqual(found, [True, False])

    def test_parts_of_vectors_are_all_to_be_seen(self):
        names = ("glasses", "age", "smile")
        asked = class_agreement.of_names(names, _ATTRIBUTES, are_classes=False)
        labels = np.array([[1, 33.0, 0], [1, 0.2, 1]])
        logits = np.array([[1.0, 9, -1], [1.0, 9, -1]])
        found = class_agreement.agrees(asked, labels, logits)
        self.assertAllEqual(found, [True, False])

    def test_classes_that_look_alike_are_named(self):
        with self.assertRaisesRegex(ValueError, "do not tell apart: a, b"):
            class_agreement.of_names(("a", "b", "glasses"), _ATTRIBUTES)
        with self.assertRaisesRegex(ValueError, "They tell glasses, beard"):
            class_agreement.of_names(("a", "b"), _ATTRIBUTES)


if __name__ == "__main__":
    tf.test.main()
