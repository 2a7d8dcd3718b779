"""What directions change, of a formula in place of a network."""

import types

import numpy as np
import tensorflow as tf

from stylegan_tf.editing import direction_files
from stylegan_tf.editing.directions import effects

_GENERATOR = types.SimpleNamespace(images=lambda ws: ws, full_size=lambda x: x)


def _effect(*changes):
    return effects.Effect(np.array(changes), np.abs(changes))


class EffectsTest(tf.test.TestCase):
    def test_a_linear_network_by_hand(self):
        """Of ws the first layer's entries are the scores."""
        direction = direction_files.Direction(
            "a", np.array([0.6, 0.8]), 0, 1, 2.0
        )
        ws = np.zeros([2, 2, 2], np.float32)
        ws[:, 0] = [[-1, -4], [1, 4]]  # deviations of 1 and 4
        found = effects.measure_all(
            _GENERATOR, lambda x: x[:, 0], ws, {"by hand": [direction]}, 1.5
        )
        found = found["by hand"]["a"]
        self.assertAllClose(found.mean, [3.6, 1.2])
        self.assertAllClose(found.ratio(0), 3.0)
        self.assertAllClose(found.ratio(1), 1 / 3)

    def test_others_count_by_their_size_and_not_by_their_mean(self):
        direction = direction_files.Direction("a", np.array([1.0]), 0, 1, 1.0)
        ws = np.ones([2, 1, 1], np.float32)

        def score(x):  # the second goes up in one image, down in the other
            x = x[:, 0]
            return np.concatenate([x, x * [[1], [-1]]], axis=1)

        found = effects.measure(_GENERATOR, score, ws, direction, 1.0)
        self.assertAllClose(found.mean, [2.0, 0.0])
        self.assertAllClose(found.ratio(0), 1.0)

    def test_one_attribute_alone_has_no_ratio(self):
        self.assertAllEqual(np.isnan(_effect(3.0).ratio(0)), True)

    def test_nameless_directions_serve_what_they_change_most(
        self,
    ):
        known = {"pca0": _effect(1.0, 2.0), "pca1": _effect(-3.0, 1.0)}
        glasses, smile = effects.of_attributes(known, ["glasses", "smile"])
        self.assertEqual(glasses[:2], ("glasses", "-pca1"))
        self.assertAllClose(glasses[2].mean, [3.0, -1.0])
        self.assertEqual(smile[:2], ("smile", "pca0"))
        known["smile"] = _effect(0.0, 1.0)
        _, smile = effects.of_attributes(known, ["glasses", "smile"])
        self.assertEqual(smile[1], "smile")
        self.assertEqual(effects.of_attributes({"hat": known["smile"]}, []), [])

    def test_the_table_has_a_row_an_attribute_and_means(self):
        groups = {"pca": {"pca0": _effect(4.0, 2.0)}, "svm": {}}
        lines = effects.table(groups, ["glasses", "smile"])
        self.assertLen(lines, 4)
        self.assertRegex(lines[0], "^method .*glasses +smile +others +ratio$")
        self.assertRegex(
            lines[1], r"^pca +glasses \(pca0\) +4.00 +2.00 +2.00 +2.0$"
        )
        self.assertRegex(lines[2], r"^pca +smile \(pca0\) .* 0.5$")
        self.assertRegex(lines[3], r"^pca +mean +1.2$")
        self.assertLen({len(line) for line in lines}, 1)


if __name__ == "__main__":
    tf.test.main()
