"""Batches in slices against whole ones."""

import os
import subprocess
import sys
from unittest import mock

import pytest
import tensorflow as tf

from stylegan_tf import cores
from stylegan_tf.layers import minibatch_stddev
from tests.helpers import support


class CoresTest(tf.test.TestCase):
    def test_slices_are_strided_and_put_together_again(self):
        seen = []

        def function(x, rest):
            seen.append(x.numpy().tolist())
            self.assertEqual(rest["kind"], "const")
            return {"twice": 2 * x, "both": x + rest["y"], "none": 0.0}

        x, y = tf.range(6), tf.range(6) * 10
        found = cores.apart(function, 3)(x, {"y": y, "kind": "const"})
        self.assertEqual(seen, [[0, 3], [1, 4], [2, 5]])
        self.assertAllEqual(found["twice"], 2 * x)
        self.assertAllEqual(found["both"], 11 * x)
        self.assertEqual(found["none"], 0.0)

    def test_one_slice_is_the_function_itself(self):
        self.assertIs(cores.apart(len, 1), len)

    def test_groups_of_minibatch_stddev_stay_whole(self):
        layer = minibatch_stddev.MinibatchStddev(group_size=4)
        x = tf.constant(support.normal(16, 2, 2, 3))
        for count in (2, 4):
            self.assertAllClose(cores.apart(layer, count)(x), layer(x))

    def test_gradients_of_gradients_pass(self):
        def function(x):
            return tf.reduce_sum(x**3, axis=1)

        x = tf.constant(support.normal(4, 3))
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = cores.apart(function, 2)(x)
            first = inner.gradient(y, x)
        self.assertAllClose(first, 3 * x**2)
        self.assertAllClose(outer.gradient(first, x), 6 * x)

    def test_as_many_slices_as_run_at_once_and_divide_the_rows(self):
        threads = "get_inter_op_parallelism_threads"
        for at_once, rows, count in (
            (0, 12, 1),
            (2, 12, 2),
            (8, 12, 6),
            (2, 7, 1),
        ):
            with mock.patch.object(
                tf.config.threading, threads, return_value=at_once
            ):
                self.assertEqual(cores.slices(rows), count)

    @pytest.mark.slow
    def test_a_program_in_slices_has_a_thread_for_every_operation(self):
        program = (
            "from stylegan_tf import quiet\n"
            "tf = quiet.import_tensorflow(in_slices=True)\n"
            "tf.zeros(1)\n"
            "quiet.import_tensorflow(in_slices=True)  # changes nothing\n"
            "from stylegan_tf import cores\n"
            "threads = tf.config.threading\n"
            "print(cores.slices(840),"
            " threads.get_intra_op_parallelism_threads())"
        )
        found = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
        )
        slices, threads = map(int, found.stdout.split()[-2:])
        cores_here = min(len(os.sched_getaffinity(0)), 8)
        self.assertEqual(slices, cores_here)
        self.assertEqual(threads, int(cores_here > 1))


if __name__ == "__main__":
    tf.test.main()
