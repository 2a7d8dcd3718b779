"""The command line: one line for a mistake, nothing left when stopped."""

import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.data import sources, writers
from tests.helpers import data_sets, running


class ToolTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.root = pathlib.Path(self.create_tempdir().full_path)

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "tools.prepare_dataset", *arguments],
            cwd=running.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test_a_mistake_is_one_line_and_exit_code_1(self):
        for source, message in (
            ("/absent", "prepare_dataset: There is no data set at /absent"),
            ("tfds:mnist", "prepare_dataset: tfds:NAME needs the package"),
        ):
            with mock.patch.dict(sys.modules, {"tensorflow_datasets": None}):
                answer = running.run(
                    "prepare_dataset",
                    f"--source={source}",
                    f"--output={self.root}/out",
                )
            self.assertEqual(answer.code, 1)
            self.assertStartsWith(answer.errors, message)
            self.assertLen(answer.errors.splitlines(), 1)

    def test_outputs_among_the_images_are_refused_and_named(self):
        source = data_sets.folder(self.root / "my photos", data_sets.files(2))
        (self.root / "link").symlink_to(source)
        zipped = data_sets.zipped(self.root / "faces.zip", data_sets.files(2))
        for given, output, where in (
            (source, source / "out", "lies inside"),
            (source, source / "a/../b/out.zip", "lies inside"),
            (source, self.root / "link/out", "lies inside"),
            (self.root / "link", source / "out", "lies inside"),
            (source, source, "is the same as"),
            (source / ".", self.root / "link", "is the same as"),
            (source, self.root, "lies around"),
            (zipped, self.root, "lies around"),
            (zipped, zipped, "is the same as"),
        ):
            answer = running.run(
                "prepare_dataset", f"--source={given}", f"--output={output}"
            )
            self.assertEqual(answer.code, 1)
            self.assertLen(answer.errors.splitlines(), 1)
            words = shlex.split(answer.errors)
            self.assertIn(f"--output={output}", words)
            self.assertIn(f"--source={given}:", words)
            self.assertIn(f" {where} ", answer.errors)
            instead = words[-1].removeprefix("--output=")
            writers.check_apart(str(given), instead)
        self.assertLen(list(source.rglob("*")), 3)

    def test_outputs_beside_the_source_are_free(self):
        source = data_sets.folder(self.root / "photos", data_sets.files(2))
        for given, output in (
            (source, self.root / "photos-2"),
            (source / "00000/img00000000.png", self.root / "out"),
            ("bundled", "bundled/out"),
            ("tfds:mnist", "tfds:mnist"),
        ):
            writers.check_apart(str(given), str(output))

    def test_the_report_tells_how_to_train(self):
        printed = running.run(
            "prepare_dataset",
            "--source=bundled",
            f"--output={self.root}/my faces.zip",
            "--max_images=20",
            "--resolution=16",
        ).output
        self.assertIn("kept:       20 images, 16x16x3", printed)
        self.assertIn("labels:     4 classes: plain", printed)
        self.assertIn(f"--config.data.path='{self.root}/my faces.zip'", printed)
        source = sources.open_source(self.root / "my faces.zip")
        self.assertEqual(source.metadata["resolution"], 16)

    @pytest.mark.slow
    def test_classes_are_split(self):
        files = data_sets.files(8)
        labels = {name: i % 2 for i, name in enumerate(files)}
        files |= data_sets.metadata(labels, class_names=["bag", "coat"])
        source = data_sets.folder(self.root / "in", files)
        output = self.root / "out"
        arguments = [f"--source={source}", f"--output={output}"]
        arguments += ["--split_features=pixels", "--processes=2"]
        for more, message in (
            ([], "--split_features is for --split_classes"),
            (["--split_classes=5"], "The first, bag, has 4"),
        ):
            answer = running.run("prepare_dataset", *arguments, *more)
            self.assertEqual(answer.code, 1)
            self.assertIn(message, answer.errors)
        answer = running.run("prepare_dataset", *arguments, "--split_classes=2")
        self.assertEqual(answer.code, 0, answer.errors)
        self.assertIn("4 classes: bag/0, bag/1, coat/0, coat/1", answer.output)
        self.assertIn("2 classes in 2 parts each", answer.output)
        made = sources.open_source(output)
        self.assertAllEqual(made.labels.argmax(1) // 2, [0, 1] * 4)

    @pytest.mark.slow
    def test_a_terminated_run_leaves_nothing(self):
        noise = np.random.RandomState(0).randint(0, 256, [1500, 1500, 3])
        first = self.root / "in" / "0.png"
        data_sets.folder(
            self.root / "in",
            {
                "0.png": data_sets.encode(
                    noise.astype(np.uint8), compress_level=0
                )
            },
        )
        for i in range(1, 999):
            os.link(first, self.root / "in" / f"{i}.png")
        process = self.start(
            f"--source={self.root / 'in'}",
            f"--output={self.root / 'out'}",
            "--processes=2",
        )
        for _ in range(600):
            if any(self.root.glob(".unfinished-*-out/*")):
                break
            time.sleep(0.05)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn("stopped; nothing was written", errors)
        self.assertNotIn("Traceback", errors)
        self.assertEqual(os.listdir(self.root), ["in"])
