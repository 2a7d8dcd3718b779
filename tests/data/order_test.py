"""Order, flips and labels are pure functions of seed and position."""

import numpy as np
import tensorflow as tf

from stylegan_tf.data import order


class OrderTest(tf.test.TestCase):
    def test_every_epoch_shows_every_image_once(self):
        shown = order.order(3, np.arange(4 * 50), 50).reshape(4, 50)
        for epoch in shown:
            self.assertAllEqual(np.sort(epoch), np.arange(50))
        self.assertLen({tuple(epoch) for epoch in shown}, 4)

    def test_any_access_pattern_gives_the_same(self):
        whole = order.order(1, np.arange(100), 7)
        singly = [order.order(1, position, 7) for position in range(99, -1, -1)]
        self.assertAllEqual(whole, singly[::-1])
        self.assertAllEqual(
            whole[13:50].reshape(1, -1),
            order.order(1, np.arange(13, 50)[None], 7),
        )

    def test_pinned_numbers_so_that_old_runs_can_be_resumed(self):
        self.assertAllEqual(
            order.order(0, np.arange(12), 6),
            [2, 1, 5, 0, 4, 3, 3, 1, 4, 0, 5, 2],
        )
        self.assertAllEqual(
            order.flips(0, np.arange(12)), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1]
        )

    def test_seeds_give_unrelated_orders(self):
        first = order.order(0, np.arange(1000), 1000)
        second = order.order(1, np.arange(1000), 1000)
        self.assertLess(np.sum(first == second), 10)
        order.order(-1, 0, 10)  # any integer will do

    def test_images_are_shuffled_far_and_wide(self):
        shown = order.order(5, np.arange(10_000), 10_000)
        correlation = np.corrcoef(shown, np.arange(10_000))[0, 1]
        self.assertLess(abs(correlation), 0.03)

    def test_flips_are_fair_and_unrelated(self):
        positions = np.arange(100_000)
        flips = order.flips(0, positions)
        self.assertNear(flips.mean(), 0.5, 0.01)
        self.assertNear((flips[1:] == flips[:-1]).mean(), 0.5, 0.01)
        self.assertNear((flips == order.flips(1, positions)).mean(), 0.5, 0.01)
        self.assertAllEqual(flips[70:90], order.flips(0, np.arange(70, 90)))

    def test_labels_are_drawn_as_often_as_the_data_has_them(self):
        labels = np.eye(3, dtype=np.float32)[[0, 0, 1, 2]]
        drawn = order.random_labels(labels, 0, np.arange(40_000))
        self.assertEqual((drawn.shape, drawn.dtype), ((40_000, 3), np.float32))
        self.assertAllClose(drawn.mean(0), [0.5, 0.25, 0.25], atol=0.01)
        again = order.random_labels(labels, 0, np.arange(100, 200))
        self.assertAllEqual(again, drawn[100:200])

    def test_no_labels_have_no_width(self):
        drawn = order.random_labels(None, 0, np.arange(5))
        self.assertEqual(drawn.shape, (5, 0))
