"""Networks beside each other: their psi, and what was measured of them."""

import pathlib
import shutil
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import run_directory
from stylegan_tf.command_line import children, compared
from stylegan_tf.features import detectors
from tests.helpers import running, support

_METRICS = "fid0.1k_full,ppl2_0.1k_wend"


class ComparedTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        self.network = self.folder / "run"
        quickstart = running.ROOT / "tests" / "fixtures" / "quickstart"
        ignored = shutil.ignore_patterns(run_directory.METRICS)
        shutil.copytree(quickstart, self.network, ignore=ignored)

    def _measure(self, tool, jobs):
        """As `children.run_all`, with numbers that count up."""
        self.asked = jobs
        for arguments in jobs.values():
            given = dict(each.split("=") for each in arguments)
            psi = given.get("--truncation_psi")
            for metric in given["--metrics"].split(","):
                label = f"_psi{psi}" if psi else ""
                self._log(f"{metric}{label}", f"{metric}{label}_offline")
        return {}, False

    def _log(self, metric, name, value=3.0, **protocol):
        (opened,) = compared.open(str(self.network))
        detector = detectors.describe(
            detectors.Detectors("offline").of("lpips")
        )
        plain = {"detector": detector, "dataset": "faces", "real": 5}
        row = {
            "images_seen": opened.generator.images_seen,
            "metric": metric,
            f"metrics/{name}": value,
            "protocol": {**plain, **protocol},
        }
        run_directory.append(self.network / run_directory.METRICS, [row])

    @pytest.mark.slow
    def test_what_is_missing_is_measured_once(self):
        networks = compared.open(f"{self.network},{self.network}@0.7")
        self.assertEqual(
            [each.title for each in networks],
            [f"{self.network}", f"{self.network}, ψ = 0.7"],
        )
        self._log("fid0.1k_full", "fid0.1k_full_offline", 5.0)
        with mock.patch.object(children, "run_all", self._measure):
            found = compared.measured(networks, _METRICS, "offline")
            plain, truncated = self.asked.values()
            self.assertIn("--metrics=ppl2_0.1k_wend", plain)
            self.assertIn(f"--metrics={_METRICS}", truncated)
            self.assertIn("--truncation_psi=0.7", truncated)
            self.assertEqual(
                compared.measured(networks, _METRICS, "offline"), found
            )
            self.assertEmpty(self.asked)
        self.assertEqual(found.detectors, ["offline-faces"])
        self.assertEqual(
            found.numbers,
            [
                {"fid0.1k_full_offline": 5.0, "ppl2_0.1k_wend_offline": 3.0},
                {
                    "fid0.1k_full_psi0.7_offline": 3.0,
                    "ppl2_0.1k_wend_psi0.7_offline": 3.0,
                },
            ],
        )

    @pytest.mark.slow
    def test_numbers_by_another_detector_are_not_taken(self):
        (network,) = networks = compared.open(str(self.network))
        self._log("fid0.1k_full", "fid0.1k_full", 1.5, detector={"name": "x"})
        with mock.patch.object(children, "run_all", self._measure):
            found = compared.measured(networks, "fid0.1k_full", "offline")
        self.assertIn(network.title, self.asked)
        self.assertEqual(found.numbers, [{"fid0.1k_full_offline": 3.0}])

    @pytest.mark.slow
    def test_other_protocols_are_refused_but_for_what_is_the_networks(self):
        networks = compared.open(f"{self.network},{self.network}@0.7")
        for metric in ("fid0.1k_full", "ppl2_0.1k_wend"):
            self._log(metric, metric, image_shape=[32, 32, 3], seed=0)
        plain = {"image_shape": [8, 8, 3], "seed": 0}
        for metric, real in (("fid0.1k_full", 5), ("ppl2_0.1k_wend", None)):
            name = f"{metric}_psi0.7"
            self._log(name, name, dataset="faces", real=real, **plain)
        self._log("ppl2_0.1k_wend", "ppl2_0.1k_wend", real=None, seed=0)
        compared.measured(networks, _METRICS, "offline")
        name = "fid0.1k_full_psi0.7"
        self._log(name, name, dataset="cats", **plain)
        with self.assertRaisesRegex(
            ValueError,
            r"differ in dataset \(faces and cats\). .*tools.evaluate",
        ):
            compared.measured(networks, _METRICS, "offline")

    @pytest.mark.slow
    def test_what_can_not_be_measured_is_said_with_the_command(self):
        networks = compared.open(str(self.network))
        with mock.patch.object(children, "run_all", lambda *_: ({}, False)):
            with self.assertRaisesRegex(ValueError, "(?s)Run.*tools.evaluate"):
                compared.measured(networks, _METRICS, "offline")

    def test_progan_has_no_psi(self):
        progan = f"{support.GOLDEN}/k6b_tf_pgan_32.nosrc.pkl"
        with self.assertRaisesRegex(ValueError, "has no mean w"):
            compared.open(f"{progan}@0.7")

    @pytest.mark.slow
    def test_the_figure_has_both(self):
        path = self.folder / "two.png"
        with mock.patch.object(children, "run_all", self._measure):
            done = running.run(
                "figures",
                "--figure=path-lengths",
                f"--networks={self.network},{self.network}@0.5",
                "--seeds=0-3",
                "--features=offline",
                f"--output={path}",
            )
        self.assertEqual(done.code, 0, done.errors)
        with Image.open(path) as picture:
            self.assertGreater(picture.width, 1.5 * picture.height)

    @parameterized.parameters(
        ("--networks=a,b --network=a", "--network is not for --networks"),
        ("--networks=a,b --ways=3", "--ways is not for --networks"),
        ("--networks=a,b --metrics=fid", "there is no such metric"),
        ("--networks=a,b", "a: no such file"),
        ("--network=a --metrics=fid5k", "--metrics is for --networks"),
        (
            f"--network={running.ROOT}/tests/fixtures/quickstart --seeds=0-3",
            "4 images, 4 ways",
        ),
    )
    @pytest.mark.slow
    def test_mistakes_are_one_line(self, arguments, message):
        path = self.folder / "x.png"
        done = running.run(
            "figures",
            "--figure=path-lengths",
            *arguments.split(),
            f"--output={path}",
        )
        self.assertEqual(done.code, 1)
        self.assertIn(message, done.errors)
        self.assertLen(done.errors.strip().splitlines(), 1)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    tf.test.main()
