"""Evaluations: shared passes, labels of results, failures, replicas."""

import os
import pathlib
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import cache, generators, images, run_directory
from stylegan_tf.evaluation import (
    job,
    measure,
    names,
    reals,
    rows,
)
from stylegan_tf.features import detectors, offline
from stylegan_tf.metrics import fid
from tests.helpers import evaluations, support


class MeasureTest(tf.test.TestCase, parameterized.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory())
        )
        os.environ[cache.VARIABLE] = str(cls.folder / "cache")
        cls.addClassCleanup(os.environ.pop, cache.VARIABLE)
        cls.data = evaluations.faces(cls.folder / "faces")
        cls.generator = evaluations.run(cls.folder / "run", cls.data)

    def _job(self, features="offline", **options):
        generator = generators.open(self.folder / "run")
        return job.Job(
            generator,
            detectors.Detectors(features),
            reals.Reals(self.data, generator.config),
            **options,
        )

    def _measure(self, text, work=None):
        work = work or self._job()
        return list(measure.measure(work, names.parse_all(text)))

    @pytest.mark.slow
    def test_results_carry_the_label_of_their_detector(self):
        found = self._measure(
            "fid0.06k_full,kid0.06k,is0.06k,pr0.03k3,dc0.03k5,ppl0.01k_wend,"
            "ls0.06k,msssim0.02k,swd0.02k"
        )
        errors = [each.error for each in found if each.error]
        self.assertEmpty(errors)
        values = {k: v for each in found for k, v in each.values.items()}
        self.assertAllInSet(
            [*values],
            [
                "fid0.06k_full_offline",
                "kid0.06k_offline",
                "is0.06k_mean_offline",
                "is0.06k_std_offline",
                "pr0.03k3_precision_offline",
                "pr0.03k3_recall_offline",
                "dc0.03k5_density_offline",
                "dc0.03k5_coverage_offline",
                "ppl0.01k_wend_offline",
                "ls0.06k_z_offline",
                "ls0.06k_w_offline",
                "msssim0.02k",
                "swd0.02k",
            ],
        )
        self.assertAllInRange(np.array([*values.values()]), -1e6, 1e6)
        self.assertIn("_offline", measure.note(found))

    @pytest.mark.slow
    def test_fid_is_that_of_all_features_at_once(self):
        (found,) = self._measure("fid0.07k_full")
        work, extractor = self._job(), offline.load()
        made = np.concatenate(list(work.images(70)))
        real = np.concatenate(list(work.reals.batches(40)))
        statistics = [fid.Statistics(128) for _ in range(2)]
        statistics[0].add(extractor.features(real))
        statistics[1].add(extractor.features(made))
        expected = fid.from_statistics(*statistics)
        self.assertAllClose(
            found.values["fid0.07k_full_offline"], expected, rtol=1e-6
        )
        self.assertEqual((found.generated, found.real), (70, 40))

    @pytest.mark.slow
    def test_sharing_a_pass_changes_no_number(self):
        together = self._measure("fid0.07k_full,kid0.05k,pr0.03k3")
        for each in together:
            (alone,) = self._measure(each.evaluator.name)
            self.assertEqual(alone.values, each.values)

    @pytest.mark.slow
    def test_every_image_is_made_and_looked_at_once(self):
        work, seen = self._job(), []
        work.report = seen.append
        extractor = work.detectors.of("inception")
        looked, features = [], extractor.features

        def counting(images):
            looked.append(len(images))
            return features(images)

        extractor.features = counting
        self._measure("fid0.07k,kid0.05k,is0.06k,pr0.03k3", work)
        self.assertEqual(sum(seen), 70)
        self.assertEqual(sum(looked), 40 + 70)  # real and generated

    @pytest.mark.slow
    def test_a_metric_that_fails_leaves_the_others_alone(self):
        empty = self.create_tempdir().full_path
        work = self._job(empty)
        found = self._measure("fid0.06k,swd0.02k,ppl0.01k_wend,ls0.06k", work)
        by_name = {each.evaluator.name: each for each in found}
        self.assertIsInstance(by_name["fid0.06k"].error, FileNotFoundError)
        self.assertRegex(str(by_name["fid0.06k"].error), "inception-2015")
        self.assertIsInstance(by_name["ppl0.01k_wend"].error, OSError)
        self.assertIsNone(by_name["swd0.02k"].error)
        self.assertIsNone(by_name["ls0.06k"].error)

    @pytest.mark.slow
    def test_one_bad_image_is_one_reason_for_all_that_look_at_it(self):
        data = evaluations.faces(self.folder / "odd")
        (pathlib.Path(data) / "dead.png").symlink_to("nowhere.png")
        work = self._job()
        work.reals = reals.Reals(data, work.network.config)
        found = self._measure("fid0.06k,kid0.06k,is0.06k,swd0.06k", work)
        ((reason, failed),) = measure.failures(found).items()
        self.assertEqual(failed, ["fid0.06k", "kid0.06k", "swd0.06k"])
        self.assertRegex(reason, "dead.png cannot be used: .*prepare_dataset")
        self.assertLen(reason.splitlines(), 1)

    @pytest.mark.slow
    def test_without_a_data_set_what_needs_none_is_measured(self):
        work = self._job()
        work.reals = None
        found = self._measure("fid0.06k,is0.06k,msssim0.02k", work)
        self.assertRegex(str(found[0].error), "--dataset")
        self.assertEmpty([each.error for each in found[1:] if each.error])

    @pytest.mark.slow
    def test_a_detector_of_the_user_serves_what_compares_features(self):
        class Means:
            name, label, sha256, resize = "means", "custom", "", "none"

            def features(self, images):
                return images.reshape(len(images), -1, 3).mean(1) / 255.0

        work = self._job()
        work.detectors.of = lambda kind: Means()
        (found,) = self._measure("fid0.06k", work)
        self.assertEqual([*found.values], ["fid0.06k_custom"])

    @pytest.mark.slow
    def test_two_replicas_measure_what_one_does(self):
        text = "fid0.07k_full,pr0.03k3,ls0.06k"
        found = []
        for strategy in (tf.distribute.get_strategy(), support.two_replicas()):
            with strategy.scope():
                found.append(self._measure(text))
        for one, two in zip(*found, strict=True):
            self.assertIsNone(two.error)
            for name, value in one.values.items():
                self.assertAllClose(two.values[name], value, rtol=1e-6)

    @pytest.mark.slow
    def test_few_reals_are_shown_once_or_again(self):
        """Four grey images; FID of their means, worked out by hand."""
        data = self.folder / "grey"
        data.mkdir(exist_ok=True)
        for value in range(4):
            pixels = np.full((16, 16, 3), 51 * value, np.uint8)
            images.write_png(data / f"{value}.png", pixels)

        class Means:
            name, label, sha256, resize = "means", "custom", "", "none"

            def features(self, images):
                return images.mean((1, 2, 3))[:, None] / 51.0

        made = np.concatenate(list(self._job().images(8)))
        made = Means().features(made)[:, 0].astype(np.float64)
        spread = 5.0  # of 0, 1, 2, 3 around 1.5: 2.25 + 0.25 + 0.25 + 2.25
        for repeats, count, variance in (
            (False, 4, spread / 3),
            (True, 8, 2 * spread / 7),  # each twice
        ):
            work = self._job(repeats_reals=repeats)
            work.reals = reals.Reals(data, work.network.config)
            work.detectors.of = lambda kind: Means()
            (found, full) = self._measure("fid0.008k,fid0.008k_full", work)
            expected = (made.mean() - 1.5) ** 2
            expected += (made.std(ddof=1) - np.sqrt(variance)) ** 2
            value = found.values["fid0.008k_custom"]
            self.assertAllClose(value, expected, rtol=1e-5)
            told = rows.protocol(found, work)
            self.assertEqual(told["real"], count)
            self.assertEqual(told["real_repeats"], count - 4)
            self.assertEqual(full.real, 4)

    @pytest.mark.slow
    def test_reals_are_mirrored_where_the_name_has_no_full(self):
        work = self._job(is_mirrored=True)
        found = self._measure("fid0.04k,fid0.04k_full,swd0.04k", work)
        told = {m.evaluator.name: rows.protocol(m, work) for m in found}
        mirrored = {name: each["is_mirrored"] for name, each in told.items()}
        self.assertEqual(
            mirrored,
            {"fid0.04k": True, "fid0.04k_full": False, "swd0.04k": True},
        )
        plain = self._measure("fid0.04k,fid0.04k_full,swd0.04k")
        for one, two in zip(found, plain, strict=True):
            is_same = [*one.values.values()] == [*two.values.values()]
            self.assertEqual(is_same, one.evaluator.name == "fid0.04k_full")

    @pytest.mark.slow
    def test_mixed_latents_are_a_pass_of_their_own(self):
        text = "fid0.04k_full,fid0.04k_full_mix2,kid0.04k_mix2"
        work, seen = self._job(), []
        work.report = seen.append
        plain, mixed, kid = self._measure(text, work)
        self.assertEqual(sum(seen), 80)
        self.assertEqual(sum(seen), measure.total(names.parse_all(text)))
        self.assertNotEqual(
            *(each.values.popitem()[1] for each in (plain, mixed))
        )
        (alone,) = self._measure("kid0.04k_mix2")
        self.assertEqual(alone.values, kid.values)
        told = rows.protocol(kid, work)
        self.assertEqual(told["latents"], 2)
        self.assertIn("distinct", told["crossovers"])
        self.assertNotIn("latents", rows.protocol(plain, work))

    @pytest.mark.slow
    def test_rows_hold_the_whole_protocol(self):
        work = self._job(seed=3)
        (found,) = self._measure("kid0.05k", work)
        row = rows.row(found, work, images_seen=1000, network="run")
        self.assertEqual(row["images_seen"], 1000)
        self.assertIn("metrics/kid0.05k_offline", row)
        self.assertEqual(row["metric"], "kid0.05k")
        self.assertContainsSubset(
            {
                "generated": 50,
                "real": 40,
                "subsets": 100,
                "truncation_psi": 1.0,
                "seed": 3,
                "dataset": self.data,
                "image_shape": [16, 16, 3],
            },
            row["protocol"],
        )
        detector = row["protocol"]["detector"]
        self.assertEqual(detector["sha256"], offline.load().sha256)
        self.assertEqual(detector["resize"], "area")
        self.assertIn("tensorflow", row["software"])
        path = self.folder / "rows.jsonl"
        run_directory.append(path, [row, row])
        self.assertLen(path.read_text().splitlines(), 2)
        self.assertIn("kid0.05k_offline", rows.table([found]))


