"""A classifier of classes: training, files, and the score it gives."""

import pathlib
import tempfile
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import snapshot_files
from stylegan_tf.data import source
from stylegan_tf.evaluation import names
from stylegan_tf.features import (
    class_classifier,
    classifier_training,
    classifiers,
    detectors,
    discriminators,
)

_GREYS = 20, 120, 230  # of the classes
_COUNT = 60


def _source():
    levels = np.array(_GREYS, np.uint8)[np.arange(_COUNT) % 3]
    images = np.zeros([_COUNT, 8, 8, 1], np.uint8) + levels[:, None, None, None]
    images[:, 0, 0, 0] = np.arange(_COUNT)
    return source.of_arrays(
        "drawn",
        images,
        given_labels=np.arange(_COUNT) % 3,
        class_names=["dark", "grey", "bright"],
    )


class ClassClassifierTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = _source()
        cls.config = classifier_training.make_config(
            (8, 8, 1), channel_base=64, channel_max=8, classes=3
        )
        cls.network, cls.figures = classifier_training.train(
            cls.source,
            cls.source.classes,
            cls.config,
            images=1200,
            batch_size=8,
        )
        cls.made = pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory())
        )
        snapshot_files.write(
            cls.made / classifiers.CLASSES,
            {"discriminator": cls.network},
            config=cls.config,
            info={
                "classes": classifier_training.class_names(cls.source),
                **cls.figures,
            },
        )
        cls.shown = np.stack([cls.source.image(i) for i in range(30)])

    def test_it_learns_and_is_loaded_again(self):
        self.assertEqual(self.figures["accuracy"], 1.0)
        self.assertEqual(self.figures["held_out"], 6)
        loaded = class_classifier.load(self.made)
        self.assertEqual(loaded.attributes, ("dark", "grey", "bright"))
        self.assertEqual(loaded.name, self.made.name)
        found = loaded.features(self.shown)
        self.assertAllEqual(found.argmax(1), np.arange(30) % 3)
        again = class_classifier.load(self.made / classifiers.CLASSES)
        self.assertAllEqual(again.features(self.shown), found)

    def test_logits_are_of_a_class_against_all_others(self):
        loaded = class_classifier.load(self.made)
        probabilities = loaded.probabilities_of(loaded.features(self.shown))
        self.assertAllClose(probabilities.sum(1), np.ones(30))
        logits = loaded.logits(self.shown)
        self.assertAllClose(1 / (1 + np.exp(-logits)), probabilities)

    def test_questions_of_attributes_are_asked_of_it_if_it_is_alone(self):
        found = detectors.Detectors("offline", str(self.made))
        one = found.of("attribute_classifiers")
        self.assertIsInstance(one, class_classifier.ClassClassifier)
        self.assertEqual(one.attributes, ("dark", "grey", "bright"))

    @pytest.mark.slow
    def test_a_data_set_can_be_split_by_what_it_sees(self):
        self.assertTrue(class_classifier.is_there(self.made / "classes"))
        self.assertFalse(class_classifier.is_there(self.made.parent))
        network = class_classifier.load(self.made).network
        seen = discriminators.Discriminator(network, name="D")
        self.assertEqual(seen.features(self.shown).shape, (30, 8))

    def test_what_is_none_is_refused(self):
        with self.assertRaisesRegex(FileNotFoundError, "--classes --dataset"):
            class_classifier.load(self.made / "absent")
        with self.assertRaisesRegex(FileNotFoundError, "no attribute"):
            classifiers.load(self.made)
        other = self.made / "x" / "00-bright"
        snapshot_files.write(
            other,
            {"discriminator": self.network},
            config=self.config,
            info={"attribute": "bright"},
        )
        with self.assertRaisesRegex(ValueError, "no classifier of classes"):
            class_classifier.load(other)
        with self.assertRaisesRegex(ValueError, "labels of .* are: none"):
            classifier_training.class_names(
                source.of_arrays("drawn", self.shown)
            )


class ClassScoreTest(tf.test.TestCase):
    def test_it_is_the_number_of_classes_that_are_told_apart(self):
        """Of sure answers, as many of each; two classes of real ones."""
        evaluator = names.parse("cs2k")
        self.assertEqual(
            evaluator.result_names, ("cs2k_mean", "cs2k_std", "cs2k_real")
        )

        made = 1000.0 * np.eye(3)[np.arange(30) % 3]
        real = 1000.0 * np.eye(3)[np.arange(20) % 2]
        detector = object.__new__(class_classifier.ClassClassifier)
        detector.attributes = "coat", "bag"
        job = mock.Mock()
        job.detector.return_value = detector
        for named in ((), ("coat", "bag"), ("coat/0", "coat/1", "bag/0")):
            job.network.config.label_names = job.class_names = named
            self.assertAllClose(evaluator.numbers(job, real, made), (3, 0, 2))

    def test_a_classifier_of_other_classes_is_refused(self):
        detector = object.__new__(class_classifier.ClassClassifier)
        detector.attributes = "plain", "glasses"
        job = mock.Mock(class_names=("coat", "bag"))
        job.detector.return_value = detector
        with self.assertRaisesRegex(ValueError, "coat, bag. It knows: plain"):
            names.parse("cs2k").numbers(job, np.eye(3), np.eye(3))


if __name__ == "__main__":
    tf.test.main()
