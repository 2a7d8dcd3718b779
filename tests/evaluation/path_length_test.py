"""Path lengths of formulas: known answers, labels, noise, seeds."""

import types

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.metrics import path_length
from tests.helpers import toy_jobs


class _Squares:
    """A detector: squared differences."""

    def distance(self, a, b):
        return np.sum((a - b).astype(float) ** 2, axis=(1, 2, 3))


def _network(map_latents, synthesize):
    """A generator; `synthesize` takes styles of pairs side by side."""
    return types.SimpleNamespace(
        map=map_latents,
        truncate=lambda ws, psi, cutoff: ws,
        synthesize_afresh=lambda ws, random, shares_noise: synthesize(ws),
        full_size=lambda images: images,
    )


class PathLengthTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("full", "end")
    def test_a_flat_w_has_the_length_of_its_way(self, sampling):
        """Images linear in w: every step is as long as the way."""
        ways = []

        def map_latents(z, labels):
            ways.append(np.tanh(z.astype(np.float64)))
            return np.repeat(ways[-1][:, None], 2, axis=1)

        # A step of 1e-4 in float32: differences keep two or three digits.
        network = _network(
            map_latents, lambda ws: ws[:, 0].reshape(-1, 2, 2, 1)
        )
        (found,) = toy_jobs.numbers(
            f"ppl2_0.06k_w{sampling}", network, _Squares(), z_size=4
        )
        starts, ends = np.concatenate(ways[::2]), np.concatenate(ways[1::2])
        expected = np.sum((starts - ends) ** 2, axis=1)[:60]
        expected = path_length.trimmed_mean(expected)
        self.assertAllClose(found, expected, rtol=1e-3, atol=0)

    def test_both_ends_of_a_way_have_the_same_label_and_noise(self):
        seen, noise = [], np.random.RandomState(0)

        def map_latents(z, labels):
            seen.append(labels[:, 0])
            return np.zeros((len(z), 1, 1))

        def synthesize(ws):
            images = noise.standard_normal((len(ws) // 2, 4, 4, 1))
            return np.repeat(images, 2, axis=0)

        (found,) = toy_jobs.numbers(
            "ppl2_0.1k_wfull",
            _network(map_latents, synthesize),
            _Squares(),
            z_size=4,
            label_size=2,
        )
        self.assertEqual(found, 0.0)
        self.assertLen(seen, 8)
        self.assertAllEqual(seen[0], seen[1])
        self.assertNotAllEqual(seen[0], seen[2])

    def test_a_network_is_measured_the_same_every_time(self):
        network = _network(
            lambda z, labels: np.tanh(z)[:, None],
            lambda ws: np.tanh(ws * ws).reshape(-1, 1, 1, 5),
        )

        def measure(name="ppl2_0.04k_wfull", **options):
            return toy_jobs.numbers(
                name, network, _Squares(), z_size=5, **options
            )

        self.assertEqual(measure(), measure())
        self.assertNotEqual(measure(), measure(seed=1))
        self.assertNotEqual(measure(), measure("ppl2_0.04k_zfull"))


if __name__ == "__main__":
    tf.test.main()
