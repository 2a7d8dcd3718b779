"""Path lengths of single images: of a formula, sorted, in figures."""

import types

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.editing.figures import path_lengths
from tests.helpers import support


def _linear(batch_size=4):
    """A generator whose images are their styles, and then their noise."""

    def synthesize(ws, noise):
        shown = ws.reshape(-1, 2, 2, 1).astype(np.float32)
        return shown if noise == "const" else shown + noise[0]

    return types.SimpleNamespace(
        batch_size=batch_size,
        synthesize=synthesize,
        full_size=lambda images: images,
        images=lambda ws, noise: np.zeros((len(ws), 8, 8, 3), np.uint8),
    )


def _distance(first, second):
    return np.sum((first - second).astype(float) ** 2, axis=(1, 2, 3))


class PathLengthsTest(tf.test.TestCase, parameterized.TestCase):
    def test_of_images_that_are_linear_in_w_they_are_those_of_the_ways(self):
        ws = support.normal(7, 2, 2)
        found = path_lengths.of_images(_linear(), ws, _distance, ways=2)
        ways = [np.sum((np.roll(ws, -k, 0) - ws) ** 2, (1, 2)) for k in (1, 2)]
        self.assertAllClose(found, np.mean(ways, axis=0), rtol=2e-2)

    def test_they_depend_on_no_batch_and_steps_share_their_noise(self):
        ws, noise = support.normal(7, 2, 2), [support.normal(7, 2, 2, 1)]
        for maps, tolerance in (("const", 1e-12), (noise, 3e-2)):
            first, second = (
                path_lengths.of_images(_linear(size), ws, _distance, noise=each)
                for size, each in ((2, "const"), (16, maps))
            )
            self.assertAllClose(first, second, rtol=tolerance, atol=0)

    def test_truncation_shortens_them_by_its_square(self):
        ws = support.normal(12, 2, 2)
        full, half = (
            path_lengths.of_images(_linear(), psi * ws, _distance)
            for psi in (1.0, 0.5)
        )
        self.assertAllClose(half, full / 4, rtol=3e-2)

    def test_the_lowest_and_the_highest_tenth_ascend(self):
        lengths = np.random.RandomState(0).permutation(100)
        low, high = path_lengths.tenths(lengths)
        self.assertAllEqual(lengths[low], range(10))
        self.assertAllEqual(lengths[high], range(90, 100))
        low, high = path_lengths.tenths(lengths, most=3)
        self.assertAllEqual(lengths[low], [0, 4, 9])
        self.assertAllEqual(lengths[high], [90, 94, 99])
        self.assertLen(path_lengths.tenths(lengths[:10])[0], 1)

    @parameterized.parameters((9, 4), (10, 10))
    def test_few_images_are_refused(self, count, ways):
        with self.assertRaisesRegex(ValueError, f"{count} images, {ways} ways"):
            path_lengths.refuse_few(count, ways)

    def test_numbers_have_their_digits_and_no_exponent(self):
        told = [path_lengths.number(x) for x in (0.77, 9.996, 234.2, 12345.0)]
        self.assertEqual(told, ["0.770", "10.0", "234", "12300"])
        told = [path_lengths.number(x, 2) for x in (0.0774, 7.74, 9.96, 774.0)]
        self.assertEqual(told, ["0.077", "7.7", "10", "770"])

    def test_a_number_stands_below_each_image(self):
        detector = types.SimpleNamespace(distance=_distance, name="squares")
        figure = path_lengths.draw(
            _linear(), support.normal(20, 2, 2), detector
        )
        texts = [each.get_text() for each in figure.axes[0].texts]
        self.assertContainsSubset(["lowest 10 %", "highest 10 %"], texts)
        numbers = [float(text) for text in texts if text[0].isdigit()]
        self.assertLen(numbers, 4)
        self.assertAllEqual(np.sort(numbers), numbers)
        self.assertIn("of 20 images, mean", texts[-1])
        self.assertIn("(squares)", texts[-1])

    def test_two_networks_stand_below_their_numbers(self):
        sheets = [np.zeros((5, size, size, 3), np.uint8) for size in (8, 16)]
        figure = path_lengths.compare(
            sheets,
            ["a", "b, ψ = 0.7"],
            [
                {"fid5k_full_offline": 8.5, "ppl2_5k_wend_offline": 234.2},
                {
                    "fid5k_full_psi0.7_offline": 8.52,
                    "ppl2_5k_wend_psi0.7_offline": 0.9,
                },
            ],
            ["offline-faces"],
        )
        texts = [each.get_text() for each in figure.axes[0].texts]
        self.assertEqual(
            texts,
            [
                "a\nFID 8.50, path length 234",
                "b, ψ = 0.7\nFID 8.52, path length 0.900",
                "fid5k_full_offline and ppl2_5k_wend_offline (offline-faces)",
            ],
        )
        self.assertLen(figure.axes[0].images, 10)


if __name__ == "__main__":
    tf.test.main()
