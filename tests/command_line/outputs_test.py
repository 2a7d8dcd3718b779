"""Outputs and options that do not fit are refused before the work, in words."""

import os
import pathlib
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import checkpoint
from stylegan_tf.command_line import outputs
from stylegan_tf.networks import build
from tests.helpers import running, support

_QUICKSTART = f"--network={running.ROOT}/tests/fixtures/quickstart"
_TINY = f"--config={running.ROOT}/configs/tiny.py"
_STYLEGAN = f"--config={running.ROOT}/configs/stylegan.py"

# What every tool that writes needs besides its output.
_NEEDED = {
    "generate": (_QUICKSTART,),
    "export": (_QUICKSTART,),
    "prepare_dataset": ("--source=bundled", "--max_images=4"),
    "import_network": (f"--source={support.GOLDEN}/k6b_tf_pgan_32.nosrc.pkl",),
    "ablate": (_STYLEGAN, "--variants=a", "--small"),
    "train_classifier": ("--dataset=bundled",),
}


class _ToolTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        (self.folder / "file").write_bytes(b"mine")
        (self.folder / "full").mkdir()
        (self.folder / "full" / "x").write_bytes(b"mine")

    def refused(self, tool, *arguments):
        """The one line of a refusal that left nothing behind."""
        before = sorted(self.folder.rglob("*"))
        answer = running.run(tool, *arguments)
        self.assertEqual(answer.code, 1, answer.output)
        self.assertLen(answer.errors.splitlines(), 1, answer.errors)
        self.assertNotIn("[Errno", answer.errors)
        self.assertEqual(sorted(self.folder.rglob("*")), before)
        self.assertEqual((self.folder / "file").read_bytes(), b"mine")
        return answer.errors


class OutputsTest(_ToolTest):
    @parameterized.product(
        tool=list(_NEEDED), place=["file", "file/below", "full/x/y/z"]
    )
    def test_a_file_is_no_folder(self, tool, place):
        for extra in ((), ("--dry_run",)):
            output = f"--output={self.folder / place}"
            told = self.refused(tool, *_NEEDED[tool], output, *extra)
            self.assertRegex(told, "is a file|exists already")
            self.assertIn("give another, such as --output=", told)

    @parameterized.parameters(
        ("generate", (_QUICKSTART, "--grid=2x4"), "full/grid.png"),
        ("train_extractor", (), "full/extractor.npz"),
        ("evaluate", (_QUICKSTART,), "full/metrics.jsonl"),
        ("figures", (_QUICKSTART, "--figure=grid"), "full/figure.png"),
    )
    @pytest.mark.slow
    def test_a_folder_is_no_file(self, tool, needed, instead):
        output = f"--output={self.folder / 'full'}"
        told = self.refused(tool, *needed, output)
        self.assertIn("is a folder, but must be a file", told)
        self.assertIn(f"such as --output={self.folder}/{instead}", told)

    @parameterized.parameters(
        ("generate", (_QUICKSTART, "--grid=2x4"), "x.jpg", "end in .png"),
        ("generate", (_QUICKSTART, "--grid=2x4"), "x", "end in .png"),
        ("generate", (_QUICKSTART,), "x.png", "or --grid=ROWSxCOLUMNS"),
        ("train_extractor", (), "x.h5", "end in .npz"),
        ("export", (_QUICKSTART, "--format=onnx"), "x.tflite", "is .onnx"),
        ("export", (_QUICKSTART, "--format=onnx"), "full", "is a folder, and"),
        ("export", (_QUICKSTART, "--format=npz"), "x/", "faces.npz"),
        ("export", (_QUICKSTART,), "x.onnx", "its suffix is none"),
        ("figures", (_QUICKSTART, "--figure=grid"), "x.jpg", "end in .png or"),
        (
            "prepare_dataset",
            ("--source=bundled", "--format=records"),
            "x.zip",
            "--output of --format=records is a folder",
        ),
        (
            "prepare_dataset",
            ("--source=bundled", "--format=zip"),
            "x",
            "--output of --format=zip must end in .zip",
        ),
    )
    def test_a_name_says_what_is_written(self, tool, needed, name, message):
        told = self.refused(tool, *needed, f"--output={self.folder}/{name}")
        self.assertIn(message, told)

    @parameterized.parameters(
        ("export", "full"), ("export", "file"), ("prepare_dataset", "full")
    )
    def test_nothing_is_overwritten(self, tool, name):
        told = self.refused(
            tool, *_NEEDED[tool], f"--output={self.folder / name}"
        )
        self.assertRegex(told, "exists already[:.] [Rr]emove it, or|is a file")

    def test_other_outputs_are_looked_at_before_the_work(self):
        told = self.refused("train", _TINY, f"--workdir={self.folder}/file")
        self.assertIn("is a file, but must be a folder", told)
        told = self.refused("benchmark", f"--json={self.folder}/full")
        self.assertIn("figures.json", told)
        told = self.refused("benchmark", f"--json={self.folder}/file/x.json")
        self.assertIn("file is a file", told)

    def test_a_folder_that_may_not_be_written_is_named(self):
        with mock.patch.object(os, "access", lambda path, mode: False):
            with self.assertRaisesRegex(
                ValueError, f"{self.folder} may not be written by you: give"
            ):
                outputs.folder("output", self.folder / "x")
            for take in (outputs.folder, outputs.file):
                there = "full" if take is outputs.folder else "file"
                with self.assertRaisesRegex(
                    ValueError, "may not be written by you: give another, such"
                ):
                    take("output", self.folder / there)

    def test_what_can_be_written_is(self):
        folder = self.folder / "new" / "er"
        self.assertEqual(outputs.folder("output", folder), folder)
        self.assertEqual(outputs.folder("output", self.folder), self.folder)
        self.assertEqual(outputs.new("output", folder), folder)
        self.assertEqual(
            outputs.file("output", self.folder / "file"), self.folder / "file"
        )
        path = pathlib.Path("relative") / "x.PNG"
        self.assertEqual(outputs.file("output", path, suffix=".png"), path)


