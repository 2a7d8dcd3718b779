"""Verdicts by hand, and what a detector says of itself."""

import pathlib

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.detection import measuring, texts, verdicts
from stylegan_tf.editing.figures import detection as figure

_SETTINGS = {
    "network": "runs/faces",
    "looks": [1.0],
    "image_shape": [8, 8, 3],
    "dataset": "faces",
    "distance": {"name": "offline-faces", "label": "offline", "sha256": "12"},
    "space": "w",
    "steps": 200,
    "truncation_psi": 1.0,
    "seed": 0,
    "batch_size": 4,
    "features": "auto",
}
_APART = {"real": [6.0, 7.0, 8.0, 9.0], "generated": [1.0, 2.0, 3.0, 4.0]}
_MIXED = {"real": [1.0, 3.0, 5.0, 7.0], "generated": [2.0, 4.0, 6.0, 8.0]}


class VerdictsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (0.5, (True, 0, 4)),
        (4.0, (True, 0, 1)),
        (5.0, (False, 0, 0)),  # at the threshold: not below it
        (7.0, (False, 2, 0)),
    )
    @pytest.mark.slow
    def test_below_the_threshold_is_generated(self, distance, expected):
        detector = verdicts.detector(_SETTINGS, _APART)
        self.assertEqual(detector["threshold"], 5.0)
        self.assertEqual(verdicts.judge(detector, distance), expected)

    def test_one_that_guesses_gives_no_verdict(self):
        detector = verdicts.detector(_SETTINGS, _MIXED)
        self.assertEqual(verdicts.judge(detector, 0.0).is_generated, None)
        self.assertIn("no verdict is given", texts.limits(detector))
        apart = verdicts.detector(_SETTINGS, _APART)
        self.assertNotIn("no verdict is given", texts.limits(apart))
        self.assertIn("No distances overlap", texts.limits(apart))

    def test_it_says_how_it_was_measured_and_how_often_it_errs(self):
        detector = verdicts.detector(
            _SETTINGS, _APART, most_false_alarms=0.1, date="today"
        )
        text = texts.summary(detector)
        self.assertIn("offline features, 200 steps in W", text)
        self.assertIn("false alarms  0 % (0 to 60 %)", text)
        self.assertIn("false alarms at most 0.1", text)
        self.assertIn("ROC curve 1.000. In brackets", text)  # no interval
        self.assertIn("offline extractor", texts.limits(detector))
        self.assertEqual(detector["date"], "today")

    def test_the_table_has_a_row_an_image(self):
        detector = verdicts.detector(_SETTINGS, _APART)
        judged = [verdicts.judge(detector, d) for d in (2.0, 9.0)]
        lines = texts.table(
            detector, ["a.png", "b.png"], [2.0, 9.0], judged
        ).splitlines()
        self.assertRegex(lines[1], "a.png +2.0000 +of the network .* 3 of 4")
        self.assertRegex(lines[2], "b.png +9.0000 +not of it +4 of 4")

    def test_what_is_written_is_read(self):
        folder = pathlib.Path(self.create_tempdir().full_path)
        with self.assertRaisesRegex(ValueError, "There is no detector at"):
            verdicts.read(folder)
        (folder / measuring.DISTANCES).write_text("{}")
        with self.assertRaisesRegex(ValueError, "not measured to its end"):
            verdicts.read(folder)
        detector = verdicts.detector(_SETTINGS, _APART)
        verdicts.write(folder, detector)
        found = verdicts.read(folder)
        self.assertEqual(found["real"], detector["real"])
        self.assertAllEqual(found["area_interval"], detector["area_interval"])
        self.assertEqual(verdicts.read(folder / verdicts.NAME), found)
        self.assertEqual(verdicts.judge(found, 2.0).is_generated, True)

    @pytest.mark.slow
    def test_distances_far_apart_have_a_logarithmic_axis(self):
        for smallest, scale in ((1.0, "linear"), (0.1, "log")):
            sets = {**_APART, "generated": [smallest, 2.0, 3.0, 4.0]}
            drawn = figure.draw(verdicts.detector(_SETTINGS, sets))
            self.assertEqual(drawn.axes[0].get_xscale(), scale)

    def test_its_figure_has_both_kinds_and_the_curve(self):
        detector = verdicts.detector(_SETTINGS, _APART)
        histograms, curve = figure.draw(detector).axes
        self.assertIn("offline features, 200", histograms.get_xlabel())
        told = [t.get_text() for t in histograms.get_legend().get_texts()]
        self.assertEqual(told, ["4 generated", "4 real", "threshold 5"])
        bars = sum(p.get_height() for p in histograms.patches[:24])
        self.assertEqual(bars, 4)
        told = [t.get_text() for t in curve.get_legend().get_texts()]
        self.assertEqual(told[0], "area 1.000")
        self.assertEndsWith(
            told[1], "false alarms 0 % (0 to 60 %)\nmisses 0 % (0 to 60 %)"
        )

    def test_where_distances_overlap_the_area_has_an_interval(self):
        text = texts.summary(verdicts.detector(_SETTINGS, _MIXED))
        self.assertRegex(text, r"ROC curve 0\.375 \(0\.\d+ to \d\.\d+\)")

    def test_the_point_of_the_threshold_is_on_the_curve(self):
        # Without its largest, 4, the generated ones end at 3: a miss, though
        # the threshold of all has none.
        sets = {"real": [4.5, 8.0], "generated": [1.0, 2.0, 3.0, 4.0]}
        detector = verdicts.detector(_SETTINGS, sets)
        self.assertEqual(detector["misses"]["count"], 1)
        self.assertIn("chosen without the", texts.limits(detector))
        _, axes = figure.draw(detector).axes
        _, _, point = axes.lines
        self.assertAllEqual(point.get_xydata(), [[0.0, 1.0]])


if __name__ == "__main__":
    tf.test.main()
