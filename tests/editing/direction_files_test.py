"""Directions: what they move, by how much, and files of them."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing import direction_files

_GLASSES = direction_files.Direction(
    "glasses", np.array([0.6, 0.8, 0.0], np.float32), 1, 3, 2.0
)


class DirectionFilesTest(tf.test.TestCase, parameterized.TestCase):
    def test_layers_outside_the_range_stay_bit_equal(self):
        ws = np.random.RandomState(0).randn(2, 4, 3).astype(np.float32)
        moved = direction_files.move(ws, _GLASSES, 1.5)
        self.assertAllEqual(moved[:, [0, 3]], ws[:, [0, 3]])
        step = np.broadcast_to([1.8, 2.4, 0.0], (2, 2, 3))
        self.assertAllClose(moved[:, 1:3] - ws[:, 1:3], step, atol=1e-6)
        self.assertAllEqual(direction_files.move(ws, _GLASSES, 0.0), ws)

    def test_a_line_of_amounts(self):
        ws = np.zeros([2, 4, 3], np.float32)
        amounts = np.array([-1.0, 0.0, 1.0]).reshape(3, 1, 1, 1)
        moved = direction_files.move(ws, _GLASSES, amounts)
        self.assertEqual(moved.shape, (3, 2, 4, 3))
        self.assertEqual(moved.dtype, np.float32)
        self.assertAllEqual(moved[0], -moved[2])

    def test_what_is_written_is_read_again(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "a.npz"
        other = _GLASSES._replace(name="smile", first=0)
        direction_files.write(path, [_GLASSES, other], method="sefa")
        found = direction_files.read(path)
        self.assertEqual(list(found), ["glasses", "smile"])
        self.assertAllEqual(found["smile"].vector, other.vector)
        self.assertEqual(found["smile"][2:], other[2:])

    def test_other_files_and_names_are_refused(self):
        path = pathlib.Path(self.create_tempdir().full_path) / "a.npz"
        np.savez(path, names=["a"])
        with self.assertRaisesRegex(ValueError, "vectors, first, last, spread"):
            direction_files.read(path)
        known = {"glasses": _GLASSES}
        with self.assertRaisesRegex(ValueError, "mean `glasses`.*are: glasses"):
            direction_files.find(known, "glases", (4, 3))
        for shape in ((4, 5), (2, 3)):
            with self.assertRaisesRegex(ValueError, "not of this network"):
                direction_files.find(known, "glasses", shape)
        self.assertIs(direction_files.find(known, "glasses", (4, 3)), _GLASSES)

    @parameterized.parameters(
        ("names", ["a", "a"], "names must differ"),
        ("names", ["a", ""], "none may be empty"),
        ("names", ["a", "\ud800"], "Unicode"),
        ("names", [b"a", b"b"], "names are of type"),
        ("vectors", [[np.nan, 0], [1, 0]], "finite"),
        ("vectors", np.ones([2, 2, 1]), "Received"),
        ("vectors", 1.0, "Received"),
        ("first", [-3, 0], "0 <= first < last"),
        ("first", ["a", "b"], "first are of type"),
        ("last", [0, 4], "0 <= first < last"),
        ("last", [4], "Received"),
        ("spread", [np.inf, 1], "finite"),
    )
    def test_damaged_ones_are_refused_with_their_path(
        self, field, array, reason
    ):
        path = pathlib.Path(self.create_tempdir().full_path) / "a.npz"
        good = {
            "names": ["a", "b"],
            "vectors": np.eye(2),
            "first": [0, 0],
            "last": [4, 4],
            "spread": [1.0, 1.0],
        }
        np.savez(path, **good)
        self.assertLen(direction_files.read(path), 2)
        np.savez(path, **{**good, field: array})
        with self.assertRaisesRegex(ValueError, f"{path}.*{reason}"):
            direction_files.read(path)


if __name__ == "__main__":
    tf.test.main()
