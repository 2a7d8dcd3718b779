"""Directions that leave others alone have no part along them."""

import numpy as np
import tensorflow as tf

from stylegan_tf.editing.directions import orthogonal


class OrthogonalTest(tf.test.TestCase):
    def test_by_hand(self):
        found = orthogonal.to([3.0, 4.0, 0.0], [[2.0, 0.0, 0.0]])
        self.assertAllClose(found, [0.0, 1.0, 0.0], atol=1e-15)

    def test_nothing_is_left_along_others_which_need_not_be_orthogonal(self):
        vector, *others = np.random.RandomState(0).randn(5, 8)
        others.append(others[0] + 1e-9 * others[1])
        found = orthogonal.to(vector, others)
        self.assertAllClose(np.linalg.norm(found), 1.0)
        self.assertAllClose(np.array(others) @ found, np.zeros(5), atol=1e-9)
        # It lies in the plane of all of them: the closest that there is.
        basis = np.linalg.qr(np.array([vector, *others[:4]]).T)[0]
        self.assertAllClose(basis @ (basis.T @ found), found)
        self.assertGreater(found @ vector, 0)

    def test_no_others_leave_it_at_length_one(self):
        self.assertAllClose(orthogonal.to([0.0, 2.0], []), [0.0, 1.0])

    def test_a_sum_of_the_others_is_refused(self):
        directions = {"a": [1.0, 1.0], "b": [1.0, 0.0], "c": [0.0, 1.0]}
        with self.assertRaisesRegex(ValueError, "'a': nothing of it is left"):
            orthogonal.all_to(directions, ["a"], ["a", "b", "c"])

    def test_each_is_orthogonal_to_what_the_others_were(self):
        a, b, c = np.random.RandomState(0).randn(3, 4)
        found = orthogonal.all_to({"a": a, "b": b, "c": c}, ["a", "b"], "bc")
        self.assertAllClose([found["a"] @ b, found["a"] @ c], [0.0, 0.0])
        self.assertAllClose(found["b"] @ c, 0.0)
        self.assertAllEqual(found["c"], c)


if __name__ == "__main__":
    tf.test.main()
