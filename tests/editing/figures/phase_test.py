"""The strip over time, and the film with its marked column."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.figures import phase

_RED = [255, 40, 40]


def _frames(count, height=4, width=8):
    """Frames whose pixels tell their time and place."""
    for time in range(count):
        y, x = np.mgrid[:height, :width]
        yield np.stack([0 * x + time, y, x], axis=-1).astype(np.uint8)


class PhaseTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters((0, 0), (0.5, 4), (0.99, 7), (1, 7))
    def test_a_strip_is_one_column_over_time(self, at, column):
        first, strip = phase.strip(_frames(6), at)
        self.assertAllEqual(first, next(_frames(1)))
        self.assertEqual(strip.shape, (4, 6, 3))
        self.assertAllEqual(strip[2, :, 0], range(6))
        self.assertAllEqual(strip[:, 3, 1], range(4))
        self.assertAllEqual(strip[..., 2], np.full((4, 6), column))

    def test_films_of_two_sizes_stand_at_one_height(self):
        films = [("a", _frames(3)), ("b", _frames(3, 8, 16))]
        made = [*phase.side_by_side(films, at=0.5)]
        self.assertLen(made, 3)
        self.assertEqual(made[0].shape, (8, 16 + 16, 3))
        self.assertAllEqual(made[1][2, [2, 18]], [[1, 1, 1], [1, 2, 2]])
        for row in (0, -1):
            self.assertAllEqual(made[1][row, [8, 24]], [_RED, _RED])

    def test_the_figure_has_a_row_a_network(self):
        films = [("config d", _frames(60)), ("config e", _frames(60))]
        figure = phase.draw(films, at=0.25, fps=30)
        self.assertLen(figure.axes, 4)
        self.assertEqual(figure.axes[2].get_ylabel(), "config e")
        self.assertEqual(figure.axes[3].get_xlabel(), "seconds")
        self.assertAllClose(figure.axes[3].get_xlim(), (0, 2))


if __name__ == "__main__":
    tf.test.main()
