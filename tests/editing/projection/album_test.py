"""Which steps have pictures."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.projection import album


class StepsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (1000, 5, [200, 400, 600, 800, 1000]),
        (1000, 1, [1000]),
        (10, 3, [4, 7, 10]),
        (2, 5, [1, 2]),
    )
    def test_snapshots_are_those_of_the_official_projector(
        self, steps, count, expected
    ):
        self.assertEqual(album.marks(steps, count), expected)

    def test_a_video_has_at_most_151_frames_and_the_last_step(self):
        self.assertEqual(album.frames(3), [1, 2, 3])
        found = album.frames(1000)
        self.assertEqual((found[0], found[-2:]), (7, [994, 1000]))
        self.assertLessEqual(len(found), 151)
