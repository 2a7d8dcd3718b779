"""Linear separability of a formula: known answers in z and in w."""

import types

import numpy as np
import tensorflow as tf

from tests.helpers import toy_jobs


class SeparabilityTest(tf.test.TestCase):
    def test_a_network_is_measured_in_z_and_in_w(self):
        """w straightens what bends in z, as the paper has it."""

        def map_latents(z, labels):
            w = np.stack([z[:, 0] * z[:, 1], z[:, 2]], axis=1)
            return np.repeat(w[:, None], 2, axis=1)

        network = types.SimpleNamespace(
            map=map_latents,
            truncate=lambda ws, psi, cutoff: ws,
            synthesize_afresh=lambda ws, random: ws[:, -1][:, None, None],
            full_size=lambda images: images,
        )
        detector = types.SimpleNamespace(logits=lambda x: x[:, 0, 0])
        in_z, in_w = toy_jobs.numbers("ls0.5k", network, detector, z_size=3)
        self.assertAllClose(in_z, 2.0, atol=0.15)
        self.assertLess(in_w, 1.1)


if __name__ == "__main__":
    tf.test.main()
