"""tools.evaluate as a user calls it."""

import json
import os
import pathlib
import tempfile
from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import run_directory
from tests.helpers import evaluations, running, support

_FIXTURE = f"--network={running.ROOT}/tests/fixtures/quickstart"
_PROGAN = f"--network={support.GOLDEN}/k6b_tf_pgan_32.nosrc.pkl"


class EvaluateTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(folder)

    def _run(self, *arguments):
        cache = {"STYLEGAN_TF_CACHE": str(self.folder)}
        with mock.patch.dict(os.environ, cache):
            return running.run("evaluate", *arguments)

    @parameterized.parameters(
        ("", "--network is needed"),
        (f"{_FIXTURE} --metrics=fid5k_ful", "Did you mean `fid50k_full`?"),
        ("--network=nowhere --metrics=is5k", "nowhere: no such file"),
        (f"{_FIXTURE} --features=nowhere", "no feature networks at nowhere"),
        (
            f"{_FIXTURE} --features=README.md --dataset=bundled --dry_run",
            "README.md is no feature network of a kind that is read. Expected",
        ),
        (f"{_FIXTURE} --dataset=nowhere", "no data set at nowhere"),
        (f"{_FIXTURE} --by_class", "--by_class is for networks with classes"),
        (
            f"{_FIXTURE} --mirror --metrics=fid5k_full,ls",
            "--mirror changes none of these metrics: fid5k_full, ls",
        ),
        (
            f"{_FIXTURE} --dataset=bundled --metrics=cs5k",
            "cs asks a classifier of the data set's classes: name its folder",
        ),
        (
            f"{_FIXTURE} --dataset=bundled --metrics=cs5k --classifiers=none",
            "Train one: tools.train_classifier --classes --dataset=DIR",
        ),
        (
            f"{_FIXTURE} --metrics=cs5k --features=offline",
            "--features changes none of these metrics: cs5k",
        ),
        (
            f"{_FIXTURE} --norepeat_reals --metrics=kid5k",
            "--repeat_reals changes none of these metrics: kid5k",
        ),
        (
            f"{_FIXTURE} --metrics=is5k --truncation_cutoff=4",
            "--truncation_cutoff changes nothing without --truncation_psi",
        ),
        (
            f"{_FIXTURE} --metrics=is5k --truncation_psi=.7 "
            "--truncation_cutoff=8",
            "--truncation_cutoff must be less than 8, the layers of this",
        ),
        (
            f"{_PROGAN} --metrics=is5k --truncation_psi=0.7",
            "--truncation_psi is not for this network: it has no mean w",
        ),
    )
    @pytest.mark.slow
    def test_mistakes_are_one_line(self, arguments, message):
        done = self._run(*arguments.split())
        self.assertEqual(done.code, 1, done.errors)
        self.assertIn(message, done.errors)
        self.assertNotIn("Traceback", done.errors)

    @pytest.mark.slow
    def test_what_is_not_read_of_the_data_is_said(self):
        data = evaluations.faces(self.folder / "faces", side=32)
        pathlib.Path(data, "again").symlink_to(".")
        done = self._run(
            _FIXTURE,
            f"--dataset={data}",
            "--metrics=fid0.2k_full",
            "--features=offline",
            "--dry_run",
        )
        self.assertEqual(done.code, 0, done.errors)
        self.assertIn("1 inputs of faces are not read", done.errors)

    @pytest.mark.slow
    def test_it_measures_prints_a_table_and_adds_rows(self):
        output = self.folder / "rows.jsonl"
        arguments = [
            _FIXTURE,
            "--metrics=fid0.2k_full,ppl0.02k_wend,pr0.1k3",
            "--features=offline",
            f"--output={output}",
        ]
        dry = self._run(*arguments, "--dry_run")
        self.assertEqual(dry.code, 0, dry.errors)
        self.assertFalse(output.exists())
        self.assertIn("pr0.1k3_precision, pr0.1k3_recall", dry.output)
        for count in (3, 6):
            done = self._run(*arguments)
            self.assertEqual(done.code, 0, done.errors)
            self.assertIn("fid0.2k_full_offline", done.output)
            self.assertIn("not comparable with published", done.output)
            rows = [json.loads(line) for line in output.open()]
            self.assertLen(rows, count)
        for before, after in zip(rows[:3], rows[3:], strict=True):
            names = [name for name in before if name.startswith("metrics/")]
            self.assertNotEmpty(names)
            for name in names:
                self.assertEqual(before[name], after[name])
            self.assertEqual(before["protocol"], after["protocol"])

    @pytest.mark.slow
    def test_numbers_of_truncated_images_have_names_of_their_own(self):
        output = self.folder / "rows.jsonl"
        arguments = [
            _FIXTURE,
            "--metrics=pr0.1k3",
            "--features=offline",
            f"--output={output}",
        ]
        truncated = ["--truncation_psi=0.5", "--truncation_cutoff=4"]
        dry = self._run(*arguments, *truncated, "--dry_run")
        name = "pr0.1k3_precision_psi0.5_cutoff4"
        self.assertStartsWith(dry.output, name)
        for more in ([], truncated):
            done = self._run(*arguments, *more)
            self.assertEqual(done.code, 0, done.errors)
        self.assertIn(f"{name}_offline", done.output)
        plain, other = run_directory.read(output)
        self.assertEmpty(
            {*run_directory.numbers(plain)} & {*run_directory.numbers(other)}
        )
        self.assertEqual(other["protocol"]["truncation_psi"], 0.5)
        # What training and ablate take for measured.
        output.rename(self.folder / run_directory.METRICS)
        self.assertEqual(
            run_directory.measured(self.folder, plain["images_seen"]),
            {"pr0.1k3", "pr0.1k3_psi0.5_cutoff4"},
        )

    @pytest.mark.slow
    def test_mirrored_and_repeated_reals_are_recorded(self):
        data = evaluations.faces(self.folder / "faces", side=32)
        output = self.folder / "rows.jsonl"
        for arguments, expected in (
            ([], (False, 40, 0)),
            (["--mirror"], (True, 40, 0)),
            (["--mirror", "--repeat_reals"], (True, 60, 20)),
        ):
            done = self._run(
                _FIXTURE,
                "--metrics=fid0.06k",
                f"--dataset={data}",
                f"--output={output}",
                *arguments,
            )
            self.assertEqual(done.code, 0, done.errors)
            row = json.loads(output.read_text().splitlines()[-1])
            told = row["protocol"]
            found = told["is_mirrored"], told["real"], told["real_repeats"]
            self.assertEqual(found, expected)
        dry = self._run(
            _FIXTURE,
            "--metrics=fid0.06k,fid0.1k_full_mix3",
            f"--dataset={data}",
            "--mirror",
            "--repeat_reals",
            "--dry_run",
        )
        self.assertIn("60 real images of 40, shown again, half m", dry.output)
        self.assertIn("100 generated of 3 latents each, 40 real", dry.output)

    @pytest.mark.slow
    def test_images_of_another_size_are_refused_at_once(self):
        data = evaluations.faces(self.folder / "faces", side=16)
        done = self._run(_FIXTURE, "--metrics=fid0.06k", f"--dataset={data}")
        self.assertEqual(done.code, 1)
        self.assertRegex(
            done.errors, "is 16x16x3; expected 32x32x3 .*--resolution=32"
        )
        self.assertLen(done.errors.strip().splitlines(), 1)

    @pytest.mark.slow
    def test_a_dead_link_is_one_line_for_all_metrics(self):
        data = pathlib.Path(evaluations.faces(self.folder / "faces", side=32))
        (data / "zzz.png").symlink_to("nowhere")
        done = self._run(
            _FIXTURE,
            "--metrics=fid0.06k,kid0.06k,swd0.06k",
            f"--dataset={data}",
            f"--output={self.folder / 'rows.jsonl'}",
        )
        self.assertEqual(done.code, 1)
        lines = [x for x in done.errors.splitlines() if "zzz.png" in x]
        self.assertLen(lines, 1)
        self.assertStartsWith(lines[0], "fid0.06k, kid0.06k, swd0.06k: ")
        self.assertNotIn("Traceback", done.errors)
        self.assertEqual(done.output, "")
        self.assertFalse((self.folder / "rows.jsonl").exists())

    @pytest.mark.slow
    def test_a_metric_that_fails_is_named_and_the_code_is_1(self):
        output = self.folder / "rows.jsonl"
        broken = self.folder / "broken.keras"
        broken.write_bytes(b"no network")
        done = self._run(
            _FIXTURE,
            "--metrics=fid0.1k_full,msssim0.02k",
            f"--features={broken}",
            f"--output={output}",
        )
        self.assertEqual(done.code, 1, done.errors)
        self.assertIn("fid0.1k_full: ", done.errors)
        self.assertIn("broken.keras", done.errors)
        self.assertIn("msssim0.02k", done.output)
        self.assertLen(output.read_text().splitlines(), 1)


if __name__ == "__main__":
    tf.test.main()
