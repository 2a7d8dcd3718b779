"""Curves of few points and of many."""

import tensorflow as tf

from stylegan_tf.editing.figures import curves, plate


class CurvesTest(tf.test.TestCase):
    def test_smoothing_takes_means_of_neighbours(self):
        smooth = curves.smoothed([0.0, 3.0, 6.0, 0.0], 3)
        self.assertAllClose(smooth, [1.5, 3.0, 3.0, 3.0])

    def test_few_points_are_marked_and_many_are_averaged(self):
        for count, lines, marker in ((3, 1, "o"), (30, 1, "None"), (60, 2, "")):
            axes = plate.blank(1, 1).subplots()
            values = [float(index) for index in range(count)]
            curves.draw(axes, values, values, color="red", label="a")
            self.assertLen(axes.lines, lines)
            self.assertIn(marker, axes.lines[-1].get_marker())

    def test_a_logarithmic_axis_has_plain_numbers(self):
        axes = plate.blank(1, 1).subplots()
        axes.plot([1.0, 30.0])
        curves.make_logarithmic(axes)
        axes.figure.canvas.draw()
        labels = [each.get_text() for each in axes.get_yticklabels()]
        self.assertContainsSubset(["1", "2", "5", "10", "20"], labels)


if __name__ == "__main__":
    tf.test.main()