class OptionsTest(_ToolTest):
    @parameterized.parameters(
        ("generate", _QUICKSTART, "--class=0", "has no classes"),
        ("generate", _QUICKSTART, "--truncation_cutoff=2", "without --trunc"),
        ("export", _QUICKSTART, "--precision=float16", "is for onnx, lit"),
        ("export", _QUICKSTART, "--part=mapping", "Received: --format=saved"),
        ("evaluate", _QUICKSTART, "--classifiers=x", "It is for ls"),
        ("train", _TINY, "--json", "--json is for --dry_run"),
        ("ablate", _STYLEGAN, "--classifiers=x", "is for --metrics"),
        ("ablate", _STYLEGAN, "--features=offline", "is for --metrics"),
        ("import_network", "--list", "--source=x", "is not for --list"),
    )
    def test_what_does_not_apply_is_refused(self, tool, needed, given, message):
        more = {
            "ablate": ["--variants=a", f"--output={self.folder}/x"],
            "generate": [f"--output={self.folder}/x", "--dry_run"],
            "export": [f"--output={self.folder}/x"],
        }
        told = self.refused(tool, needed, given, *more.get(tool, []))
        self.assertIn(given.split("=")[0], told)
        self.assertIn(message, told)

    @parameterized.parameters(
        ("--metrics=msssim0.02k", "--features=offline"),
        ("--metrics=ppl0.02k_wend", "--dataset=bundled"),
    )
    def test_what_no_metric_heeds_is_refused(self, metrics, given):
        told = self.refused("evaluate", _QUICKSTART, metrics, given)
        self.assertIn(given.split("=")[0], told)
        self.assertIn(metrics.split("=")[1], told)

    def test_alpha_that_is_kept_is_not_covered(self):
        told = self.refused(
            "prepare_dataset",
            "--source=bundled",
            f"--output={self.folder}/x",
            "--channels=4",
            "--alpha=white",
        )
        self.assertIn("--alpha is for images without alpha", told)

    @parameterized.parameters(
        ("--noise=none", "it has no noise"),
        ("--noise=random", "it has no noise"),
        ("--truncation_psi=0.7", "has no mean w"),
    )
    @pytest.mark.slow
    def test_progan_has_neither_noise_nor_mean(self, given, message):
        network = f"--network={support.GOLDEN}/k6b_tf_pgan_32.nosrc.pkl"
        output = f"--output={self.folder}/x"
        for extra in ((), ("--dry_run",)):
            told = self.refused("generate", network, output, given, *extra)
            self.assertIn(message, told)

    @pytest.mark.slow
    def test_a_dry_run_asks_for_a_class_too(self):
        config = support.small_config(label_size=3)
        network = checkpoint.save(
            self.folder / "run",
            {"ema_generator": build.generator(config)},
            config=config,
            images_seen=0,
        )
        needed = (f"--network={network}", f"--output={self.folder}/x")
        told = self.refused("generate", *needed, "--dry_run")
        self.assertIn(
            "--class is needed: this network has 3 classes, 0 to 2", told
        )
        told = self.refused("generate", *needed, "--dry_run", "--class=3")
        self.assertIn("--class must be 0 to 2: this network has 3", told)
        self.assertIn("Received: 3", told)


if __name__ == "__main__":
    tf.test.main()
