"""Names of metrics say what is measured."""

import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.evaluation import names


class NamesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*names.NAMES)
    def test_every_known_name_has_an_evaluator(self, name):
        found = names.parse(name)
        self.assertEqual(found.name, name)
        self.assertEqual(hash(found), hash(names.parse(name)))
        for result in found.result_names:
            self.assertStartsWith(result, name)

    @parameterized.parameters(
        ("fid50k", "fid", 50_000, 50_000, True),
        ("fid50k_full", "fid", 50_000, None, False),
        ("fid5k_full", "fid", 5_000, None, False),
        ("fid0.5k", "fid", 500, 500, True),
        ("kid50k_full", "kid", 50_000, 1_000_000, False),
        ("pr50k3_full", "precision_recall", 50_000, 200_000, False),
        ("pr2k5", "precision_recall", 2_000, 2_000, True),
        ("dc10k5_full", "density_coverage", 10_000, 200_000, False),
        ("cs5k", "class_score", 5_000, 5_000, False),
        ("swd", "sliced_wasserstein", 16_384, 16_384, True),
        ("swd4k", "sliced_wasserstein", 4_000, 4_000, True),
    )
    def test_counts_of_what_needs_real_images(
        self, name, metric, generated, real, keeps_mirror
    ):
        found = names.parse(name)
        self.assertEqual(found.metric, metric)
        self.assertEqual(found.generated, generated)
        self.assertTrue(found.uses_real)
        self.assertEqual(found.real, real)
        self.assertEqual(found.keeps_mirror, keeps_mirror)

    @parameterized.parameters(
        ("is50k", "inception_score", 50_000),
        ("ls", "separability", 200_000),
        ("ls20k", "separability", 20_000),
        ("msssim", "ms_ssim", 20_000),
        ("ppl_zfull", "path_length", 50_000),
        ("ppl100k_wend", "path_length", 100_000),
        ("ppl25k_wend", "path_length", 25_000),
        ("ppl2_5k_wend", "path_length", 5_000),
    )
    def test_counts_of_what_needs_a_generator_only(self, name, metric, count):
        found = names.parse(name)
        self.assertEqual(found.metric, metric)
        self.assertEqual(found.generated, count)
        self.assertFalse(found.uses_real)

    @parameterized.parameters(
        ("ppl_zfull", "z", "full", True),
        ("ppl_wend", "w", "end", True),
        ("ppl2_wend", "w", "end", False),
        ("ppl25k_wend", "w", "end", True),
        ("ppl2_5k_wend", "w", "end", False),
    )
    def test_path_lengths(self, name, space, sampling, is_cropped):
        found = names.parse(name)
        self.assertEqual(found.space, space)
        self.assertEqual(found.sampling, sampling)
        self.assertEqual(found.is_cropped, is_cropped)
        self.assertEqual(found.epsilon, 1e-4)
        self.assertEqual(found.detector, "lpips")

    @parameterized.parameters(
        ("fid50k", True),
        ("fid5k_mix2", True),
        ("pr50k3", True),
        ("swd", True),
        ("fid50k_full", False),
        ("pr50k3_full", False),
        ("kid50k", False),
        ("dc50k5", False),
        ("ls", False),
    )
    def test_what_stylegan_s_code_repeats(self, name, expected):
        self.assertEqual(names.parse(name).may_repeat, expected)

    @parameterized.parameters(
        ("fid50k", None), ("fid50k_mix4", 4), ("kid5k_full_mix2", 2)
    )
    def test_mixed_latents(self, name, expected):
        found = names.parse(name)
        self.assertEqual(found.latents, expected)
        self.assertEqual(bool(found.crossovers), bool(expected))
        self.assertEqual(found.result_names, (name,))

    @parameterized.parameters("z", "w")
    def test_the_path_lengths_of_stylegan_s_tables_are_of_100_000_pairs(
        self, s
    ):
        for sampling in ("full", "end"):
            name = f"ppl100k_{s}{sampling}"
            self.assertIn(name, names.NAMES)
            self.assertEqual(names.parse(name).generated, 100_000)
            self.assertTrue(names.parse(name).is_cropped)

    def test_results_have_names(self):
        found = names.parse("pr5k3").result_names
        self.assertEqual(found, ("pr5k3_precision", "pr5k3_recall"))
        self.assertEqual(names.parse("ls").result_names, ("ls_z", "ls_w"))
        self.assertEqual(names.parse("fid50k").result_names, ("fid50k",))

    @parameterized.parameters(
        ("fid50k_ful", "fid50k_full"),
        ("fdi5k", "fid50k"),
        ("pr50k", "pr50k3"),
        ("ppl_wfll", "ppl_wfull"),
        ("ppl3_wend", "ppl_wend"),
        ("fid0k", "fid50k"),
        ("ms_ssim", "msssim"),
        ("fid50k3", "fid50k"),
        ("fid50k_mix1", "fid50k"),
        ("fid50k_mix10", "fid50k"),
    )
    def test_an_unknown_name_is_refused_with_the_closest(self, name, near):
        with self.assertRaisesRegex(ValueError, f"Did you mean `{near}`"):
            names.parse(name)

    @parameterized.parameters(
        ("fid64_full", "fid50k_full", "fid0.064k_full"),
        ("kid5000", "kid50k", "kid5k"),
        ("ls20000", "", "ls20k"),
        ("msssim64", "msssim", "msssim0.064k"),
        ("ppl_5000_wend", "", "ppl_5k_wend"),
    )
    def test_a_count_without_k_is_told_with_what_was_meant(
        self, name, near, meant
    ):
        with self.assertRaises(ValueError) as caught:
            names.parse(name)
        message = str(caught.exception)
        self.assertStartsWith(message, f"{name!r}: there is no such metric.")
        if near:
            self.assertIn(f"Did you mean `{near}`?", message)
        self.assertIn(f"thousands, with a k: {meant} for ", message)
        self.assertLess(len(message), 300)
        self.assertIsNotNone(names.parse(meant))

    def test_a_list_is_split_and_each_taken_once(self):
        found = names.parse_all("fid5k_full, ls,fid5k_full")
        self.assertEqual([each.name for each in found], ["fid5k_full", "ls"])


if __name__ == "__main__":
    tf.test.main()