class DetectorsTest(tf.test.TestCase):
    def test_what_is_not_found_is_the_offline_extractor(self):
        os.environ["STYLEGAN_TF_FEATURES"] = self.create_tempdir().full_path
        self.addCleanup(os.environ.pop, "STYLEGAN_TF_FEATURES")
        made = detectors.Detectors("auto")
        for kind in (
            "inception",
            "inception_softmax",
            "vgg16",
            "lpips",
            "attribute_classifiers",
        ):
            self.assertEqual(made.of(kind).label, "offline", kind)
        self.assertIs(made.of("inception"), made.of("vgg16"))
        self.assertIsNone(made.of(None))

    def test_a_network_of_the_user_is_labelled_and_gives_no_classes(self):
        import keras

        path = pathlib.Path(self.create_tempdir().full_path, "mine.keras")
        inputs = keras.Input((8, 8, 3))
        outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        keras.Model(inputs, outputs).save(path)
        made = detectors.Detectors(str(path))
        self.assertEqual(made.of("inception").label, "custom")
        self.assertIs(made.of("inception"), made.of("vgg16"))
        self.assertEqual(made.of("lpips").label, "offline")
        with self.assertRaisesRegex(ValueError, "class probabilities"):
            made.of("inception_softmax")

    def test_a_path_that_is_not_there_is_refused(self):
        with self.assertRaisesRegex(FileNotFoundError, '"offline"'):
            detectors.Detectors("nowhere")


if __name__ == "__main__":
    tf.test.main()
