"""Truncated images: what they change, and what their numbers are called."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators
from stylegan_tf.evaluation import job, measure, names, rows
from stylegan_tf.features import detectors
from stylegan_tf.networks import build
from tests.helpers import progressive, support


class TruncationTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        generator = build.generator(support.small_config())
        cls.network = generators.Bound(support.shake(generator))
        cls.detectors = detectors.Detectors("offline")

    def _job(self, generator=None, **options):
        network = generators.Bound(generator) if generator else self.network
        return job.Job(network, self.detectors, **options)

    def _images(self, mixed=None, **options):
        made = self._job(**options).images(64, mixed)
        return np.concatenate(list(made))

    def test_psi_1_makes_the_images_that_there_were(self):
        self.assertAllEqual(self._images(truncation_psi=1.0), self._images())
        (number,) = self._measured("ppl2_0.032k_wend")
        (again,) = self._measured("ppl2_0.032k_wend", truncation_psi=1.0)
        self.assertEqual(number.values, again.values)

    @pytest.mark.slow
    def test_psi_0_makes_one_image_but_for_the_noise(self):
        config = support.small_config({"use_noise": False})
        generator = build.generator(config)
        support.shake(generator)
        made = next(self._job(generator, truncation_psi=0.0).images(64))
        self.assertAllEqual(made, np.repeat(made[:1], 64, axis=0))

    @pytest.mark.slow
    def test_less_psi_is_less_diversity_and_a_shorter_path(self):
        spreads, lengths = [], []
        for psi in (1.0, 0.5, 0.0):
            spreads.append(np.std(self._images(truncation_psi=psi), 0).mean())
            (found,) = self._measured("ppl2_0.032k_zfull", truncation_psi=psi)
            lengths.extend(found.values.values())
        for each in (spreads, lengths):
            self.assertGreater(each[0], 1.2 * each[1])
            self.assertGreater(each[1], 1.2 * each[2])
        self.assertEqual(lengths[-1], 0.0)

    def test_a_cutoff_leaves_the_finer_layers_alone(self):
        work = self._job(truncation_psi=0.0, truncation_cutoff=2)
        ws = support.normal(3, self.network.config.num_ws, 12)
        found = work.truncate(ws)
        self.assertAllEqual(found[:, 2:], ws[:, 2:])
        mean = np.asarray(self.network.network.mapping.w_avg)
        self.assertAllClose(found[:, :2], np.broadcast_to(mean, (3, 2, 12)))

    def test_mixed_styles_are_truncated_too(self):
        far, near = (self._images(2, truncation_psi=psi) for psi in (1.0, 0.3))
        self.assertLess(np.std(near, 0).mean(), 0.9 * np.std(far, 0).mean())

    @parameterized.parameters(
        ({}, ""),
        ({"truncation_psi": 1.0, "truncation_cutoff": 3}, ""),
        ({"truncation_psi": 0.7}, "_psi0.7"),
        ({"truncation_psi": -1, "truncation_cutoff": 4}, "_psi-1_cutoff4"),
    )
    @pytest.mark.slow
    def test_numbers_of_truncated_images_are_called_so(self, options, label):
        (found,) = self._measured("ppl2_0.032k_wend", **options)
        name = f"ppl2_0.032k_wend{label}"
        self.assertEqual([*found.values], [f"{name}_offline"])
        row = rows.row(found, self._job(**options), images_seen=0)
        self.assertEqual(row["metric"], name)
        told = row["protocol"]
        self.assertEqual(
            (told["truncation_psi"], told["truncation_cutoff"]),
            (
                options.get("truncation_psi", 1.0),
                options.get("truncation_cutoff"),
            ),
        )

    def test_a_network_without_a_mean_w_says_so(self):
        generator, _ = progressive.build_small("progan")
        (found,) = self._measured(
            "ppl2_0.032k_zend", generator, truncation_psi=0.7
        )
        self.assertRegex(str(found.error), "no mean w to truncate towards")

    def _measured(self, name, generator=None, **options):
        work = self._job(generator, **options)
        return list(measure.measure(work, names.parse_all(name)))


if __name__ == "__main__":
    tf.test.main()
